"""The roadmap of the whole portfolio: a row for each product with its stages, gates, releases and milestones, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.past import as_of
from products.models import Health, Initiative, Objective, Product
from roadmap.models import Milestone, Release
from roadmap.plans.designs import month_after
from roadmap.portfolio.marks import Life, lives_later

MONTHS = 15
WORST_FIRST = (Health.OFF_TRACK, Health.AT_RISK, Health.ON_TRACK)


class Event(NamedTuple):
    """A release or a milestone. `state`: done, risk where its day is over, or ""."""

    kind: str
    name: str
    day: date
    state: str
    public_id: str


@dataclass
class Standing:
    """How a product stands: what its lead said, else the worst of its goals and initiatives (`below`: how many of them stand so)."""

    health: str = Health.NOT_SET.value
    below: int = 0


@dataclass
class ProductRow:
    product: Any
    standing: Standing
    life: Life
    events: list[Event] = field(default_factory=list)


@dataclass
class Portfolio:
    """`first` and `last`: the days that are drawn, whole quarters from the one of the day that was asked for."""

    first: date
    last: date
    today: date
    rows: list[ProductRow]

    def count(self, health: str) -> int:
        return sum(row.standing.health == health for row in self.rows)


def _releases(member: Member, products: list[int], first: date, last: date) -> QuerySet[Release]:
    rows = Release.objects.visible_to(member).filter(product__among=products, ends_on__range=(first, last))
    return rows.order_by("ends_on", "pk").values_list("product_id", "name", "ends_on", "released_at", "public_id")


def _milestones(member: Member, products: list[int], first: date, last: date) -> QuerySet[Milestone]:
    rows = Milestone.objects.visible_to(member).filter(product__among=products, day__range=(first, last))
    return rows.order_by("day", "pk").values_list("product_id", "name", "day", "public_id")


def _healths(model: Any) -> Prepared:
    def build(member: Member, products: list[int], today: date) -> QuerySet[Any]:
        rows = model.objects.visible_to(member).filter(product__among=products).exclude(health=Health.NOT_SET)
        return rows.filter(Q(ends_on=None) | Q(ends_on__gte=today)).order_by().values_list("product_id", "health")

    return Prepared(build)


THEN = Prepared(
    lambda ids: Product.objects.filter(pk__among=ids).order_by().values_list("pk", "stage", "health", "health_reason")
)
RELEASES, MILESTONES = Prepared(_releases), Prepared(_milestones)
OF_GOALS, OF_INITIATIVES = _healths(Objective), _healths(Initiative)


def portfolio_of(member: Member, products: Sequence[Any], at: date, today: date, *, is_past: bool = False) -> Portfolio:
    """One statement, however many products there are. `products` are those that the member sees. Where it is past, `today` is the day looked
    back on, and whoever calls reads as of it."""
    first = month_after(at, -((at.month - 1) % 3))
    last = date.fromordinal(month_after(first, MONTHS).toordinal() - 1)
    ids, together = [product.pk for product in products], Together()
    releases, milestones = (together.ask(rows, member, ids, first, last) for rows in (RELEASES, MILESTONES))
    goals, initiatives = (together.ask(rows, member, ids, today) for rows in (OF_GOALS, OF_INITIATIVES))
    lives = lives_later(member, products, together, today if is_past else None)
    events: dict[int, list[Event]] = defaultdict(list)
    for pk, name, day, released_at, public_id in releases():
        state = "done" if released_at is not None else "risk" if day < today else ""
        events[pk].append(Event("release", name, day, state, public_id))
    for pk, name, day, public_id in milestones():
        events[pk].append(Event("milestone", name, day, "", public_id))
    below = _below([*goals(), *initiatives()])
    known = lives()
    rows = [
        ProductRow(product, _standing(product, below.get(product.pk, [])), known[product.pk], events[product.pk])
        for product in products
    ]
    return Portfolio(first, last, today, rows)


def as_they_were(products: Sequence[Product], moment: datetime) -> list[Product]:
    """Those of them that there were, in the stage and with the health of then. One statement."""
    with as_of(moment, Product):
        then = {pk: values for pk, *values in THEN.rows([one.pk for one in products])}
    found = [copy(one) for one in products if one.pk in then]
    for one in found:
        one.stage, one.health, one.health_reason = then[one.pk]
    return found


def _below(pairs: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, health in pairs:
        found[pk].append(health)
    return found


def _standing(product: Any, below: list[str]) -> Standing:
    if product.health != Health.NOT_SET:
        return Standing(product.health)
    worst = next((one for one in WORST_FIRST if one in below), None)
    return Standing(worst.value, below.count(worst)) if worst else Standing()
