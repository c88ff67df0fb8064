"""How the plans of some products stood at a moment, as roadmap/time_machine/comparing.py compares them: read from versions where it is past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
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
    """Whose plans: products (ids) that `member` sees, those items that `condition` leaves (None: all). `by_horizon`: the roadmap is
    about now, next and later; else about dates."""

    member: Member
    products: tuple[int, ...]
    condition: Q | None = None
    by_horizon: bool = False


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
        if asked.condition is None:
            found = together.ask(ITEMS, member, products, variant=(asked.by_horizon, None))
        else:
            rows = _items(member, products, asked.by_horizon, asked.condition)
            found = lambda: list(rows)  # noqa: E731 - as what is asked together
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


def _item(values: Sequence[Any], by_horizon: bool) -> Planned:
    product, number, title, starts, ends, horizon, category, effort, lane, pk = values
    return Planned(
        f"{product}-{number}", Noun.ITEM, title, starts, ends, horizon=horizon if by_horizon else "",
        is_shipped=category == Category.SHIPPED, effort=effort, lane=lane or "", row=pk,
    )  # fmt: skip


@dataclass(frozen=True)
class Moved:
    """An item that went from one release or epic to another between two moments: ids of both, None for none."""

    item: int
    key: str
    releases: tuple[int | None, int | None]
    parents: tuple[int | None, int | None]


#: Items that changed release or epic, were added or deleted between two moments, as they were at both.
BETWEEN = """
SELECT item.row_id, product.key || '-' || (item.state ->> 'number'),
    earlier.release, later.release, earlier.parent, later.parent
FROM (
    SELECT row_id, max(id) AS last FROM changes_version
    WHERE noun = 'roadmap_item' AND product_id = ANY(%(products)s)
        AND lower(valid) > %(since)s AND lower(valid) <= %(until)s
        AND (columns && '{release_id,parent_id,deleted_at}'::varchar[] OR operation <> 'U')
    GROUP BY row_id
) touched
JOIN changes_version item ON item.id = touched.last
JOIN products_product product ON product.id = item.product_id
LEFT JOIN LATERAL (
    SELECT (state ->> 'release_id')::bigint AS release, (state ->> 'parent_id')::bigint AS parent FROM changes_version
    WHERE noun = 'roadmap_item' AND row_id = touched.row_id AND valid @> %(since)s
        AND product_id = ANY(%(products)s) AND state ->> 'deleted_at' IS NULL
) earlier ON true
LEFT JOIN LATERAL (
    SELECT (state ->> 'release_id')::bigint AS release, (state ->> 'parent_id')::bigint AS parent FROM changes_version
    WHERE noun = 'roadmap_item' AND row_id = touched.row_id AND valid @> %(until)s
        AND product_id = ANY(%(products)s) AND state ->> 'deleted_at' IS NULL
) later ON true
WHERE earlier.release IS DISTINCT FROM later.release OR earlier.parent IS DISTINCT FROM later.parent
"""


def moved_between(products: Sequence[int], since: datetime, until: datetime) -> list[Moved]:
    """What went into or out of releases and epics of these products, which whoever asks must see. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(BETWEEN, {"products": list(products), "since": since, "until": until})
        return [
            Moved(item, key, (before, after), (parent, under))
            for item, key, before, after, parent, under in cursor.fetchall()
        ]


def with_scopes(
    before: dict[str, Planned], after: dict[str, Planned], moved: Sequence[Moved]
) -> tuple[dict[str, Planned], dict[str, Planned]]:
    """Both states with what went into and out of their releases and epics. What stayed is left out of both."""
    scopes: tuple[dict[tuple[Noun, int], set[str]], ...] = (defaultdict(set), defaultdict(set))
    for one in moved:
        for noun, places in ((Noun.RELEASE, one.releases), (Noun.ITEM, one.parents)):
            for side, place in enumerate(places):
                if place is not None and places[0] != places[1]:
                    scopes[side][noun, place].add(one.key)
    return _scoped(before, scopes[0]), _scoped(after, scopes[1])


def _scoped(state: dict[str, Planned], scopes: dict[tuple[Noun, int], set[str]]) -> dict[str, Planned]:
    by_row = {(one.noun, one.row): one for one in state.values()}
    found = {by_row[place].key: keys for place, keys in scopes.items() if place in by_row}
    return {**state, **{key: replace(state[key], scope=frozenset(keys)) for key, keys in found.items()}}
