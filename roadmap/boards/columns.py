"""The columns of a board: items by horizon, by status or by release, of one or many products.

A board of 200 releases and 10 000 items would be a megabyte: all columns are counted, and those that come first hold their first cards; what
is left out comes when it is scrolled to or asked for (`only`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, F, Q, QuerySet, Sum, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, RowNumber
from django.utils.translation import gettext as _

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.together import Together
from roadmap.boards import sums
from roadmap.models import Category, Item, Release, Status
from roadmap.plans.designs import Layout
from roadmap.plans.planning import Question, Row, as_rows, ask, row, visible

FIRST_COLUMNS, FIRST_CARDS, MOST_CARDS = 5, 15, 300
#: By what a column holds its items.
COLUMN = {Layout.HORIZONS.value: "horizon", Layout.STATUSES.value: "status", Layout.RELEASES.value: "release"}
Span = tuple[date | None, date | None]


class Head(NamedTuple):
    """What a column is. `value` is what its items have in the database, `key` its name in addresses and forms, "" for what is not planned."""

    value: Any
    key: str
    name: str
    product: str = ""
    ends_on: date | None = None
    category: str = ""
    claim: str = ""
    confidence: int = 0
    word: str = ""


@dataclass
class Column:
    """A column with the cards that are drawn of it. `count` and `effort` are of all that it holds; `sums` label and text of what other apps sum
    up, None while the column is not loaded; `limit` how many it should hold at most."""

    head: Head
    count: int = 0
    effort: Decimal = Decimal(0)
    cards: list[Row] = field(default_factory=list)
    sums: list[tuple[Any, str]] | None = None
    limit: int | None = None

    @property
    def is_loaded(self) -> bool:
        return self.sums is not None

    @property
    def left_out(self) -> int:
        """How many of its cards are not drawn."""
        return self.count - len(self.cards)

    @property
    def too_many(self) -> int:
        """By how many it is over its limit."""
        return max(0, self.count - self.limit) if self.limit is not None else 0


def board_of(
    question: Question, limits: dict[str, int], only: Sequence[str] | None = None, most: int = MOST_CARDS
) -> list[Column]:
    """All columns with their counts, and the first of them with their first cards; or those named `only`, with up to `most` of theirs."""
    layout, span = question.design.layout, question.design.span(question.today)
    member, products = question.member, list(question.products)
    heads, together = heads_later(layout, member, products, span, Together())(), Together()
    listed = [Column(head, limit=limits.get(head.key)) for head in heads if only is None or head.key in only]
    counts = ask(together, COUNTS, *_asked(question, listed), variant=_shape(question, listed))
    filled = _loading(
        question, listed[:FIRST_COLUMNS] if only is None else listed, together, FIRST_CARDS if only is None else most
    )
    columns = {column.head.value: column for column in listed}
    for value, count, effort in counts():
        column = columns.get("" if value is None else value)
        if column is not None:
            column.count, column.effort = count, effort or Decimal(0)
    filled()
    return listed


def heads_later(
    layout: str, member: Member, products: list[int], span: Span, together: Together
) -> Callable[[], list[Head]]:
    if layout == Layout.HORIZONS:
        return horizons
    if layout == Layout.STATUSES:
        statuses = together.ask(STATUSES, member.workspace)
        return lambda: [Head(pk, key, name, category=category) for pk, key, name, category in statuses()]
    releases = together.ask(RELEASES, member, products, variant=span)
    several = len(products) > 1
    return partial(_release_heads, releases, several)


def horizons() -> list[Head]:
    return [
        Head("now", "now", _("Now"), claim=_("We are building this"), confidence=3, word=_("Committed")),
        Head("next", "next", _("Next"), claim=_("Shaped, waiting for room"), confidence=2, word=_("Confident")),
        Head("later", "later", _("Later"), claim=_("Problems we want to solve"), confidence=1, word=_("Direction")),
    ]


def _release_heads(releases: Callable[[], list[Any]], several: bool) -> list[Head]:
    found = [Head(pk, key, name, product if several else "", ends_on) for pk, key, name, product, ends_on in releases()]
    return [*found, Head("", "", _("Not planned"))]


def _statuses(workspace: Workspace) -> QuerySet[Status]:
    rows = Status.objects.filter(workspace=workspace).exclude(category=Category.DROPPED)
    return rows.order_by("position", "pk").values_list("pk", "public_id", "name", "category")


def _releases(member: Member, products: list[int], first: date | None, last: date | None) -> QuerySet[Release]:
    rows = Release.objects.visible_to(member).filter(product__among=products, released_at=None)
    rows = rows.filter(within(first, last, "ends_on", "ends_on"))
    return rows.order_by("ends_on", "pk").values_list("pk", "public_id", "name", "product__key", "ends_on")


def within(first: date | None, last: date | None, start: str, end: str) -> Q:
    """Days that touch the horizon; what has none is within any."""
    inside = Q()
    if first is not None:
        inside &= Q(**{f"{end}__gte": first}) | Q(**{f"{end}__isnull": True})
    if last is not None:
        inside &= Q(**{f"{start}__lte": last}) | Q(**{f"{start}__isnull": True})
    return inside


def in_columns(
    rows: Any, layout: str, values: list[Any], with_none: bool, first: date | None, last: date | None
) -> Any:
    """The items that stand in these columns; of horizons there are three alone, which are always asked for together."""
    touching = within(first, last, "starts_on", "ends_on")
    if layout == Layout.HORIZONS:
        return rows.exclude(horizon="").open().filter(touching)
    if layout == Layout.STATUSES:
        return rows.filter(touching, status__among=values)
    inside = Q(release__among=values)
    waits = Q(release__isnull=True) & ~Q(status__category__in=[Category.SHIPPED, Category.DROPPED])
    return rows.filter(inside | waits if with_none else inside)


def _counts(
    member: Member, products: list[int], values: list[Any], layout: str, first: date | None, last: date | None,
    with_none: bool, condition: Q | None,
) -> QuerySet[Item]:  # fmt: skip
    rows = in_columns(visible(member, products, condition), layout, values, with_none, first, last)
    return rows.order_by().values_list(COLUMN[layout]).annotate(all=Count("pk"), weeks=Sum("effort"))


def _cards(
    member: Member, products: list[int], values: list[Any], layout: str, first: date | None, last: date | None,
    with_none: bool, condition: Q | None, most: int, colours: str, shown: tuple[str, ...],
) -> QuerySet[Item]:  # fmt: skip
    rows = in_columns(visible(member, products, condition), layout, values, with_none, first, last)
    place = Window(RowNumber(), partition_by=[F(COLUMN[layout])], order_by=["rank", "pk"])
    first_ones = rows.annotate(place=place).filter(place__lte=most).values("pk")
    chosen = Item.objects.filter(pk__in=first_ones).order_by("rank", "pk")
    return as_rows(chosen, layout, colours, shown)


def _grouped(
    member: Member, products: list[int], values: list[Any], layout: str, first: date | None, last: date | None,
    with_none: bool, condition: Q | None,
) -> QuerySet[Item]:  # fmt: skip
    rows = in_columns(visible(member, products, condition), layout, values, with_none, first, last).order_by()
    return rows.values_list(Coalesce(Cast(COLUMN[layout], TextField()), Value("", output_field=TextField())), "pk")


STATUSES, RELEASES, COUNTS = Prepared(_statuses), Prepared(_releases), Prepared(_counts)
CARDS, GROUPED = Prepared(_cards), Prepared(_grouped)


def _asked(question: Question, columns: list[Column]) -> tuple[Any, ...]:
    """The arguments of the statements about these columns."""
    plain = question.design.layout == Layout.HORIZONS
    values = [] if plain else [column.head.value for column in columns if column.head.value != ""]
    return question.member, list(question.products), values


def _shape(question: Question, columns: list[Column]) -> tuple[Hashable, ...]:
    """What decides about their text."""
    with_none = any(column.head.value == "" for column in columns)
    return question.design.layout, *question.design.span(question.today), with_none, question.condition


def _loading(question: Question, columns: list[Column], together: Together, most: int) -> Callable[[], None]:
    """Gives these columns their first cards and what other apps sum up of them, when it is called; asked with what `together` is to
    answer anyway."""
    if not columns:
        return lambda: None
    design, asked, shape = question.design, _asked(question, columns), _shape(question, columns)
    cards = ask(together, CARDS, *asked, variant=(*shape, most, design.colours, design.shown))
    summed = _sums(question, together, asked, shape)

    def fill() -> None:
        by_key = {column.head.key: column for column in columns}
        for one in cards():
            card = row(one, design.shown)
            if (card.lane or "") in by_key:
                by_key[card.lane or ""].cards.append(card)
        texts = summed()
        for column in columns:
            column.sums = texts.get(str(column.head.value), [])

    return fill


def _sums(
    question: Question, together: Together, asked: tuple[Any, ...], shape: tuple[Hashable, ...]
) -> Callable[[], dict[str, list[tuple[Any, str]]]]:
    try:
        sql, values = GROUPED.statement(*asked, variant=shape)
    except (EmptyResultSet, TypeError):  # nothing to sum up, or a moment in the filter: see planning.ask
        return dict
    return sums.sums_later(sql, values, question.member, together)
