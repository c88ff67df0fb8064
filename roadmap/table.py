"""The table of items: what its columns are, and how a sheet of them is drawn. Cells are in cells.py, the rows' values in rows.py.

A page of 50 rows was 550 cells of a Django template, which took three quarters of the whole answer (43 of 58 ms of CPU). So rows are
tuples read in one statement, and cells are drawn in Python, the only place that knows their markup: the first page, the pages
that follow, and the one row that answers an edit are the same function. Every text from the database goes through `escape`.

    table.add(Column("demand", _("Asked by"), css="lo num", provide=asked_by))     # from an app to the right
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from html import escape
from itertools import zip_longest
from typing import Any, Protocol

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.together import Together
from listing.pages import Sort
from products.models import Product
from roadmap.cells import (
    TEXT_BUTTON,
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
from roadmap.disagreeing import disagreements
from roadmap.factor_fields import editor
from roadmap.filters import OWN_KEY
from roadmap.formulas import Factor, How, each_factor
from roadmap.kept_rows import kept
from roadmap.looks import Look
from roadmap.models import CustomField, FieldKind, Horizon, ItemType, scoring_of
from roadmap.models.custom_values import people_in
from roadmap.models.dates import Certainty
from roadmap.models.item_type import TYPES
from roadmap.orders import OrderedBy, in_order_of
from roadmap.rows import BELOW, FACTORS, NEEDED, ONE, OWN, PATHS, OwnSort
from ui import pieces


@dataclass(frozen=True)
class Column:
    """`own`, `factor`: the workspace's own field, or the factor, that it shows. `sort`: the path to order by. `draw`: the cell, from `<td` on. `provide`: what another app knows of rows, as text by id; `order`: what it puts them in order by; `sums`: the same
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
    columns: Iterable[Column], ids: list[int], member: Member, together: Together | None = None
) -> dict[str, Mapping[int, str]]:
    """What other apps know of these rows, by column: asked at once, and with what `together` is to answer anyway."""
    together = together or Together()
    later = {one.name: one.provide(ids, member, together) for one in columns if one.provide is not None}
    return {name: answer() for name, answer in later.items()}


def more_of(columns: Iterable[Column]) -> tuple[str, ...]:
    """What these columns show of rows that not every table does (see roadmap/rows.py)."""
    columns = list(columns)
    own, factors = (any(getattr(one, kind) is not None for one in columns) for kind in ("own", "factor"))
    return (*(OWN if own else ()), *(FACTORS if factors else ()))


class Heads(Protocol):
    """Draws what stands between rows: the heads of groups."""

    def before(self, row: Any) -> Iterable[str]: ...


@dataclass
class Sheet:
    """One drawing of the table, for one member at one product. `highest` is the score that fills its bar, `types` are the workspace's by key."""

    member: Member
    product: Product
    may_edit: bool
    columns: list[Column]
    highest: Decimal = Decimal(100)
    problem: Mapping[str, Any] = field(default_factory=dict)
    heads: Heads | None = None
    facts: dict[str, Mapping[int, str]] = field(default_factory=dict)
    by_rank: bool = False
    odd: Mapping[int, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    types: Mapping[str, ItemType] = field(default_factory=dict)

    def draw(self, rows: Iterable[Any]) -> SafeString:
        """The rows of the table, from `<tr` to `</tr>`."""
        rows = list(rows)
        self.facts = facts_of(self.columns, [row.pk for row in rows], self.member)
        self.odd = disagreements(rows, self.product) if self.by_rank else {}
        if self.heads is None:
            return pieces.joined(map(self._kept_row, rows))
        return pieces.joined(part for row in rows for part in (*self.heads.before(row), self._kept_row(row)))

    def draw_one(self, number: int, pk: int) -> SafeString:
        """The row of one item, read together with what other apps know of it."""
        together = Together()
        more = (*more_of(self.columns), *(NEEDED if self.by_rank else ()))
        later = together.ask(ONE, self.member, self.product, number, variant=more)
        below = together.ask(BELOW, self.member, self.product, number) if self.by_rank else None
        if self.shows_types:
            types = together.ask(TYPES, self.member.workspace_id)
            self.facts = facts_of(self.columns, [pk], self.member, together)
            self.types = {one.key: one for one in types()}
        else:
            self.facts = facts_of(self.columns, [pk], self.member, together)
        if below is not None:
            self.odd = disagreements([*later(), *below()], self.product)
        return pieces.joined(map(self._row, later()))

    @cached_property
    def today(self) -> date:
        return self.product.workspace.today()

    @cached_property
    def item(self) -> str:
        """The pattern of the addresses of this product's items."""
        return pieces.address("roadmap:item", self.member.workspace.slug, self.product.key)

    @property
    def items(self) -> str:
        """What the addresses of this product's items begin with."""
        return self.item.removesuffix("%s/")

    @cached_property
    def words(self) -> dict[str, str]:
        """What cells say, looked up once."""
        texts = {
            "move": _("Move %(key)s"),
            "select": _("Select %(key)s"),
            "place": _("Move %(key)s to another place"),
            "unset": _("not set"),
            "unscored": _("not scored"),
        }
        return {name: escape(text) for name, text in texts.items()}

    def said(self, name: str, text: Any) -> str:
        """A text in the person's language, which rows repeat, looked up once."""
        if name not in self.texts:
            self.texts[name] = str(text)
        return self.texts[name]

    @property
    def shows_types(self) -> bool:
        return any(column.name == "type" for column in self.columns)

    @cached_property
    def made_of(self) -> tuple[Any, ...] | None:
        """What decides about each row's markup beside its values; None where that is too much to tell."""
        if self.problem or any(column.own is not None for column in self.columns):
            return None
        names = tuple(column.name for column in self.columns)
        scoring = scoring_of(self.product).told
        types = tuple((one.key, one.name, one.icon, one.tone) for one in self.types.values() if self.shows_types)
        return (
            get_language(),
            self.item,
            self.product.key,
            self.may_edit,
            self.highest,
            self.today,
            names,
            scoring,
            types,
        )

    def key(self, row: Any) -> str:
        return f"{self.product.key}-{row.number}"

    def _kept_row(self, row: Any) -> str:
        if self.made_of is None:
            return self._row(row)
        values = row if len(row) == len(PATHS) else (*row[: len(PATHS)], *map(repr, row[len(PATHS) :]))
        facts = tuple([texts.get(row.pk) for texts in self.facts.values()])
        return kept((self.made_of, values, facts, self.odd.get(row.pk)), self._row, row)

    def _row(self, row: Any) -> str:
        return (
            f'<tr id="item-{row.number}" data-row data-id="{row.number}" data-name="{escape(row.title)}"'
            f' data-seen="{row.change_id}"{self._problem()}>{self._handle(row)}'
            f"{self._place(row)}{''.join([column.cell(row, self) for column in self.columns])}</tr>"
        )

    def _handle(self, row: Any) -> str:
        if not self.may_edit:
            return '<td class="col-grab"></td>'
        key = self.key(row)
        move, select = self.words["move"] % {"key": key}, self.words["select"] % {"key": key}
        return (
            f'<td class="col-grab"><button class="grab" data-grab aria-label="{move}">{pieces.icon("grip-vertical", "icon--14")}</button></td>'
            '<td class="col-check"><label class="check check--only"><input type="checkbox" data-tick form="bulk"'
            f' name="numbers" value="{row.number}" aria-label="{select}"></label></td>'
        )

    def _place(self, row: Any) -> str:
        """The row's place, which the stylesheet counts; a press offers others."""
        if not self.may_edit:
            return '<td class="num faint place"></td>'
        label = self.words["place"] % {"key": self.key(row)}
        return (
            '<td class="num faint place"><button class="place__button" data-place popovertarget="places"'
            f' aria-label="{label}"></button></td>'
        )

    def _problem(self) -> str:
        if not self.problem:
            return ""
        name, typed, sentence = (escape(str(self.problem[part])) for part in ("field", "typed", "sentence"))
        return f' data-problem="{name}" data-typed="{typed}" data-sentence="{sentence}"'

    def editable(self, name: str, css: str, value: Any, shown: str, label: str = "", button: str = "cell-edit") -> str:
        """A cell that becomes an editor; `value` is what the editor begins with, `shown` is HTML."""
        if not self.may_edit:
            return f'<td class="{css}">{shown}</td>'
        said = f' aria-label="{label}"' if label else ""
        return (
            f'<td class="{css}" data-cell="{name}" data-value="{escape(str(value))}">'
            f'<button class="{button}"{said}>{shown}</button></td>'
        )

    def text(self, name: str, css: str, value: Any, text: str, label: Any) -> str:
        """A cell of words that becomes an editor. Where it is empty, its button says what it is."""
        shown = escape(text)
        return self.editable(
            name,
            css,
            value,
            shown,
            "" if text else f"{escape(self.said(name, label))} {self.words['unset']}",
            TEXT_BUTTON,
        )


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
FEW_FACTORS = 4
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
    left_out |= {"objective", "release"} if len(factors) > FEW_FACTORS else set()
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


def sheet_of_row(
    member: Member, product: Product, named: str, problem: Mapping[str, Any] | None = None, *, by_rank: bool = False
) -> Sheet:
    """The sheet on which one row is drawn that answers an edit; `named` are the columns that its table has, `by_rank` whether
    that is in the order of rank."""
    look = Look.named(named)
    shown = columns_of(look, product, own_named(member.workspace_id, look.columns))
    return Sheet(member, product, True, shown, problem=problem or {}, by_rank=by_rank)
