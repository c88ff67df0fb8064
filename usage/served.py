"""The rows that a page of insights is made of, all in one statement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from accounts.prepared import Prepared
from listing.together import listed
from products.models import Product
from usage.models import (
    PRODUCT_SCOPE,
    Adoption,
    KeyKind,
    KnownKey,
    LifeWeek,
    MetricDay,
    Population,
    RetentionTriangle,
    TimeToAdopt,
    UsageKey,
)

PERIOD = timedelta(days=28)
WEEK = timedelta(days=7)
WEEKS_SHOWN = 13
FOR_WEEKS = ("week", "active", "new", "retained", "resurrected", "lapsed")
DAILY = {Population.USERS: ("dau", "wau7", "mau28"), Population.ACCOUNTS: ("daa", "waa7", "maa28")}


class Waited(NamedTuple):
    """How long it took to begin with a feature, as TimeToAdopt has it."""

    released_on: date | None
    days: list[int]
    adopted: list[int]
    waiting: list[int]
    followed: list[int]
    by_day: list[int]


class Served(NamedTuple):
    """All rows that a page of insights is made of, as they come: days are texts."""

    days: list[list[Any]]
    before: list[list[Any]]
    weeks: list[list[Any]]
    cohorts: list[list[Any]]
    adoption: list[list[Any]]
    times: list[list[Any]]
    feature_keys: list[list[Any]]
    usage_keys: list[list[Any]]


def _served(product: Product, through: date, population: Population, kept: str) -> Any:
    counts = DAILY[population]
    before = MetricDay.objects.of(product).filter(day=through - PERIOD)
    adoption = Adoption.objects.of(product).filter(kind=population, period=Adoption.Period.TRAILING)
    return Product.objects.with_deleted().filter(pk=product.pk).values_list(
        listed(_days(product, through), "day", *counts),
        listed(before, "scope", counts[2]),
        listed(_weeks(product, population), *FOR_WEEKS),
        listed(_cohorts(product, population), "cohort", "size", kept),
        listed(adoption, "scope", "eligible", "tried", "adopted"),
        listed(TimeToAdopt.objects.of(product).filter(kind=population), "scope", *Waited._fields),
        listed(KnownKey.objects.of(product).filter(kind=KeyKind.FEATURE), "id", "key"),
        listed(
            UsageKey.objects.of(product).order_by("key", "links__pk"),
            "key", "name", "links__item__number", "links__item__deleted_at",
        ),
    )  # fmt: skip


def _days(product: Product, through: date) -> Any:
    first = through - WEEKS_SHOWN * WEEK - 2 * PERIOD
    return MetricDay.objects.of(product).filter(scope=PRODUCT_SCOPE, day__gt=first, day__lte=through)


def _weeks(product: Product, kind: int) -> Any:
    return LifeWeek.objects.of(product).filter(scope=PRODUCT_SCOPE, kind=kind).order_by("-week")[:WEEKS_SHOWN]


def _cohorts(product: Product, kind: int) -> Any:
    rows = RetentionTriangle.objects.of(product).filter(scope=PRODUCT_SCOPE, kind=kind)
    return rows.order_by("-cohort")[:WEEKS_SHOWN]


SERVED = Prepared(_served)
