"""The columns of a board: items by horizon, by status or by release, of one or many products.

A board of 200 releases and 10 000 items would be a megabyte: all columns are counted, and those that come first hold their first cards; what
is left out comes when it is scrolled to or asked for (`only`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.together import Together
from roadmap.boards import sums
from roadmap.boards.reading import CARDS, COUNTS, GROUPED, Part, parts_of, within
from roadmap.models import Category, Release, Status
from roadmap.plans.designs import Layout
from roadmap.plans.questions import Question
from roadmap.plans.rows import Row, ask, rows_of
from ui.words import gettext as _

FIRST_COLUMNS, FIRST_CARDS, MOST_CARDS = 5, 15, 300


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


def board_of(
    question: Question, limits: dict[str, int], only: Sequence[str] | None = None, most: int = MOST_CARDS,
    together: Together | None = None,
) -> list[Column]:  # fmt: skip
    """All columns with their counts, and the first of them with their first cards; or those named `only`, with up to `most` of theirs.

    What was asked `together` before comes along.
    """
    heads = heads_later(question, only, together or Together())()
    together = Together()
    listed = [Column(head, limit=limits.get(head.key)) for head in heads if only is None or head.key in only]
    parts = parts_of(question, _values(listed))
    counts = _counts(parts, together)
    filled = _loading(
        question, listed[:FIRST_COLUMNS] if only is None else listed, together, FIRST_CARDS if only is None else most
    )
    _count(listed, counts)
    filled()
    return listed


def counted_columns(question: Question, limits: dict[str, int], values: Sequence[Any]) -> list[Column]:
    """Those columns that hold items of these values (see Head), with all that their heads say and no cards. One statement."""
    together, wanted = Together(), set(values)
    heads, parts = _heads_of(question, wanted, together), parts_of(question, sorted(wanted, key=str))
    counts = _counts(parts, together)
    summed = [_sums(part, question.member, together) for part in parts]
    listed = [Column(head, limit=limits.get(head.key)) for head in heads() if head.value in wanted]
    _count(listed, counts)
    _take_sums(listed, summed)
    return listed


def sums_of_columns(question: Question, columns: list[Column], together: Together) -> Callable[[], None]:
    """Gives these columns what other apps sum up of them, when it is called."""
    parts = parts_of(question, _values(columns))
    return partial(_take_sums, columns, [_sums(part, question.member, together) for part in parts])


def _counts(parts: list[Part], together: Together) -> list[Callable[[], list[Any]]]:
    return [ask(together, COUNTS, *part.asked, variant=(*part.shape, part.reads_whole)) for part in parts]


def _count(columns: list[Column], counts: list[Callable[[], list[Any]]]) -> None:
    by_value = {column.head.value: column for column in columns}
    for value, count, effort in chain.from_iterable(counted() for counted in counts):
        column = by_value.get("" if value is None else value)
        if column is not None:
            column.count, column.effort = count, effort or Decimal(0)


def _take_sums(columns: list[Column], summed: list[Callable[[], dict[str, list[tuple[Any, str]]]]]) -> None:
    texts = {group: said for found in summed for group, said in found().items()}
    for column in columns:
        column.sums = texts.get(str(column.head.value), [])


def heads_later(question: Question, only: Sequence[str] | None, together: Together) -> Callable[[], list[Head]]:
    """What columns there are; of releases, which are many, those `only` that are asked for."""
    layout, member, products = question.design.layout, question.member, list(question.products)
    if layout == Layout.HORIZONS:
        return horizons
    if layout == Layout.STATUSES:
        statuses = together.ask(STATUSES, member.workspace)
        return lambda: [Head(pk, key, name, category=category) for pk, key, name, category in statuses()]
    span = question.design.span(question.today)
    if only is None:
        releases = together.ask(RELEASES, member, products, variant=span)
    else:
        releases = together.ask(NAMED_RELEASES, member, products, *[*only, "", ""][:2], variant=span)
    several = len(products) > 1
    return partial(_release_heads, releases, several)


def _heads_of(question: Question, values: Collection[Any], together: Together) -> Callable[[], list[Head]]:
    """Of the columns that hold these values; of few columns, all."""
    if question.design.layout != Layout.RELEASES:
        return heads_later(question, None, together)
    ids, products = sorted(value for value in values if value != ""), list(question.products)
    releases = together.ask(
        RELEASES_BY_ID, question.member, products, ids, variant=question.design.span(question.today)
    )
    return partial(_release_heads, releases, len(products) > 1)


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


def _named_releases(
    member: Member, products: list[int], one: str, other: str, first: date | None, last: date | None
) -> QuerySet[Release]:
    return _releases(member, products, first, last).filter(public_id__in=[one, other])


def _releases_by_id(
    member: Member, products: list[int], ids: list[int], first: date | None, last: date | None
) -> QuerySet[Release]:
    return _releases(member, products, first, last).filter(pk__among_some=ids)


STATUSES, RELEASES, NAMED_RELEASES = Prepared(_statuses), Prepared(_releases), Prepared(_named_releases)
RELEASES_BY_ID = Prepared(_releases_by_id)


def _values(columns: list[Column]) -> list[Any]:
    return [column.head.value for column in columns]


def _loading(question: Question, columns: list[Column], together: Together, most: int) -> Callable[[], None]:
    """Gives these columns their first cards and what other apps sum up of them, when it is called; asked with what `together` is to
    answer anyway."""
    design, parts = question.design, parts_of(question, _values(columns))
    cards = [
        ask(together, CARDS, *part.asked, variant=(*part.shape, most, design.colours, design.shown)) for part in parts
    ]
    summed = [_sums(part, question.member, together) for part in parts]

    def fill() -> None:
        by_key = {column.head.key: column for column in columns}
        for one in rows_of(chain.from_iterable(found() for found in cards), design):
            if (column := by_key.get(one.lane or "")) is not None:
                column.cards.append(one)
        _take_sums(columns, summed)

    return fill


def _sums(part: Part, member: Member, together: Together) -> Callable[[], dict[str, list[tuple[Any, str]]]]:
    try:
        sql, values = GROUPED.statement(*part.asked, variant=part.shape)
    except (EmptyResultSet, TypeError):  # nothing to sum up, or a moment in the filter: see roadmap/plans/rows.py: ask
        return dict
    return sums.sums_later(sql, values, member, together)
