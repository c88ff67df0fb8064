"""The strip of the time machine: days of change as ticks, baselines, and the day or days looked at, as places from 0 to 100. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple

MOST_TICKS = 120
TALLEST, LOWEST = 26, 2  # pixels
SHORTEST = 60  # days
ROOM = 9.0  # of a baseline's name, in hundredths of the strip


class Tick(NamedTuple):
    place: float
    height: int


class Mark(NamedTuple):
    """A baseline. `name` is empty where there is no room for it beside its neighbour."""

    place: float
    name: str
    value: str
    is_chosen: bool


@dataclass(frozen=True)
class Strip:
    first: date
    last: date
    ticks: list[Tick]
    marks: list[Mark]
    knobs: list[float]

    @property
    def days(self) -> int:
        return (self.last - self.first).days


def strip(
    changed: Mapping[date, int],
    baselines: Sequence[tuple[date, str, str]],
    chosen: Sequence[date],
    today: date,
    chosen_values: Sequence[str] = (),
) -> Strip:
    """`baselines`: day, name and what an address calls each. The strip begins with the first day of which there is something to see."""
    known = [day for day in (*changed, *chosen, *(day for day, _name, _value in baselines)) if day < today]
    first = min([*known, today - timedelta(days=SHORTEST)])
    days = (today - first).days

    def place(day: date) -> float:
        return round((day - first).days * 100 / days, 2)

    marks: list[Mark] = []
    free_from = -ROOM
    for day, name, value in sorted(baselines):
        at = place(min(day, today))
        fits = at >= free_from
        marks.append(Mark(at, name if fits else "", value, value in chosen_values))
        free_from = at + ROOM if fits else free_from
    return Strip(first, today, _ticks(changed, first, days), marks, [place(min(day, today)) for day in chosen])


def _ticks(changed: Mapping[date, int], first: date, days: int) -> list[Tick]:
    """One for each day, or for several together where there are too many; as high as there was change."""
    step = max(1, -(-days // MOST_TICKS))
    sums: dict[int, int] = {}
    for day, count in changed.items():
        n = (day - first).days // step
        if 0 <= n * step < days:
            sums[n] = sums.get(n, 0) + count
    most = max(sums.values(), default=1)
    return [
        Tick(round(min(n * step + step / 2, days) * 100 / days, 2), max(LOWEST, round(TALLEST * sqrt(count / most))))
        for n, count in sorted(sums.items())
    ]


def neighbours(changed: Mapping[date, int], day: date) -> tuple[date | None, date | None]:
    """The days of change before and after one."""
    before = max((one for one in changed if one < day), default=None)
    after = min((one for one in changed if one > day), default=None)
    return before, after
