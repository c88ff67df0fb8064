"""The table of items: what its columns are, which of a row's values they need, and how each is drawn.

A page of 50 rows was 550 cells of a Django template, which took three quarters of the whole answer (43 of 58 ms of CPU). So rows are
tuples read in one statement, and cells are drawn here, the only place that knows their markup: the first page, the pages
that follow, and the one row that answers an edit are the same function. Every text from the database goes through `escape`.

    table.add(Column("demand", _("Asked by"), css="lo num", provide=asked_by))     # from an app to the right
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from html import escape
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from listing.pages import Page, PreparedPages, Sort, page_of
from products.models import Product
from roadmap.disagreeing import disagreements
from roadmap.factor_fields import editable, editor
from roadmap.filters import OWN_KEY, own_sort
from roadmap.formulas import COLUMNS, Factor, How, each_factor
from roadmap.models import CustomField, Horizon, Item, ItemType, Status, scoring_of
from ui import formats, pieces

#: A row's values by the path that leads to them, so that any of them can be sorted by.
PATHS = (
    "pk", "number", "change_id", "rank", "title", "type", "status__public_id", "status__name", "status__category",
    "status__position", "lead__user__name", "objective__name", "release__name", "release__ends_on", "horizon", "starts_on",
    "ends_on", "reach", "impact", "confidence", "effort", "score",
    "second_score", "factors", "measured",
)  # fmt: skip
NOT_SET = formats.NOT_SET

Draw = Callable[[Any, "Sheet"], str]


@dataclass(frozen=True)
class Column:
    """`sort`: the path to order by. `draw`: the cell, from `<td` on. `provide`: what another app knows of rows, as text by id."""

    name: str
    label: Any
    title: Any = ""
    css: str = ""
    sort: str = ""
    nullable: bool = False
    editable: bool = False
    draw: Draw | None = None
    provide: Callable[[list[int], Member], Mapping[int, str]] | None = None

    def cell(self, row: Any, sheet: Sheet) -> str:
        if self.draw is not None:
            return self.draw(row, sheet)
        return f'<td class="{self.css}">{escape(sheet.facts[self.name].get(row.pk, ""))}</td>'


@dataclass
class Sheet:
    """One drawing of the table, for one member at one product. `highest` is the score that fills its bar."""

    member: Member
    product: Product
    may_edit: bool
    columns: list[Column]
    highest: Decimal = Decimal(100)
    problem: Mapping[str, Any] = field(default_factory=dict)
    facts: dict[str, Mapping[int, str]] = field(default_factory=dict)
    by_rank: bool = False
    odd: Mapping[int, str] = field(default_factory=dict)

    def draw(self, rows: Iterable[Any]) -> SafeString:
        """The rows of the table, from `<tr` to `</tr>`."""
        rows = list(rows)
        ids = [row.pk for row in rows]
        self.facts = {one.name: one.provide(ids, self.member) for one in self.columns if one.provide is not None}
        self.odd = disagreements(rows, self.product) if self.by_rank else {}
        return pieces.joined(map(self._row, rows))

    @cached_property
    def item(self) -> str:
        """The pattern of the addresses of this product's items."""
        return pieces.address("roadmap:item", self.member.workspace.slug, self.product.key)

    @cached_property
    def words(self) -> dict[str, str]:
        """What cells say, looked up once."""
        texts = {
            "move": _("Move %(key)s"),
            "select": _("Select %(key)s"),
            "unset": _("not set"),
            "unscored": _("not scored"),
        }
        return {name: escape(text) for name, text in texts.items()}

    def key(self, row: Any) -> str:
        return f"{self.product.key}-{row.number}"

    def _row(self, row: Any) -> str:
        address, title = self.item % row.number, escape(row.title)
        return (
            f'<tr id="item-{row.number}" data-row data-id="{row.number}" data-name="{title}" data-url="{address}rank/"'
            f' data-edit="{address}edit/" data-seen="{row.change_id}"{self._problem()}>{self._handle(row)}'
            f'<td class="num faint place"></td>{"".join(column.cell(row, self) for column in self.columns)}</tr>'
        )

    def _handle(self, row: Any) -> str:
        if not self.may_edit:
            return '<td class="col-grab"></td>'
        key = self.key(row)
        move, select = self.words["move"] % {"key": key}, self.words["select"] % {"key": key}
        return (
            f'<td class="col-grab"><button class="grab" type="button" data-grab aria-label="{move}">{pieces.icon("grip-vertical", "icon--14")}</button></td>'
            '<td class="col-check"><label class="check check--only"><input type="checkbox" data-tick form="bulk"'
            f' name="numbers" value="{row.number}" aria-label="{select}"></label></td>'
        )

    def _problem(self) -> str:
        if not self.problem:
            return ""
        name, typed, sentence = (escape(str(self.problem[part])) for part in ("field", "typed", "sentence"))
        return f' data-problem="{name}" data-typed="{typed}" data-sentence="{sentence}"'

    def editable(self, name: str, css: str, value: Any, shown: str, label: str = "") -> str:
        """A cell that becomes an editor; `value` is what the editor begins with, `shown` is HTML."""
        if not self.may_edit:
            return f'<td class="{css}">{shown}</td>'
        said = f' aria-label="{label}"' if label else ""
        return (
            f'<td class="{css}" data-cell="{name}" data-value="{escape(str(value))}">'
            f'<button class="cell-edit" type="button"{said}>{shown}</button></td>'
        )


# ---- Cells ----------------------------------------------------------------------------------------------------


def title_cell(row: Any, sheet: Sheet) -> str:
    n, title = row.number, escape(row.title)
    return (
        f'<td class="title" data-cell="title" data-value="{title}"><a class="t-title" data-open href="?open={n}"'
        f' hx-get="{sheet.item % n}" hx-target="#drawer-slot" hx-push-url="?open={n}">'
        f'<span class="t-id">{sheet.key(row)}</span><span>{title}</span></a></td>'
    )


def status_cell(row: Any, sheet: Sheet) -> str:
    return sheet.editable("status", "", row.status__public_id, pieces.status(row.status__name, row.status__category))


def number_cell(name: str, label: Any, unit: str = "") -> Draw:
    """A number that is edited in place, as many decimals as it has."""

    def draw(row: Any, sheet: Sheet) -> str:
        value = plain(getattr(row, name))
        said = f"{escape(str(label))} {value or sheet.words['unset']}"
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
        if factor.live:
            return f'<td class="num">{shown}</td>'
        said = f"{label} {shown if raw is not None else sheet.words['unset']}"
        return sheet.editable(factor.field, "num cell-num", editable(raw), shown, said)

    return draw


def text_cell(path: str) -> Draw:
    return lambda row, sheet: f'<td class="lo muted">{escape(getattr(row, path) or "")}</td>'


def choice_cell(path: str, labels: Mapping[str, Any]) -> Draw:
    return lambda row, sheet: f'<td class="lo muted">{escape(str(labels.get(getattr(row, path), "")))}</td>'


def day_cell(path: str) -> Draw:
    def draw(row: Any, sheet: Sheet) -> str:
        day = getattr(row, path)
        shown = formats.day(day, sheet.product.workspace.today()) if day else ""
        return f'<td class="lo muted">{escape(shown)}</td>'

    return draw


def plain(value: Any) -> str:
    """A number as an editor takes it: `2.5`, `640`; "" for None."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


# ---- Columns --------------------------------------------------------------------------------------------------

_L = gettext_lazy
_columns: list[Column] = [
    Column("title", _L("Item"), sort="title", editable=True, draw=title_cell),
    Column("status", _L("Status"), sort="status__position", editable=True, draw=status_cell),
    Column("type", _L("Type"), css="lo", sort="type", draw=choice_cell("type", dict(ItemType.choices))),
    Column("lead", _L("Lead"), css="lo", sort="lead__user__name", nullable=True, draw=text_cell("lead__user__name")),
    Column("objective", _L("Goal"), css="lo", sort="objective__name", nullable=True, draw=text_cell("objective__name")),
    Column("release", _L("Release"), css="lo", sort="release__ends_on", nullable=True, draw=text_cell("release__name")),
    Column("horizon", _L("Horizon"), css="lo", sort="horizon", draw=choice_cell("horizon", dict(Horizon.choices[1:]))),
    Column("start", _L("Start"), css="lo", sort="starts_on", nullable=True, draw=day_cell("starts_on")),
    Column("end", _L("End"), css="lo", sort="ends_on", nullable=True, draw=day_cell("ends_on")),
    Column(
        "reach", _L("Reach"), _L("Reach: accounts (or users) in a quarter"), css="num", sort="reach", nullable=True,
        editable=True, draw=number_cell("reach", _L("Reach")),
    ),
    Column(
        "impact", _L("Impact"), _L("Impact: 0.25 to 3"), css="num", sort="impact", nullable=True,
        editable=True, draw=number_cell("impact", _L("Impact")),
    ),
    Column(
        "confidence", _L("Conf."), _L("Confidence in per cent"), css="num", sort="confidence", nullable=True,
        editable=True, draw=number_cell("confidence", _L("Confidence"), "%"),
    ),
    Column(
        "effort", _L("Effort"), _L("Effort in person-weeks"), css="num", sort="effort", nullable=True,
        editable=True, draw=number_cell("effort", _L("Effort")),
    ),
    Column(
        "score", _L("RICE"), _L("Reach × impact × confidence ÷ effort"), css="num", sort="score", nullable=True,
        draw=score_cell(0),
    ),
    Column("second_score", _L("Second score"), css="num", sort="second_score", nullable=True, draw=score_cell(1)),
]  # fmt: skip
SHOWN_FIRST = ["title", "status", "objective", "release", "reach", "impact", "confidence", "effort", "score", "demand"]


def add(column: Column) -> None:
    _columns.append(column)


def columns() -> dict[str, Column]:
    """All columns by name, in the order of the menu that chooses among them."""
    return {column.name: column for column in _columns}


def columns_named(names: Iterable[str]) -> list[Column]:
    known = columns()
    return [known[name] for name in dict.fromkeys(names) if name in known]


def shown_first(product: Product) -> list[Column]:
    """What the table of a product begins with: the factors and scores of its own scorecards."""
    scoring, shown = scoring_of(product), []
    for column in columns_named(SHOWN_FIRST):
        if column.name == "score":
            shown += [factor_column(factor) for factor in each_factor(scoring.formulas)]
            shown += [
                replace(columns()[name], label=formula.name, title=formula.words)
                for name, formula in zip(("score", "second_score"), scoring.formulas, strict=False)
            ]
        elif column.name not in COLUMNS:
            shown.append(column)
    return shown


def factor_column(factor: Factor) -> Column:
    if factor.is_column:
        return columns()[factor.key]
    return Column(factor.field, factor.name, css="num", editable=not factor.live, draw=factor_cell(factor))


def factor_editors(product: Product) -> SafeString:
    """An editor for each factor that is no column."""
    factors = each_factor(scoring_of(product).formulas)
    return pieces.joined(editor(one) for one in factors if not one.is_column and not one.live)


def sorts_of(text: str, workspace: Workspace) -> list[Sort]:
    """The order that `-score` or `status` stands for, rank last; rank alone for anything else.

    One of the workspace's own fields goes by its key.
    """
    name = text.removeprefix("-")
    if OWN_KEY.fullmatch(name):
        own = CustomField.objects.filter(workspace=workspace, key=name).first()
        return [OwnSort(name, text.startswith("-"), True, own), Sort("rank")] if own is not None else [Sort("rank")]
    column = columns().get(name)
    if column is None or not column.sort:
        return [Sort("rank")]
    return [Sort(column.sort, text.startswith("-"), column.nullable), Sort("rank")]


# ---- Rows -----------------------------------------------------------------------------------------------------


def _rows(member: Member, product: Product, condition: Q) -> Any:
    return Item.objects.visible_to(member).of(product).filter(condition).values_list(*PATHS, named=True)


@dataclass(frozen=True)
class OwnSort(Sort):
    """By one of the workspace's own fields, whose value is annotated under its key."""

    own: CustomField | None = None


_pages = PreparedPages(Item, _rows)
_one = Prepared(lambda member, product, number: _rows(member, product, Q(number=number)))
statuses = Prepared(lambda member: Status.objects.visible_to(member).values_list("public_id", "name"))


def page_of_rows(member: Member, product: Product, condition: Q, sorts: list[Sort], after: str = "") -> Page[Any]:
    """50 rows of the product after the cursor `after`, in one statement. Raises Refused on a broken cursor."""
    chosen = sorts[0]
    if isinstance(chosen, OwnSort) and chosen.own is not None:
        items = Item.objects.visible_to(member).of(product).filter(condition)
        items = items.annotate(**{chosen.name: own_sort(chosen.own)})
        return page_of(items.values_list(*PATHS, chosen.name, named=True), sorts, after)
    return _pages.page(member, product, sorts=sorts, after=after, variant=(condition,))


def row_of(member: Member, product: Product, number: int) -> Any:
    """The one row, or None."""
    return _one.first(member, product, number)
