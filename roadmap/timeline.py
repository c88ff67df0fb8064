"""The geometry of a timeline, in days from the first day of its window. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

ZOOMS = {"month": 4, "quarter": 9, "year": 24}  # months shown
DAY_WIDTH = {"month": 8.0, "quarter": 3.7, "year": 1.6}  # pixels
STEP = {"month": 1, "quarter": 3, "year": 12}  # months that one step moves
ROW, PADDING, LETTER = 40, 10, 5.8  # pixels: a row of bars, the lane's inset, a letter of a label


@dataclass(frozen=True)
class Window:
    """`first` to `last`, both included, both the edge of a month."""

    first: date
    last: date
    zoom: str

    @classmethod
    def around(cls, day: date, zoom: str) -> Window:
        """For quarters and years the window starts at the quarter of `day`, for months a month before."""
        months = ZOOMS[zoom]
        index = day.year * 12 + day.month - 1
        start = index - 1 if zoom == "month" else index // 3 * 3
        return cls(_month(start), _month(start + months) - timedelta(days=1), zoom)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def day_width(self) -> float:
        return DAY_WIDTH[self.zoom]

    def offset(self, day: date) -> int:
        """Days from the window's first day; negative before it."""
        return (day - self.first).days

    def moved(self, steps: int) -> date:
        """The day that names the window `steps` steps later: months, quarters or years."""
        index = self.first.year * 12 + self.first.month - 1 + steps * STEP[self.zoom]
        return _month(index + (1 if self.zoom == "month" else 0))

    def months(self) -> list[Month]:
        found = []
        index = self.first.year * 12 + self.first.month - 1
        while _month(index) <= self.last:
            first, following = _month(index), _month(index + 1)
            found.append(Month(first, self.offset(first), (following - first).days))
            index += 1
        return found


@dataclass(frozen=True)
class Month:
    first: date
    offset: int
    days: int

    @property
    def starts_quarter(self) -> bool:
        return self.first.month % 3 == 1

    @property
    def quarter(self) -> int:
        return (self.first.month + 2) // 3


@dataclass
class Bar:
    """A span of days in a lane. `row` is given by `pack`; `clipped` ends lie outside the window."""

    key: Any
    label: str
    starts_on: date
    ends_on: date
    offset: int = 0
    days: int = 1
    row: int = 0
    is_short: bool = False
    source: Any = None


@dataclass
class Lane:
    key: str
    name: str
    bars: list[Bar] = field(default_factory=list)
    rows: int = 1
    source: Any = None
    progress: Decimal | None = None  # in percent
    least: int = 0  # the pixels that its name and progress need

    @property
    def height(self) -> int:
        return max(self.least, PADDING * 2 + self.rows * ROW - 8)


def lay_out(bars: Iterable[Bar], window: Window) -> list[Bar]:
    """The bars that touch the window, cut to it, with offset and length in days."""
    shown = []
    for bar in bars:
        if bar.ends_on < window.first or bar.starts_on > window.last:
            continue
        start, end = max(bar.starts_on, window.first), min(bar.ends_on, window.last)
        bar.offset, bar.days = window.offset(start), (end - start).days + 1
        bar.is_short = bar.days * window.day_width < len(bar.label) * LETTER + 20
        shown.append(bar)
    return shown


def pack(bars: Sequence[Bar], window: Window) -> int:
    """Give each bar the first row where neither it nor its label overlaps another; returns the number of rows."""
    free_from: list[float] = []
    for bar in sorted(bars, key=lambda one: (one.offset, one.days, str(one.key))):
        label_days = (len(bar.label) * LETTER + 24) / window.day_width if bar.is_short else 0
        end = bar.offset + bar.days + label_days
        for row, free in enumerate(free_from):
            if free <= bar.offset:
                bar.row, free_from[row] = row, end
                break
        else:
            bar.row = len(free_from)
            free_from.append(end)
    return max(1, len(free_from))


def free_row(taken: list[list[tuple[float, float]]], span: tuple[float, float]) -> int:
    """The first row where `span` overlaps nothing; it is taken from then on."""
    for row, spans in enumerate(taken):
        if all(span[1] <= start or end <= span[0] for start, end in spans):
            spans.append(span)
            return row
    taken.append([span])
    return len(taken) - 1


@dataclass(frozen=True)
class Arrow:
    """A dependency drawn from the end of one bar to the start of another; `is_late` when that starts too early."""

    path: str
    is_late: bool
    sentence: str = ""


def arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """An SVG path with square corners rounded by 4, from a bar's end to another bar's start."""
    (x1, y1), (x2, y2) = start, end
    if y1 == y2 and x2 > x1:
        return f"M{x1:.0f} {y1:.0f}H{x2 - 1:.0f}"
    turn = 4 if y2 > y1 else -4
    if x2 - x1 > 14:
        middle = x2 - 10
        return f"M{x1:.0f} {y1:.0f}H{middle - 4:.0f}q4 0 4 {turn}V{y2 - turn:.0f}q0 {turn} 4 {turn}H{x2 - 1:.0f}"
    between = y1 + 5 * turn
    return (
        f"M{x1:.0f} {y1:.0f}h6q4 0 4 {turn}V{between - turn:.0f}q0 {turn} -4 {turn}H{x2 - 8:.0f}"
        f"q-4 0 -4 {turn}V{y2 - turn:.0f}q0 {turn} 4 {turn}H{x2 - 1:.0f}"
    )


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
