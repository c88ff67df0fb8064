"""An item's score as it is drawn on its page and in its drawer: the factors with their signs, and what they make."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from roadmap.items import values
from roadmap.models import Item, Scoring, scoring_of
from roadmap.scores.explaining import parts
from roadmap.scores.factors import COLUMNS
from roadmap.scores.formulas import Formula, How
from ui import formats, pieces
from ui.words import gettext as _


def inputs_of(item: Any) -> dict[str, Any]:
    """What is known of an item (or of a row with these columns), by the keys of factors."""
    columns = {name: getattr(item, name) for name in COLUMNS}
    return {**item.factors, **item.measured, **{name: value for name, value in columns.items() if value is not None}}


def box(item: Item, today: date, address: str) -> SafeString:
    """One group for each scorecard of the product."""
    scoring = scoring_of(item.product)
    seen: set[str] = set()
    drawn = []
    for place, formula in enumerate(scoring.formulas):
        drawn.append(_group(item, formula, place, today, address, seen))
        seen |= {factor.key for factor in formula.factors}
    return pieces.joined(drawn)


def totals(item: Item, *, swapped: bool = False) -> SafeString:
    """The scores alone; `swapped` puts them into the page that is there."""
    scoring = scoring_of(item.product)
    numbers = [place for place, formula in enumerate(scoring.formulas) if formula.how != How.CLASS]
    return pieces.joined(_total(item, scoring, place, swapped) for place in numbers)


def _group(item: Item, formula: Formula, place: int, today: date, address: str, seen: set[str]) -> str:
    """`seen` are factors that have their editor above already."""
    cells = []
    for part in parts(formula, inputs_of(item)):
        fixed = part.factor.live or part.factor.key in seen
        shown = values.shown(item, part.factor.field, today, address="" if fixed else address)
        sign = f"<i>{part.sign}</i>" if part.sign else ""
        name = f"<span>{escape(str(part.factor.name))}</span>"
        cells.append(f'{sign}<div class="ricebox__f">{shown}{name}</div>')
    label = escape(_("%(name)s score") % {"name": formula.name})
    scoring = scoring_of(item.product)
    if formula.how == How.CLASS:  # its one factor is the score
        return f'<div class="ricebox ricebox--class" role="group" aria-label="{label}">{"".join(cells)}</div>'
    return (
        f'<div class="ricebox" role="group" aria-label="{label}">{"".join(cells)}'
        f"<i>=</i>{_total(item, scoring, place, False)}</div>"
    )


def _total(item: Item, scoring: Scoring, place: int, swapped: bool) -> str:
    formula, score = scoring.formulas[place], item.second_score if place else item.score
    name = escape(_("not scored")) if score is None else escape(str(formula.name))
    shown = "–" if score is None else escape(formula.shown(score))
    if score is not None:
        shown = escape(formats.number(score, 1) if score % 1 else formats.number(score, 0))
    oob = ' hx-swap-oob="true"' if swapped else ""
    return mark_safe(  # noqa: S308 - escaped above
        f'<div class="ricebox__f ricebox__sum" id="score{place or ""}-{item.number}"{oob}><b>{shown}</b><span>{name}</span></div>'
    )
