"""How far items have come, in percent: by what is known of one (pure), and for all of a timeline at once, counted together with the rest
of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.prepared import Prepared
from accounts.together import Together
from roadmap.models import Category, Item, Requirement
from roadmap.models.dates import ProgressFrom

WHOLE = 100

#: How many there are, and how many of them are done.
Counted = tuple[int, int]


def progress_of(
    progress_from: str, by_hand: int | None, *, shipped: bool, items: Counted = (0, 0), requirements: Counted = (0, 0)
) -> int:
    """0 where nothing is known. What has shipped is done, whatever else is said of it."""
    if shipped:
        return WHOLE
    if progress_from == ProgressFrom.HAND:
        return by_hand or 0
    if progress_from == ProgressFrom.ITEMS:
        return _share(items)
    if progress_from == ProgressFrom.REQUIREMENTS:
        return _share(requirements)
    if items[0]:
        return _share(items)
    return _share(requirements) if requirements[0] else by_hand or 0


def _share(counted: Counted) -> int:
    """Rounded down, so that 100 means all."""
    count, done = counted
    return done * WHOLE // count if count else 0


def _below(rows: QuerySet[Item]) -> QuerySet[Item, tuple[Any, ...]]:
    """Item above, how many count below it, how many of them have shipped. What was dropped does not count."""
    counted = rows.filter(parent__isnull=False).exclude(status__category=Category.DROPPED).order_by().values("parent")
    shipped = Count("pk", filter=Q(status__category=Category.SHIPPED))
    return counted.annotate(count=Count("pk"), done=shipped).values_list("parent", "count", "done")


def _required(rows: QuerySet[Requirement]) -> QuerySet[Requirement, tuple[Any, ...]]:
    counted = rows.order_by().values("item")
    return counted.annotate(count=Count("pk"), done=Count("done_at")).values_list("item", "count", "done")


def _between(path: str, products: list[int], first: date, last: date) -> Q:
    return Q(**{f"{path}__product__among": products, f"{path}__starts_on__lte": last, f"{path}__ends_on__gte": first})


def _named(path: str, products: list[int], numbers: list[int]) -> Q:
    return Q(**{f"{path}__product__among_some": products, f"{path}__number__among_some": numbers})


BELOW = Prepared(lambda *span: _below(Item.objects.filter(_between("parent", *span))))
REQUIRED = Prepared(lambda *span: _required(Requirement.objects.filter(_between("item", *span))))
BELOW_NAMED = Prepared(lambda *named: _below(Item.objects.filter(_named("parent", *named))))
REQUIRED_NAMED = Prepared(lambda *named: _required(Requirement.objects.filter(_named("item", *named))))

#: Of rows of a plan (with pk, category, progress_from, progress): how far each has come, in percent; none of those that have not begun.
Done = Callable[[Iterable[Any]], dict[int, int]]


def between(together: Together, products: list[int], first: date, last: date) -> Done:
    """Of the items with days in a span."""
    return _told(together.ask(BELOW, products, first, last), together.ask(REQUIRED, products, first, last))


def named(together: Together, products: list[int], numbers: list[int]) -> Done:
    """Of items by their numbers."""
    return _told(together.ask(BELOW_NAMED, products, numbers), together.ask(REQUIRED_NAMED, products, numbers))


def _told(below: Callable[[], list[Any]], required: Callable[[], list[Any]]) -> Done:
    def done(rows: Iterable[Any]) -> dict[int, int]:
        items = {pk: (count, shipped) for pk, count, shipped in below()}
        requirements = {pk: (count, met) for pk, count, met in required()}
        found = {}
        for row in rows:
            pk = row.pk
            if row.category == Category.SHIPPED:
                found[pk] = WHOLE
            elif row.progress or pk in items or pk in requirements:
                found[pk] = progress_of(
                    row.progress_from, row.progress, shipped=False, items=items.get(pk, (0, 0)),
                    requirements=requirements.get(pk, (0, 0)),
                )  # fmt: skip
        return found

    return done
