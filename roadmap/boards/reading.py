"""The statements about the items in columns of a board: how many they are, those that come first, and whose demand is summed up.

Each is answered from an index, and planned alike however many columns there are, so that the server keeps its plan. What stands in no
release is asked for by itself: beside the releases, an OR would have all items read.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, F, Func, OuterRef, Q, QuerySet, Sum, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, RowNumber

from accounts.models import Member
from accounts.prepared import Prepared
from roadmap.models import Horizon, Item, Release, Status
from roadmap.plans.designs import Layout
from roadmap.plans.questions import Question
from roadmap.plans.rows import as_rows, visible

#: By what a column holds its items.
COLUMN = {Layout.HORIZONS.value: "horizon", Layout.STATUSES.value: "status", Layout.RELEASES.value: "release"}
HORIZONS = [one for one in Horizon.values if one]


#: Columns of releases that make up most of a roadmap.
MANY = 50


class Part(NamedTuple):
    """Arguments of the statements about some columns, and what decides about their text."""

    asked: tuple[Any, ...]
    shape: tuple[Hashable, ...]

    @property
    def reads_whole(self) -> bool:
        """Whether counting reads nearly all items of the products anyway."""
        _of_one, is_past, layout, _first, _last, condition, _unplanned = self.shape
        return not is_past and layout == Layout.RELEASES and condition is not None and len(self.asked[-1]) > MANY


def parts_of(question: Question, values: Sequence[Any]) -> list[Part]:
    """Columns with these values: those that have one, and the one of what is in no release (""). Of horizons there are three alone, which
    are always asked for together."""
    layout, products = question.design.layout, list(question.products)
    of_one = len(products) == 1 and not question.is_past
    of = products[0] if of_one else products
    shape = (of_one, question.is_past, layout, *question.design.span(question.today), question.condition)
    if layout == Layout.HORIZONS:
        return [Part((question.member, of, []), (*shape, False))] if values else []
    named = [one for one in values if one != ""]
    parts = [Part((question.member, of, named), (*shape, False))] if named else []
    if len(named) < len(values):
        parts.append(Part((question.member, of, []), (*shape, True)))
    return parts


def within(first: date | None, last: date | None, start: str, end: str) -> Q:
    """Days that touch the horizon; what has none is within any."""
    inside = Q()
    if first is not None:
        inside &= Q(**{f"{end}__gte": first}) | Q(**{f"{end}__isnull": True})
    if last is not None:
        inside &= Q(**{f"{start}__lte": last}) | Q(**{f"{start}__isnull": True})
    return inside


def _of_layout(rows: Any, layout: str, first: date | None, last: date | None) -> Any:
    """The items that stand in any of its columns; in those of releases a horizon chooses releases, not items."""
    if layout == Layout.RELEASES:
        return rows
    rows = rows.filter(within(first, last, "starts_on", "ends_on"))
    return rows.exclude(horizon="").open() if layout == Layout.HORIZONS else rows


def in_columns(
    member: Member, products: Any, values: list[int], is_past: bool, layout: str, first: date | None, last: date | None,
    condition: Q | None, unplanned: bool,
) -> Any:  # fmt: skip
    """Versions are found by an index only where the planner knows the ids."""
    rows = _of_layout(visible(member, products, condition), layout, first, last)
    if unplanned:
        return rows.filter(release=None).open()
    among = "among" if is_past else "among_some"
    return rows if layout == Layout.HORIZONS else rows.filter(**{f"{COLUMN[layout]}__{among}": values})


def _counts(member: Member, products: Any, values: list[int], of_one: bool, *shape: Any) -> QuerySet[Item]:
    """By column. Where that `reads_whole`, other releases' too: it is quicker to read each page of the table once than to follow an index to
    nearly all of its rows."""
    *of_columns, reads_whole = shape
    column = COLUMN[of_columns[1]]
    if reads_whole:
        *_others, condition, _unplanned = of_columns
        rows = visible(member, products, condition).filter(release__isnull=False)
    else:
        rows = in_columns(member, products, values, *of_columns)
    return rows.order_by().values_list(column).annotate(all=Count("pk"), weeks=Sum("effort"))


def _grouped(member: Member, products: Any, values: list[int], of_one: bool, *shape: Any) -> QuerySet[Item]:
    rows, column = in_columns(member, products, values, *shape).order_by(), COLUMN[shape[1]]
    return rows.values_list(Coalesce(Cast(column, TextField()), Value("", output_field=TextField())), "pk")


def _cards(
    member: Member, products: Any, values: list[int], of_one: bool, is_past: bool, layout: str, first: date | None,
    last: date | None, condition: Q | None, unplanned: bool, most: int, colours: str, shown: tuple[str, ...],
) -> QuerySet[Item]:  # fmt: skip
    """The first of each column, by rank. Tables of the past have no indexes to find them by: there all are numbered in one pass."""
    rows = in_columns(member, products, values, is_past, layout, first, last, condition, unplanned)
    if unplanned:
        first_ones = _ranked(rows, most)
    elif is_past:
        place = Window(RowNumber(), partition_by=[F(COLUMN[layout])], order_by=["rank", "pk"])
        first_ones = rows.annotate(place=place).filter(place__lte=most).values("pk")
    elif layout == Layout.HORIZONS:
        now, *others = (_ranked(rows.filter(horizon=one), most) for one in HORIZONS)
        first_ones = now.union(*others, all=True)
    else:
        anywhere = _of_layout(visible(member, products, condition), layout, first, last)
        here = ArraySubquery(_ranked(anywhere.filter(**{COLUMN[layout]: OuterRef("pk")}), most))
        each = Cast(here, ArrayField(BigIntegerField()))  # of a filter that nothing can pass, Django makes '{}'
        columns: Any = Status.objects if layout == Layout.STATUSES else Release.objects
        each_one = Func(each, function="unnest", output_field=BigIntegerField())
        first_ones = columns.filter(pk__among_some=values).values(one=each_one)
    return as_rows(Item.objects.filter(pk__in=first_ones).order_by("rank", "pk"), layout, colours, shown)


def _ranked(rows: Any, most: int) -> Any:
    return rows.order_by("rank", "pk").values("pk")[:most]


COUNTS, CARDS, GROUPED = Prepared(_counts), Prepared(_cards), Prepared(_grouped)
