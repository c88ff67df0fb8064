"""The figures of a product as tables of values, for commands, files and programs (definitions: docs, "Figures").

Each is a Figure: the names of its columns and a function from a product to its rows, ordered by the key columns.
Unknown keys of features are told as they came; the scope `*` is the product as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from pyroaring import BitMap

from products.models import Product
from usage import sql
from usage.models import (
    PRODUCT_SCOPE,
    KeyKind,
    KnownKey,
    LifeWeek,
    MetricDay,
    Population,
    RetentionTriangle,
)
from usage.models.rollup import RolledUp
from usage.rollup.bitmaps import union
from usage.rollup.days import last_day

Row = tuple[Any, ...]
PERIOD = timedelta(days=28)


class Figure(NamedTuple):
    columns: tuple[str, ...]
    rows: Callable[..., list[Row]]


def metrics_day(product: Product, scope: int | None = None) -> list[Row]:
    """Active users and accounts of every day, and of the 7 and 28 days that end on it."""
    fields = ("scope", "day", "dau", "wau7", "mau28", "daa", "waa7", "maa28")
    return _named(product, _of(MetricDay, product, scope).values_list(*fields))


def lifecycle_week(product: Product, scope: int | None = None) -> list[Row]:
    """Users of every week: new, retained, resurrected; and churned, who were active the week before and not in it."""
    weeks = _of(LifeWeek, product, scope).filter(kind=Population.USERS)
    return _named(product, weeks.values_list("scope", "week", "active", "new", "retained", "resurrected", "lapsed"))


def triangle_week(product: Product, scope: int | None = None) -> list[Row]:
    """Users first active in a week who are active k weeks on (bounded), and k weeks on or later (unbounded)."""
    cohorts = _of(RetentionTriangle, product, scope).filter(kind=Population.USERS)
    columns = cohorts.values_list("scope", "cohort", "size", "bounded", "unbounded")
    return _named(
        product,
        (
            (scope, cohort, k, size, *kept)
            for scope, cohort, size, bounded, unbounded in columns
            for k, kept in enumerate(zip(bounded, unbounded, strict=True))
        ),
    )


def adoption_last28(product: Product, until: date | None = None) -> list[Row]:
    """Users and accounts with any use of a feature in the 28 days that end on `until`, beside all that were active.

    `until` is the last day with a counted event unless it is given.
    """
    last = last_day(product.pk)
    if last is None:
        return []
    until = until or last
    sets: dict[int, list[list[BitMap]]] = {}
    for scope, kind, bitmap in sql.rows(
        "SELECT scope, kind, bm FROM usage_daybitmap WHERE product_id = %s AND day > %s AND day <= %s",
        *(product.pk, until - PERIOD, until),
    ):
        sets.setdefault(scope, [[], []])[kind].append(BitMap.deserialize(bitmap))
    counts = {scope: [len(union(bitmaps)) for bitmaps in of_kinds] for scope, of_kinds in sets.items()}
    active_users, active_accounts = counts.pop(PRODUCT_SCOPE, (0, 0))
    return _named(
        product,
        ((scope, users, active_users, accounts, active_accounts) for scope, (users, accounts) in counts.items()),
    )


FIGURES = {
    "metrics_day": Figure(("scope", "day", "dau", "wau7", "mau28", "daa", "waa7", "maa28"), metrics_day),
    "lifecycle_week": Figure(
        ("scope", "week_start", "active", "new", "retained", "resurrected", "churned"), lifecycle_week
    ),
    "triangle_week": Figure(("scope", "cohort_week", "k", "size", "bounded", "unbounded"), triangle_week),
    "adoption_last28": Figure(("feature", "users", "active_users", "accounts", "active_accounts"), adoption_last28),
}


def feature_keys(product: Product) -> dict[int, str]:
    """Scope → the key by which events speak of the feature."""
    return dict(known_features(product))


def known_features(product: Product) -> Any:
    """The same as rows."""
    return KnownKey.objects.of(product).filter(kind=KeyKind.FEATURE).values_list("id", "key")


def _of(model: type[RolledUp], product: Product, scope: int | None) -> Any:
    """The rows of a product, or of one of its scopes."""
    rows = model.objects.of(product)
    return rows if scope is None else rows.filter(scope=scope)


def _named(product: Product, rows: Any) -> list[Row]:
    """Rows with the feature's key in the place of its number, in the order of their first columns."""
    names = {PRODUCT_SCOPE: "*", **feature_keys(product)}
    return sorted(_with_names(rows, names))


def _with_names(rows: Any, names: dict[int, str]) -> Iterator[Row]:
    for scope, *rest in rows:
        yield names[scope], *rest
