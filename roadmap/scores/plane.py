"""What the matrix of a product shows: its axes, the items that have both values, and those that lack one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import zip_longest
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, Value, Window

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from products.models import Product
from roadmap.backlog.table import columns
from roadmap.models import Item, scoring_of
from roadmap.plans.rows import ask
from roadmap.scores.factor_fields import editable
from roadmap.scores.factors import Factor
from roadmap.scores.formulas import Formula, each_factor
from roadmap.scores.matrix import (
    HEIGHT,
    WIDTH,
    Axis,
    Spot,
    can_be_axis,
    default_axes,
    diameter,
    shifts,
    sides_of_labels,
)
from roadmap.scores.ready_made import SHARED
from roadmap.scores.scorebox import inputs_of

#: More names than these cannot be told apart: of the items that are asked for less only a light bubble shows, and of those
#: beyond how many they are.
NAMED, MOST = 60, 300
WAITING = 12
PATHS = (
    "pk", "number", "title", "change_id", "status__name", "status__category", "reach", "impact", "confidence", "effort",
    "factors", "measured", "score",
)  # fmt: skip


@dataclass(frozen=True)
class Bubble:
    """An item in the plane. `side` is where its label stands; `asking` the customers that want it. A light one is named only
    where it is pointed at. `shift` are the pixels by which it stands beside others of the same values."""

    row: Any
    x: float
    y: float
    raw_x: Any
    raw_y: Any
    size: int
    side: str
    asking: Any
    is_light: bool = False
    shift: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Plane:
    """`across` and `up` are the axes; `choices` the factors that could be."""

    product: Product
    formula: Formula
    choices: list[Factor]
    across: Axis
    up: Axis
    bubbles: list[Bubble]
    placed: int
    waiting: list[Any]
    lacking: int

    @property
    def light(self) -> int:
        return sum(one.is_light for one in self.bubbles)

    @property
    def undrawn(self) -> int:
        """How many have both values and are not drawn."""
        return self.placed - len(self.bubbles)

    @cached_property
    def quadrants(self) -> dict[str, str]:
        """What each quarter stands for, by the corner; none where both axes say the same of an item."""
        if self.up.factor.is_cost:
            return {}
        names = ("wins", "bets", "fill", "twice")
        corners = ("tl", "tr", "bl", "br") if self.across.factor.is_cost else ("tr", "tl", "br", "bl")
        return dict(zip(corners, names, strict=True))


def factors_of(product: Product) -> list[Factor]:
    """Those of the product's scorecards; where these have too few, reach, impact, confidence and effort."""
    found = [one for one in each_factor(scoring_of(product).formulas) if can_be_axis(one)]
    if default_axes(found) is None:
        found = [*found, *(one for one in SHARED.values() if one.key not in {other.key for other in found})]
    return found


def axes_of(factors: list[Factor], query: Mapping[str, str]) -> tuple[Factor, Factor]:
    """Across and up, as asked for, else cost against gain."""
    known = {one.key: one for one in factors}
    default = default_axes(factors)
    assert default is not None  # SHARED has both
    across, up = known.get(query.get("x", "")) or default[0], known.get(query.get("y", "")) or default[1]
    if across.key == up.key:
        across = next(one for one in factors if one.key != up.key)
    return across, up


def plane_of(
    member: Member, product: Product, query: Mapping[str, str], condition: Q | None, together: Together | None = None
) -> Plane:
    """Open items that the condition filters. Two statements, however many items there are; with the second comes what was asked
    `together` before."""
    choices = factors_of(product)
    across, up = axes_of(choices, query)
    variant = (condition or Q(), _has(across) & _has(up))
    together = together or Together()
    placed = ask(together, PLACED, member, product, variant=(*variant, MOST))
    waiting = ask(together, WAITS, member, product, variant=variant)()
    shown = placed()
    axes = [Axis.of(factor, [inputs_of(row).get(factor.key) for row in shown]) for factor in (across, up)]
    bubbles = _bubbles(shown, axes[0], axes[1])
    return Plane(
        product, scoring_of(product).first, choices, axes[0], axes[1], bubbles, shown[0].all if shown else 0, waiting,
        waiting[0].all if waiting else 0,
    )  # fmt: skip


def _open(member: Member, product: Product, condition: Q) -> QuerySet[Any]:
    """Each with how many there are of its kind."""
    return Item.objects.visible_at(product, member).open().filter(condition).annotate(all=Window(Count("*")))


def _asking(product: Product) -> Any:
    """How many customers ask for an item, where an app to the right counts them: the same for all who see the item."""
    order = columns()["demand"].order if "demand" in columns() else None
    return order(product) if order else Value(None, IntegerField())


PLACED = Prepared(
    lambda member, product, condition, both, most: (
        _open(member, product, condition)
        .filter(both)
        .annotate(asking=_asking(product))
        .order_by(F("asking").desc(nulls_last=True), F("score").desc(nulls_last=True), "rank")
        .values_list(*PATHS, "asking", "all", named=True)[:most]
    )
)
WAITS = Prepared(
    lambda member, product, condition, both: (
        _open(member, product, condition)
        .exclude(both)
        .order_by("rank")
        .values_list("number", "title", "change_id", "pk", "all", named=True)[:WAITING]
    )
)


def _has(factor: Factor) -> Q:
    if factor.is_column:
        return Q(**{f"{factor.key}__isnull": False})
    return Q(**{f"{'measured' if factor.live else 'factors'}__has_key": factor.key})


def _bubbles(rows: list[Any], across: Axis, up: Axis) -> list[Bubble]:
    most = max((row.asking or 0 for row in rows), default=0)
    found = []
    for row in rows:
        inputs = inputs_of(row)
        raw_x, raw_y = inputs.get(across.factor.key), inputs.get(up.factor.key)
        x, y = across.place(raw_x), up.place(raw_y)
        if x is None or y is None:  # what was allowed once and is no more
            continue
        customers = row.asking or 0
        found.append((row, x, y, raw_x, raw_y, diameter(customers, most), customers))
    shifted = shifts((x, y) for _row, x, y, *_rest in found)
    spots = (
        (x + right / WIDTH * 100, y - down / HEIGHT * 100, size, len(row.title))
        for (row, x, y, _rx, _ry, size, _n), (right, down) in zip(found[:NAMED], shifted, strict=False)
    )
    sides = _sides(tuple(spots))
    return [
        Bubble(row, x, y, editable(raw_x), editable(raw_y), size, side or "", customers, side is None, shift)
        for (row, x, y, raw_x, raw_y, size, customers), shift, side in zip_longest(found, shifted, sides)
    ]


@lru_cache(maxsize=256)
def _sides(spots: tuple[tuple[float, float, int, int], ...]) -> list[str]:
    """Where labels stand is found by trying each against all others: kept for the same places."""
    return sides_of_labels([Spot(*one) for one in spots])
