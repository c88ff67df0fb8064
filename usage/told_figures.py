"""The figures that insights are told in: plain values, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from usage.models import TimeToAdopt
from usage.served import Waited
from usage.survival import median


@dataclass(frozen=True)
class KeyFigure:
    """`before` is the same figure 28 days earlier; `series` leads up to now."""

    value: float | None
    before: float | None = None
    series: Sequence[float] = ()

    @property
    def change(self) -> float | None:
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def points(self) -> float | None:
        """The change of a share."""
        return round(self.change, 1) if self.change is not None else None

    @property
    def growth(self) -> float | None:
        """The change in percent."""
        return round(100 * self.change / self.before, 1) if self.change is not None and self.before else None


class MeasuredItem(NamedTuple):
    number: int
    key: str


class Measured(NamedTuple):
    """A key of the events that somebody named or linked."""

    name: str
    items: list[MeasuredItem]


@dataclass(frozen=True)
class FeatureAdoption:
    """A feature's use in the period, and how long it took to begin with it."""

    name: str
    key: str
    items: tuple[MeasuredItem, ...]
    eligible: int
    tried: int
    adopted: int
    tried_before: float | None
    time: Waited | None

    @property
    def tried_share(self) -> float | None:
        return share(self.tried, self.eligible)

    @property
    def adopted_share(self) -> float | None:
        return share(self.adopted, self.eligible)

    @property
    def widths(self) -> tuple[str, str]:
        """Of the bars for adopted and tried, in percent, for the stylesheet."""
        return f"{self.adopted_share or 0:.1f}", f"{self.tried_share or 0:.1f}"

    @property
    def change(self) -> float | None:
        """Points of those who tried, against the 28 days before."""
        if self.tried_share is None or self.tried_before is None:
            return None
        return round(self.tried_share - self.tried_before)

    @property
    def released_on(self) -> date | None:
        return self.time and self.time.released_on

    @property
    def median_days(self) -> int | None:
        return self.time and median(self.time.days, self.time.adopted, self.time.waiting)

    @property
    def population(self) -> int:
        return sum(self.time.adopted) + sum(self.time.waiting) if self.time else 0

    @property
    def by_marks(self) -> list[tuple[int, float | None, int]]:
        """(day, share that had begun by then, of how many that were followed so long)."""
        if self.time is None:
            return [(mark, None, 0) for mark in TimeToAdopt.MARKS]
        marks = zip(TimeToAdopt.MARKS, self.time.by_day, self.time.followed, strict=True)
        return [(mark, share(by_day, followed), followed) for mark, by_day, followed in marks]


@dataclass(frozen=True)
class Period:
    """Where the active of a week come from. It is unfinished while its last day is not complete."""

    start: date
    active: int
    new: int
    retained: int
    resurrected: int
    lapsed: int
    finished: bool


@dataclass(frozen=True)
class Cohort:
    """Those first active in the week `start`. A cell is None while its week is not complete."""

    start: date
    size: int
    kept: list[int | None]

    @property
    def shares(self) -> list[float | None]:
        return [share(count, self.size) for count in self.kept]


def weighted_mean(cohorts: Sequence[Cohort], age: int) -> float | None:
    """Of all members of the cohorts whose period of that age is complete, the share that was kept, in percent."""
    known = [(cohort.kept[age], cohort.size) for cohort in cohorts if age < len(cohort.kept)]
    counted = [(kept, size) for kept, size in known if kept is not None]
    return share(sum(kept for kept, _size in counted), sum(size for _kept, size in counted))


def share(part: float | None, whole: float) -> float | None:
    """In percent; None of nobody, and of what is not known."""
    return 100 * part / whole if part is not None and whole else None
