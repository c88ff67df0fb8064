"""The columns of the table of items. Cells are drawn in cells.py, sheets of rows in sheet.py, the rows' values are read in rows.py.

table.add(Column("demand", _("Asked by"), css="lo num", provide=asked_by))     # from an app to the right
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.beside import Beside
from accounts.models import Member
from accounts.together import Together
from listing.pages import Sort
from products.models import Product
from roadmap.backlog.cells import (
    Draw,
    audiences_cell,
    choice_cell,
    day_cell,
    factor_cell,
    number_cell,
    own_cell,
    score_cell,
    status_cell,
    title_cell,
    type_cell,
    words_cell,
)
from roadmap.backlog.looks import Look
from roadmap.backlog.orders import OrderedBy, in_order_of
from roadmap.backlog.own_fields import OWN_KEY
from roadmap.backlog.rows import FACTORS, OWN, OwnSort
from roadmap.models import CustomField, FieldKind, Horizon, scoring_of
from roadmap.models.custom_values import people_in
from roadmap.models.dates import Certainty
from roadmap.scores.factor_fields import editor
from roadmap.scores.factors import Factor
from roadmap.scores.formulas import How, each_factor
from ui import pieces

if TYPE_CHECKING:
    from roadmap.backlog.sheet import Sheet


@dataclass(frozen=True)
class Column:
    """`own`, `factor`: the workspace's own field, or the factor, that it shows. `sort`: the path to order by. `draw`: the cell, from `<td` on. `provide`: what another app knows of rows, as text by id; `beside`, `worded`: the same where it is read with the rows; `order`: what it puts them in order by; `sums`: the same
    of groups of rows, as text by what the column `path` of `rows` has."""

    name: str
    label: Any
    title: Any = ""
    css: str = ""
    sort: str = ""
    nullable: bool = False
    editable: bool = False
    draw: Draw | None = None
    provide: Callable[[list[int], Member, Together], Callable[[], Mapping[int, str]]] | None = None
    beside: Beside | None = None
    worded: Callable[[Mapping[int, Any], Member], Mapping[int, str]] | None = None
    order: Callable[[Product], Any] | None = None
    sums: Callable[[Any, str, Member], Mapping[Any, str]] | None = None
    width: int = 116
    own: CustomField | None = None
    factor: Factor | None = None

    def cell(self, row: Any, sheet: Sheet) -> str:
        if self.draw is not None:
            return self.draw(row, sheet)
        return f'<td class="{self.css}">{escape(sheet.facts[self.name].get(row.pk, ""))}</td>'


def facts_of(
    columns: Iterable[Column],
    ids: list[int],
    member: Member,
    together: Together | None = None,
    besides: Mapping[str, Mapping[int, Any]] | None = None,
) -> dict[str, Mapping[int, str]]:
    """What other apps know of these rows, by column: what was read with them, the rest asked at once, and with what `together` is to
    answer anyway."""
    together, besides = together or Together(), besides or {}
    later = {}
    for one in columns:
        if one.worded is not None and one.name in besides:
            later[one.name] = partial(one.worded, besides[one.name], member)
        elif one.provide is not None:
            later[one.name] = one.provide(ids, member, together)
    return {name: answer() for name, answer in later.items()}


def more_of(columns: Iterable[Column]) -> tuple[str, ...]:
    """What these columns show of rows that not every table does (see roadmap/backlog/rows.py)."""
    columns = list(columns)
    own, factors = (any(getattr(one, kind) is not None for one in columns) for kind in ("own", "factor"))
    return (*(OWN if own else ()), *(FACTORS if factors else ()))


# ---- Columns --------------------------------------------------------------------------------------------------

_L = gettext_lazy
_columns: list[Column] = [
    Column("title", _L("Item"), sort="title", editable=True, draw=title_cell, width=280),
    Column("status", _L("Status"), sort="status__position", editable=True, draw=status_cell),
    Column("type", _L("Type"), css="lo", sort="its_type__position", editable=True, draw=type_cell),
    Column(
        "lead", _L("Lead"), css="lo", sort="lead__user__name", nullable=True, editable=True,
        draw=words_cell("lead", _L("Lead"), "lead__user__name", "lead__public_id"),
    ),
    Column(
        "objective", _L("Goal"), css="lo", sort="objective__name", nullable=True, editable=True,
        draw=words_cell("objective", _L("Goal"), "objective__name", "objective__public_id"),
    ),
    Column(
        "release", _L("Release"), css="lo", sort="release__ends_on", nullable=True, editable=True, width=136,
        draw=words_cell("release", _L("Release"), "release__name", "release__public_id"),
    ),
    Column(
        "component", _L("Component"), css="lo", sort="component__name", nullable=True, editable=True,
        draw=words_cell("component", _L("Component"), "component__name", "component__public_id"),
    ),
    Column(
        "horizon", _L("Horizon"), css="lo", sort="horizon", editable=True,
        draw=choice_cell("horizon", _L("Horizon"), dict(Horizon.choices[1:])),
    ),
    Column("is_internal", _L("Audiences"), css="lo", sort="is_internal", editable=True, draw=audiences_cell),
    Column(
        "start", _L("Start"), css="lo", sort="starts_on", nullable=True, editable=True, width=92,
        draw=day_cell("starts_on", _L("Start")),
    ),
    Column(
        "end", _L("End"), css="lo", sort="ends_on", nullable=True, editable=True, width=92,
        draw=day_cell("ends_on", _L("End")),
    ),
    Column(
        "certainty", _L("Certainty of dates"), css="lo", sort="certainty", editable=True,
        draw=choice_cell("certainty", _L("Certainty of dates"), dict(Certainty.choices)),
    ),
    Column(
        "reach", _L("Reach"), _L("Reach: accounts (or users) in a quarter"), css="num", sort="reach", nullable=True, width=62,
        editable=True, draw=number_cell("reach", _L("Reach")),
    ),
    Column(
        "impact", _L("Impact"), _L("Impact: 0.25 to 3"), css="num", sort="impact", nullable=True, width=62,
        editable=True, draw=number_cell("impact", _L("Impact")),
    ),
    Column(
        "confidence", _L("Conf."), _L("Confidence in per cent"), css="num", sort="confidence", nullable=True, width=62,
        editable=True, draw=number_cell("confidence", _L("Confidence"), "%"),
    ),
    Column(
        "effort", _L("Effort"), _L("Effort in person-weeks"), css="num", sort="effort", nullable=True, width=62,
        editable=True, draw=number_cell("effort", _L("Effort")),
    ),
    Column(
        "score", _L("RICE"), _L("Reach × impact × confidence ÷ effort"), css="num", sort="score", nullable=True, width=92,
        draw=score_cell(0),
    ),
    Column("second_score", _L("Second score"), css="num", sort="second_score", nullable=True, draw=score_cell(1)),
]  # fmt: skip
ROOM_FOR_FACTORS = 4 * 62  #: more pixels than these leave goal and release no room
SHOWN_FIRST = ("title", "status", "objective", "release", "score", "second_score", "demand")


def add(column: Column) -> None:
    _columns.append(column)


def columns() -> dict[str, Column]:
    """All columns by name, in the order of the menu that chooses among them."""
    return {column.name: column for column in _columns}


def columns_of(look: Look, product: Product, own: Mapping[str, CustomField]) -> list[Column]:
    """The columns of a look; those that there are not (any more) are left out. Asks for people where a column shows some."""
    if not look.columns:
        return shown_first(product)
    known = columns_at(product)
    people = people_in([own[name] for name in look.columns if name in own], product.workspace_id)
    found = ((own_column(own[name], people) if name in own else known.get(name)) for name in look.columns)
    return [column for column in found if column is not None]


def shown_first(product: Product) -> list[Column]:
    """What the table of a product begins with: the factors and scores of its own scorecards."""
    known, scoring = columns_at(product), scoring_of(product)
    factors = [factor.field for factor in each_factor(scoring.formulas)]
    at = SHOWN_FIRST.index("score")
    # A class is its only factor already; and where there are many factors the title needs the room of goal and release.
    scores = zip(("score", "second_score"), scoring.formulas, strict=False)
    left_out = {name for name, formula in scores if formula.how == How.CLASS}
    left_out |= {"objective", "release"} if sum(known[name].width for name in factors) > ROOM_FOR_FACTORS else set()
    names = (*SHOWN_FIRST[:at], *factors, *SHOWN_FIRST[at:])
    return [known[name] for name in names if name in known and name not in left_out]


def columns_at(product: Product) -> dict[str, Column]:
    """All columns of a product: those of every item, its scores by their names, and its factors that are no columns of items."""
    known, formulas = columns(), scoring_of(product).formulas
    for name, formula in zip_longest(("score", "second_score"), formulas[:2]):
        if formula is None:
            known.pop(name, None)
        else:
            known[name] = replace(known[name], label=formula.name, title=formula.words)
    return known | {one.field: factor_column(one) for one in each_factor(formulas) if not one.is_column}


def factor_column(factor: Factor) -> Column:
    return Column(
        factor.field,
        factor.name,
        title=f"{factor.name}: {factor.unit}" if factor.unit else factor.name,
        css="num",
        editable=not factor.live,
        draw=factor_cell(factor),
        sort=factor.field,
        order=lambda product: in_order_of(factor),
        width=84,
        factor=factor,
    )


def factor_editors(product: Product) -> SafeString:
    """An editor for each factor that is no column."""
    factors = each_factor(scoring_of(product).formulas)
    return pieces.joined(editor(one) for one in factors if not one.is_column and not one.live)


def own_column(own: CustomField, people: Mapping[str, str]) -> Column:
    css = "num" if own.kind == FieldKind.NUMBER else ""
    return Column(
        own.key, own.name, css=css, sort=own.key, nullable=True, editable=True, draw=own_cell(own, people), own=own
    )


def own_named(workspace: int, names: Iterable[str]) -> dict[str, CustomField]:
    """The workspace's own fields among these names; asks only where there can be one."""
    keys = [name for name in names if OWN_KEY.fullmatch(name)]
    rows = CustomField.objects.filter(workspace=workspace, key__in=keys) if keys else []
    return {row.key: row for row in rows}


def sorts_of(text: str, own: Mapping[str, CustomField], product: Product) -> list[Sort]:
    """The order that `-score` or `status` stands for, rank last; rank alone for anything else.

    One of the workspace's own fields goes by its key.
    """
    name = text.removeprefix("-")
    if name in own:
        return [OwnSort(name, text.startswith("-"), True, own[name]), Sort("rank")]
    column = columns_at(product).get(name)
    if column is None or not column.sort:
        return [Sort("rank")]
    if column.order is not None:
        return [OrderedBy(column.sort, text.startswith("-"), True, column.order(product)), Sort("rank")]
    return [Sort(column.sort, text.startswith("-"), column.nullable), Sort("rank")]
