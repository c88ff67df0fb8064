"""The goals of a product with their key results and initiatives: how they are read, and the rows of their table.

Drawn in Python: with a template for each row, the strategy page cost 14 times the floor's work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.together import Together
from listing.together import exact, listed
from products.cells import Cells
from products.models import Initiative, KeyResult, Objective, Product
from products.models.strategy import mean_progress
from ui import formats, pieces

#: As a person's name is written (accounts.User).
LEAD = Coalesce(NullIf(F("lead__user__name"), Value("")), F("lead__user__email"), output_field=CharField())
#: The columns of a key result that goals show, in the order of the model's fields (as from_db takes them).
RESULT = ("change_id", "public_id", "name", "unit", "start", "now", "target", "reads", "reading")
DECIMALS = slice(4, 7)


def results_column() -> Func:
    """The key results of an objective as a column, for `held_results`."""
    columns: list[Any] = list(RESULT)
    columns[DECIMALS] = map(exact, RESULT[DECIMALS])
    return listed(KeyResult.objects.filter(objective=OuterRef("pk")).order_by("pk"), *columns)


def held_results(rows: Iterable[list[Any]]) -> list[KeyResult]:
    results = []
    for row in rows:
        row[DECIMALS] = map(Decimal, row[DECIMALS])
        results.append(KeyResult.from_db(None, RESULT, row))
    return results


OBJECTIVES = Prepared(
    lambda member, product: (
        Objective.objects.visible_to(member)
        .filter(Q(product=product) | Q(product=None))
        .annotate(lead_name=LEAD, results_read=results_column())
        .order_by("pk")
    )
)
INITIATIVES = Prepared(
    lambda member, product: Initiative.objects.visible_to(member).of(product).annotate(lead_name=LEAD).order_by("pk")
)


def goals_later(
    member: Member, product: Product, together: Together
) -> Callable[[], tuple[list[Objective], list[Initiative]]]:
    """The objectives of the product and of the workspace with `results`, `reached` (percent) and `lead_name`, and the product's
    initiatives; asked together with the rest of the page."""
    objectives, initiatives = (together.ask(rows, member, product) for rows in (OBJECTIVES, INITIATIVES))

    def goals() -> tuple[list[Objective], list[Initiative]]:
        rows: list[Objective] = objectives()
        for row in rows:
            row.results = held_results(row.results_read)
            row.reached = mean_progress(row.results)
        return rows, initiatives()

    return goals


def measured(value: Any, unit: str) -> str:
    """A value and its unit: 14%, 23 min."""
    gap = "" if unit in ("", "%", "°") else "\N{NO-BREAK SPACE}"
    return f"{formats.number(value)}{gap}{unit}"


def lead(row: Any) -> str:
    return pieces.face(row.lead_name) if row.lead_name else ""


def served(row: Any) -> str:
    """How many items serve it, as a link to them."""
    linked = row.facts.get("linked")
    return f'<a href="{escape(linked["url"])}">{linked["count"]}</a>' if linked else "0"


class Tree:
    """Draws the rows of the table of goals. `cells` are those of the page."""

    def __init__(self, workspace: Workspace, product: Product, cells: Cells) -> None:
        self.cells = cells
        self.today: dt.date = workspace.today()
        place = workspace.slug, product.key
        self.objective_at = pieces.address("products:objective", *place)
        self.result_at = pieces.address("products:key_result", *place)
        self.initiative_at = pieces.address("products:initiative", *place)
        self.objective_add = pieces.address("products:key_result_add", *place)
        self.bet, self.shared, self.add = (
            pieces.pill(_("initiative")),
            pieces.pill(_("workspace")),
            escape(_("Key result")),
        )
        self.reach = escape(_("from %(start)s to %(target)s"))

    def rows(self, objectives: Iterable[Any], loose: Iterable[Any], shared: Iterable[Any]) -> SafeString:
        """Objectives of the product with results and bets, initiatives without an objective, objectives of the workspace."""
        drawn = [*(self.objective(one) for one in objectives)]
        drawn += [self.initiative(one, "tree__goal", pieces.icon("flag")) for one in loose]
        drawn += [self.objective(one, shared=True) for one in shared]
        return pieces.joined(drawn)

    def objective(self, one: Any, *, shared: bool = False) -> str:
        """An objective and what stands under it; those of the workspace are not edited from within a product."""
        name = f"<b>{escape(one.name)}</b>"
        title = (
            f"{name} {self.shared}"
            if shared
            else f'<a class="tree__name" href="{self.objective_at % one.public_id}">{name}</a>'
        )
        lines = [
            f'<tr class="tree__goal" id="{one.public_id}"><td>{pieces.icon("target")}{title}</td>'
            f'<td class="muted">{self._span(one)}</td><td>{_progress(one.reached, one.name)}</td>'
            f'<td>{pieces.health(one.health)}</td><td class="num">{served(one)}</td><td>{lead(one)}</td></tr>'
        ]
        lines += [self.result(result, shared=shared) for result in one.results]
        last = one.bets[-1] if one.bets else None
        for bet in one.bets:
            lines.append(self.initiative(bet, "tree__ini", '<i class="last"></i>' if bet is last else "<i></i>"))
        if self.cells.may_edit and not shared:
            lines.append(
                f'<tr class="tree__ini tree__add"><td colspan="6"><a class="btn btn--ghost btn--sm"'
                f' href="{self.objective_add % one.public_id}">{pieces.icon("plus", "icon--14")}{self.add}</a></td></tr>'
            )
        return "".join(lines)

    def result(self, one: Any, *, shared: bool) -> str:
        """A key result: its value is typed in its place, unless it is measured."""
        name = escape(one.name)
        title = name if shared else f'<a class="tree__name" href="{self.result_at % one.public_id}">{name}</a>'
        now = measured(one.now, one.unit)
        value = escape(now) if shared or one.reads or not self.cells.may_edit else self.cells.draw(one, "now", now)
        reach = self.reach % {"start": pieces.number(one.start), "target": escape(measured(one.target, one.unit))}
        source = ""
        if one.reads:
            words = escape(one.reading or one.get_reads_display())
            source = f'<span class="faint fs-12">{pieces.icon("chart-line", "icon--12")} {words}</span>'
        return (
            f'<tr class="tree__ini"><td><i></i>{title}</td><td class="muted"><span class="reading">{value}'
            f'<span class="nowrap">{reach}</span>{source}</span></td><td>{_progress(one.progress, one.name)}</td>'
            "<td></td><td></td><td></td></tr>"
        )

    def initiative(self, one: Any, css: str, mark: str) -> str:
        return (
            f'<tr class="{css}"><td>{mark}<a class="tree__name" href="{self.initiative_at % one.public_id}">'
            f'{escape(one.name)}</a> {self.bet}</td><td class="muted">{self._span(one)}</td><td></td>'
            f'<td>{pieces.health(one.health)}</td><td class="num">{served(one)}</td><td>{lead(one)}</td></tr>'
        )

    def _span(self, one: Any) -> str:
        return escape(formats.span(one.starts_on, one.ends_on, self.today))


def _progress(value: Any, name: str) -> str:
    bar = pieces.progress(value, "", "grow", name)
    return f'<span class="row">{bar}<span class="num fs-12">{pieces.percent(value)}</span></span>'
