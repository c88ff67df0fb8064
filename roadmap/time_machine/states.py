"""How the plans of some products stood at a moment, as roadmap/time_machine/comparing.py compares them: read from versions where it is past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q

from accounts.history import Versioned
from accounts.models import Member
from accounts.places import places
from accounts.prepared import Prepared
from changes.past import as_of, put_back
from products.models import Initiative, KeyResult, Objective
from roadmap.models import Component, Item, ItemLink, Milestone, Release, Status
from roadmap.time_machine.comparing import Noun

#: What a roadmap is made of. Products, teams and people are not among them: who may see what is decided by today's.
LOOKED_BACK_ON = (Item, Release, Milestone, ItemLink, Objective, KeyResult, Initiative, Component)
MODELS: dict[Noun, type[Item | Release | Milestone]] = {
    Noun.ITEM: Item,
    Noun.RELEASE: Release,
    Noun.MILESTONE: Milestone,
}
FIRST_DAY = date(1, 1, 1)


@contextmanager
def at(moment: datetime | None, member: Member, *more: type[Versioned]) -> Iterator[None]:
    """What `member` reads of roadmaps within is as it was then, and what of `more`; as it is where no moment is given."""
    if moment is None:
        yield
        return
    with as_of(moment, *LOOKED_BACK_ON, *more, words=[Status], seen=places.seen_ids(member)):
        yield


@dataclass(frozen=True)
class Asked:
    """Whose plans: products (ids) that `member` sees, those items that `condition` leaves (None: all). `by_horizon`: the roadmap is about
    now, next and later; else about dates. `rows`: of each noun only those with these ids (None: all)."""

    member: Member
    products: tuple[int, ...]
    condition: Q | None = None
    by_horizon: bool = False
    rows: Mapping[Noun, Sequence[int]] | None = None


def _items(member: Member, products: list[int], by_horizon: bool, condition: Q | None) -> Any:
    rows = Item.objects.visible_to(member).filter(product__among=products)
    if by_horizon:
        rows = rows.exclude(horizon="")
    else:  # written as a comparison, an index of scheduled items' versions is found by it (migration of what was)
        rows = rows.filter(starts_on__gte=FIRST_DAY, ends_on__gte=FIRST_DAY)
    if condition is not None:
        rows = rows.filter(condition)
    return rows.order_by().values_list(
        "product", "number", "title", "starts_on", "ends_on", "horizon", "status", "effort", "objective", "pk"
    )  # fmt: skip


ITEMS = Prepared(_items)
RELEASES = Prepared(
    lambda member, products: (
        Release.objects.visible_to(member)
        .filter(product__among=products, ends_on__isnull=False)
        .order_by()
        .values_list("public_id", "name", "starts_on", "ends_on", "released_at", "pk")
    )
)
MILESTONES = Prepared(
    lambda member, products: (
        Milestone.objects.visible_to(member)
        .filter(product__among=products)
        .order_by()
        .values_list("public_id", "name", "day", "pk")
    )
)
#: Of the columns of each noun's statement COLUMNS. A column of a past item is an expression, which OFFSET keeps from being worked out for each
#: row of what is joined.
COLUMNS = "noun, key, title, starts_on, ends_on, horizon, is_shipped, effort, lane, row_id"
TELLING = {
    Noun.ITEM: """
        SELECT 'item', product.key || '-' || number, title, asked.starts_on, asked.ends_on, {horizon}, status.is_shipped, effort,
            coalesce(objective.name, ''), row_id
        FROM ({sql} OFFSET 0) AS asked (product_id, number, title, starts_on, ends_on, horizon, status_id, effort, objective_id, row_id)
        JOIN products product ON product.id = asked.product_id
        JOIN statuses status ON status.id = status_id
        LEFT JOIN "products_objective" objective ON objective.id = objective_id
    """,
    Noun.RELEASE: """
        SELECT 'release', key, title, starts_on, ends_on, '', released_at IS NOT NULL, NULL::numeric, '', row_id
        FROM ({sql}) AS asked (key, title, starts_on, ends_on, released_at, row_id)
    """,
    Noun.MILESTONE: """
        SELECT 'milestone', key, title, NULL::date, day, '', false, NULL::numeric, '', row_id
        FROM ({sql}) AS asked (key, title, day, row_id)
    """,
}
#: What the first of these joins: few rows, read once.
BESIDE_ITEMS = """
    products AS MATERIALIZED (SELECT id, key FROM products_product WHERE id = ANY(%s::bigint[])),
    statuses AS MATERIALIZED (SELECT id, category = 'shipped' AS is_shipped FROM "roadmap_status" WHERE category <> ALL({left_out}))
"""
#: Whether a roadmap is about horizons → which categories do not stand on it.
LEFT_OUT = {True: "'{dropped,shipped}'", False: "'{dropped}'"}
NONE = "SELECT '', '', '', NULL::date, NULL::date, '', false, NULL::numeric, '', 0::bigint WHERE false"


def statement_at(asked: Asked, moment: datetime | None) -> tuple[str, list[Any]]:
    """Items, releases and milestones as they stood (None: as they stand): a statement of COLUMNS, to stand in another one, and its values."""
    parts: list[str] = []
    values: list[Any] = [list(asked.products)]
    for noun in [Noun.ITEM] if asked.by_horizon else Noun:
        try:
            sql, more = _of(asked, noun)
        except EmptyResultSet:
            continue
        parts.append(TELLING[noun].format(sql=sql, horizon="horizon" if asked.by_horizon else "''"))
        values += more
        if asked.rows is not None:
            parts[-1] += " WHERE row_id = ANY(ARRAY(SELECT unnest(%s::bigint[])))"
            values.append(list(asked.rows.get(noun, ())))
    if not parts:
        return NONE, []
    sql = f"WITH {BESIDE_ITEMS.format(left_out=LEFT_OUT[asked.by_horizon])} {' UNION ALL '.join(parts)}"
    if moment is None:
        return sql, values
    member = asked.member
    narrowed = asked.rows is not None and asked.condition is None  # a filter may look at others than these
    rows = {MODELS[noun]: asked.rows.get(noun, ()) for noun in Noun} if narrowed and asked.rows is not None else None
    return put_back(sql, values, moment, *LOOKED_BACK_ON, words=[Status], rows=rows, seen=places.seen_ids(member))


def _of(asked: Asked, noun: Noun) -> tuple[str, list[Any]]:
    """Raises EmptyResultSet where the filter can leave nothing."""
    member, products = asked.member, list(asked.products)
    if noun == Noun.RELEASE:
        return RELEASES.statement(member, products)
    if noun == Noun.MILESTONE:
        return MILESTONES.statement(member, products)
    if asked.condition is None:
        return ITEMS.statement(member, products, variant=(asked.by_horizon, None))
    sql, values = _items(member, products, asked.by_horizon, asked.condition).query.sql_with_params()
    return sql, list(values)
