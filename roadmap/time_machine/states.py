"""How the plans of some products stood at a moment, as roadmap/time_machine/comparing.py compares them: read from versions where it is past."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Q

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.past import as_of
from products.models import Initiative, KeyResult, Objective
from roadmap.models import Category, Component, Item, ItemLink, Milestone, Release, Status
from roadmap.time_machine.comparing import Noun, Planned

#: What a roadmap is made of. Products, teams and people are not among them: who may see what is decided by today's.
LOOKED_BACK_ON = (Item, Release, Milestone, ItemLink, Objective, KeyResult, Initiative, Component)
FIRST_DAY = date(1, 1, 1)


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """What is read of roadmaps within is as it was then; as it is where no moment is given."""
    if moment is None:
        yield
        return
    with as_of(moment, *LOOKED_BACK_ON, words=[Status]):
        yield


@dataclass(frozen=True)
class Asked:
    """Whose plans: products (ids) that `member` sees, those items that `condition` leaves (None: all), of those with ids among `rows`
    (None: all). `by_horizon`: the roadmap is about now, next and later; else about dates."""

    member: Member
    products: tuple[int, ...]
    condition: Q | None = None
    by_horizon: bool = False
    rows: tuple[int, ...] | None = None


def _items(member: Member, products: list[int], by_horizon: bool, condition: Q | None) -> Any:
    rows = Item.objects.visible_to(member).filter(product__among=products).exclude(status__category=Category.DROPPED)
    if by_horizon:
        rows = rows.exclude(horizon="").exclude(status__category=Category.SHIPPED)
    else:  # written as a comparison, an index of scheduled items' versions is found by it (migration of what was)
        rows = rows.filter(starts_on__gte=FIRST_DAY, ends_on__gte=FIRST_DAY)
    if condition is not None:
        rows = rows.filter(condition)
    return rows.values_list(
        "product__key", "number", "title", "starts_on", "ends_on", "horizon", "status__category", "effort", "objective__name", "pk"
    )  # fmt: skip


ITEMS = Prepared(_items)
AMONG = Prepared(
    lambda member, products, rows, by_horizon: _items(member, products, by_horizon, None).filter(pk__among_some=rows)
)
RELEASES = Prepared(
    lambda member, products: (
        Release.objects.visible_to(member)
        .filter(product__among=products, ends_on__isnull=False)
        .values_list("public_id", "name", "starts_on", "ends_on", "released_at", "pk")
    )
)
MILESTONES = Prepared(
    lambda member, products: (
        Milestone.objects.visible_to(member)
        .filter(product__among=products)
        .values_list("public_id", "name", "day", "pk")
    )
)


def state_at(asked: Asked, moment: datetime | None) -> dict[str, Planned]:
    """Items, releases and milestones as they stood (None: as they stand), by key. One statement, two where a filter is set."""
    member, products, together = asked.member, list(asked.products), Together()
    with at(moment):
        found = _found(asked, together)
        releases, milestones = (
            (None, None)
            if asked.by_horizon
            else (together.ask(RELEASES, member, products), together.ask(MILESTONES, member, products))
        )
        state = [_item(one, asked.by_horizon) for one in found()]
        if releases is not None and milestones is not None:
            state += [
                Planned(key, Noun.RELEASE, name, starts, ends, is_shipped=released is not None, row=pk)
                for key, name, starts, ends, released, pk in releases()
            ]
            state += [Planned(key, Noun.MILESTONE, name, ends_on=day, row=pk) for key, name, day, pk in milestones()]
    return {one.key: one for one in state}


def _found(asked: Asked, together: Together) -> Callable[[], list[Any]]:
    """The items, when they are wanted: asked together with the rest where no filter is set."""
    member, products = asked.member, list(asked.products)
    if asked.condition is not None:
        items = _items(member, products, asked.by_horizon, asked.condition)
        return partial(list, items if asked.rows is None else items.filter(pk__among=list(asked.rows)))
    if asked.rows is not None:
        return together.ask(AMONG, member, products, list(asked.rows), variant=(asked.by_horizon,))
    return together.ask(ITEMS, member, products, variant=(asked.by_horizon, None))


def _item(values: Sequence[Any], by_horizon: bool) -> Planned:
    product, number, title, starts, ends, horizon, category, effort, lane, pk = values
    return Planned(
        f"{product}-{number}", Noun.ITEM, title, starts, ends, horizon=horizon if by_horizon else "",
        is_shipped=category == Category.SHIPPED, effort=effort, lane=lane or "", row=pk,
    )  # fmt: skip
