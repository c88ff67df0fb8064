"""How each value of the table of items is drawn, from `<td` on. Every text from the database goes through `escape`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from roadmap.items.answers import AUDIENCES
from roadmap.models import CustomField, FieldKind, scoring_of
from roadmap.scores.factor_fields import editable
from roadmap.scores.factors import Factor
from roadmap.scores.formulas import How
from ui import formats, pieces

if TYPE_CHECKING:
    from roadmap.backlog.sheet import Sheet

INTERNAL = dict(AUDIENCES)["1"]
NOT_SET = formats.NOT_SET
TEXT_BUTTON = "cell-edit cell-edit--words"

Draw = Callable[[Any, "Sheet"], str]


def title_cell(row: Any, sheet: Sheet) -> str:
    n, title = row.number, escape(row.title)
    return (
        f'<td class="title" data-cell="title"><a class="t-title" data-open href="?open={n}"'
        f' hx-get="{sheet.item % n}" hx-push-url="?open={n}">'
        f'<span class="t-id">{sheet.key(row)}</span><span>{title}</span></a></td>'
    )


def status_cell(row: Any, sheet: Sheet) -> str:
    return sheet.editable("status", "", row.status__public_id, pieces.status(row.status__name, row.status__category))


def type_cell(row: Any, sheet: Sheet) -> str:
    found = sheet.types.get(row.type)
    shown = pieces.item_type(found.name, found.icon, found.tone) if found else ""
    return sheet.editable("type", "lo muted", row.type, shown, "", TEXT_BUTTON)


def number_cell(name: str, label: Any, unit: str = "") -> Draw:
    """A number that is edited in place, as many decimals as it has."""

    def draw(row: Any, sheet: Sheet) -> str:
        value = plain(getattr(row, name))
        said = f"{escape(sheet.said(name, label))} {value or sheet.words['unset']}"
        return sheet.editable(name, "num cell-num", value, f"{value}{unit}" if value else NOT_SET, said)

    return draw


def score_cell(place: int) -> Draw:
    """By the product's scorecard (0), or by the one beside it (1)."""

    def draw(row: Any, sheet: Sheet) -> str:
        score = row.second_score if place else row.score
        if score is None:
            return f'<td class="num"><span class="faint fs-12">{sheet.words["unscored"]}</span></td>'
        formula = scoring_of(sheet.product).formulas[place]
        if not place and row.pk in sheet.odd:
            return f'<td class="num">{odd_mark(row, sheet)}{pieces.score(score, sheet.highest)}</td>'
        if place or formula.how == How.CLASS:
            return f'<td class="num">{escape(formula.shown(score))}</td>'
        return f'<td class="num">{pieces.score(score, sheet.highest)}</td>'

    return draw


def odd_mark(row: Any, sheet: Sheet) -> str:
    """That and why the row stands above one that scores higher; it leads to the whole explanation."""
    sentence = escape(sheet.odd[row.pk])
    picture = pieces.icon("arrow-up-down", "icon--12")
    return f'<a class="odd" href="{sheet.item % row.number}score/" title="{sentence}" aria-label="{sentence}">{picture}</a>'


def factor_cell(factor: Factor) -> Draw:
    """A factor that is no column of the item."""
    label = escape(str(factor.name))

    def draw(row: Any, sheet: Sheet) -> str:
        raw = (row.measured if factor.live else row.factors).get(factor.key)
        shown = escape(factor.shown(raw)) if raw is not None else NOT_SET
        if factor.live:  # the head says of what it is a number
            value = factor.value(raw)
            return f'<td class="num">{NOT_SET if value is None else formats.number(value)}</td>'
        said = f"{label} {shown if raw is not None else sheet.words['unset']}"
        return sheet.editable(factor.field, "num cell-num", editable(raw), shown, said)

    return draw


def words_cell(name: str, label: Any, path: str, value: str) -> Draw:
    """Words of another row, which `value` names."""
    return lambda row, sheet: sheet.text(name, "lo muted", getattr(row, value) or "", getattr(row, path) or "", label)


def choice_cell(name: str, label: Any, labels: Mapping[str, Any]) -> Draw:
    def draw(row: Any, sheet: Sheet) -> str:
        value = getattr(row, name)
        return sheet.text(name, "lo muted", value, sheet.said(f"{name}={value}", labels.get(value, "")), label)

    return draw


def audiences_cell(row: Any, sheet: Sheet) -> str:
    """Whether audiences may see it; said only where they may not."""
    label = _("Audiences")
    return sheet.text(
        "is_internal",
        "lo muted",
        str(int(row.is_internal)),
        sheet.said("internal", INTERNAL) if row.is_internal else "",
        label,
    )


def day_cell(path: str, label: Any) -> Draw:
    def draw(row: Any, sheet: Sheet) -> str:
        day = getattr(row, path)
        shown = formats.day(day, sheet.today) if day else ""
        return sheet.text(path, "lo muted", day.isoformat() if day else "", shown, label)

    return draw


def own_cell(own: CustomField, people: Mapping[str, str]) -> Draw:
    """A value of one of the workspace's own fields, as words; numbers stand where numbers do."""

    def draw(row: Any, sheet: Sheet) -> str:
        value = row.custom.get(own.key)
        if own.kind == FieldKind.NUMBER:
            said = f"{escape(own.name)} {value if value is not None else sheet.words['unset']}"
            typed = "" if value is None else value
            return sheet.editable(
                own.key, "num cell-num", typed, NOT_SET if value is None else escape(f"{value:n}"), said
            )
        said = _own_day(value, sheet) if own.kind == FieldKind.DATE else own.shown(value, people)
        return sheet.text(own.key, "muted", own_value(value), said, own.name)

    return draw


def _own_day(value: str | None, sheet: Sheet) -> str:
    return formats.day(date.fromisoformat(value), sheet.today) if value else ""


def own_value(value: Any) -> str:
    """As an editor takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else "" if value is None else str(value)


def plain(value: Any) -> str:
    """A number as an editor takes it: `2.5`, `640`; "" for None."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
