"""The matrix: two factors of a scorecard as a plane, items as bubbles in it. Pure functions: where a value stands, which value a
place means, and on which side of its bubble each label fits.

Places are percent of the plane, from the left and from the bottom. Values that are chosen (1, 2, 3, 5, … or S, M, L) stand at equal
distances, those of a range where they are in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, sin
from typing import Any

from roadmap.scores.factor_fields import editable
from roadmap.scores.factors import Factor, Kind, plain

#: Diameters of bubbles, in pixels; the area follows the number of customers.
SMALLEST, LARGEST = 18, 44
#: The plane that labels are laid out for, in pixels; on smaller ones they show at the bubble that is pointed at.
WIDTH, HEIGHT = 800, 640
LETTER, LINE, GAP = 6.6, 18, 6
LONGEST_LABEL = 34
#: How far those of one place stand apart, and how they turn around it.
APART, GOLDEN_ANGLE = 18, 2.39996


@dataclass(frozen=True)
class Axis:
    """`values` are what can be chosen, as forms send them; empty for a range from `low` to `high` in steps."""

    factor: Factor
    low: Decimal
    high: Decimal
    values: tuple[Any, ...] = ()

    @classmethod
    def of(cls, factor: Factor, used: Iterable[Any]) -> Axis:
        """`used` are the values that items have: they decide the end of a range that has none."""
        chosen = factor.candidates()
        if chosen is not None:
            return cls(factor, Decimal(0), Decimal(len(chosen)), tuple(chosen))
        known = [value for value in map(factor.value, used) if value is not None]
        low = min([factor.low, *known]) if factor.high is not None else Decimal(0)
        high = factor.high if factor.high is not None else _round_up(max([Decimal(10), *known]))
        return cls(factor, low, max([high, *known]))

    @property
    def step(self) -> Decimal:
        """What an arrow key moves: a step of the factor, or a fiftieth of a range that is wide."""
        wide = (self.high - self.low) / 50
        return self.factor.step if wide <= self.factor.step * 2 else Decimal(1).scaleb(wide.adjusted())

    @property
    def lowest(self) -> Decimal:
        """A divisor is never nought."""
        return max(self.low, self.factor.low)

    def place(self, raw: Any) -> float | None:
        """Percent; None for what is no value of the factor."""
        if self.values:
            found = next((n for n, one in enumerate(self.values) if editable(one) == editable(raw)), None)
            return None if found is None else (found + 0.5) / len(self.values) * 100
        value = self.factor.value(raw)
        return None if value is None else float((value - self.low) / (self.high - self.low) * 100)

    def value_at(self, percent: float) -> Any:
        """The allowed value nearest to a place."""
        share = min(1.0, max(0.0, percent / 100))
        if self.values:
            return self.values[min(len(self.values) - 1, int(share * len(self.values)))]
        steps = round((self.high - self.low) * Decimal(str(share)) / self.step)
        return plain(min(self.high, max(self.lowest, self.low + steps * self.step)))

    @property
    def is_fixed(self) -> bool:
        """Measured: nobody moves an item along it."""
        return bool(self.factor.live)

    @property
    def ends(self) -> tuple[str, str]:
        """The words at its two ends."""
        if self.values:
            return self.factor.shown(self.values[0]), self.factor.shown(self.values[-1])
        return self.factor.shown(plain(self.low)), self.factor.shown(plain(self.high))


def _round_up(value: Decimal) -> Decimal:
    """To 1, 2 or 5 with noughts, so that the largest value does not stand at the edge."""
    size = Decimal(1).scaleb(value.adjusted())
    return next(size * one for one in (1, 2, 4, 5, 10, 20) if size * one >= value)


def default_axes(factors: Sequence[Factor]) -> tuple[Factor, Factor] | None:
    """Across and up: what costs against what gains. None where there are not two."""
    gains = [one for one in factors if not one.is_cost]
    costs = [one for one in factors if one.is_cost]
    if not gains or len(factors) < 2:
        return None
    up = next((one for one in gains if one.key in ("value", "impact")), gains[0])
    across = costs[0] if costs else next(one for one in reversed(factors) if one is not up)
    return across, up


def diameter(customers: int, most: int) -> int:
    """The area grows with the customers."""
    if not most:
        return SMALLEST
    return round(SMALLEST + (LARGEST - SMALLEST) * (customers / most) ** 0.5)


@dataclass(frozen=True)
class Spot:
    """A bubble as laying out sees it: centre in percent, diameter and the length of its label in letters."""

    x: float
    y: float
    size: int
    letters: int


def shifts(places: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    """By how many pixels each bubble is drawn beside its place, so that none lies under another of the same values: the first stands
    there, the others around it."""
    stand: Counter[tuple[float, float]] = Counter()
    found = []
    for x, y in places:
        place = round(x, 2), round(y, 2)
        turn, far = stand[place] * GOLDEN_ANGLE, APART * stand[place] ** 0.5
        found.append((round(far * cos(turn)), round(far * sin(turn))))
        stand[place] += 1
    return found


Box = tuple[float, float, float, float]
SIDES = ("right", "left", "above", "below")


def sides_of_labels(spots: Sequence[Spot], width: int = WIDTH, height: int = HEIGHT) -> list[str]:
    """For each bubble the side of its label, or "" where it would lie on another label or bubble on every side: then it
    shows while the bubble is pointed at. Earlier ones choose first."""
    bubbles = [_bubble(spot, width, height) for spot in spots]
    taken: list[Box] = []
    sides = []
    for place, spot in enumerate(spots):
        others = [*taken, *bubbles[:place], *bubbles[place + 1 :]]
        side, box = _first_free(spot, others, width, height)
        sides.append(side)
        if box is not None:
            taken.append(box)
    return sides


def _first_free(spot: Spot, others: list[Box], width: int, height: int) -> tuple[str, Box | None]:
    for side in SIDES:
        box = label_box(spot, side, width, height)
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
        if inside and not any(overlap(box, other) for other in others):
            return side, box
    return "", None


def label_box(spot: Spot, side: str, width: int = WIDTH, height: int = HEIGHT) -> Box:
    """Where a label lies: left, top, right, bottom in pixels."""
    x, y = spot.x / 100 * width, (100 - spot.y) / 100 * height
    long, far = min(spot.letters, LONGEST_LABEL) * LETTER, spot.size / 2 + GAP
    if side == "right":
        return x + far, y - LINE / 2, x + far + long, y + LINE / 2
    if side == "left":
        return x - far - long, y - LINE / 2, x - far, y + LINE / 2
    top = y - far - LINE if side == "above" else y + far
    return x - long / 2, top, x + long / 2, top + LINE


def _bubble(spot: Spot, width: int, height: int) -> Box:
    x, y, half = spot.x / 100 * width, (100 - spot.y) / 100 * height, spot.size / 2
    return x - half, y - half, x + half, y + half


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def can_be_axis(factor: Factor) -> bool:
    return factor.kind != Kind.CLASS
