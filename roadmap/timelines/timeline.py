"""What a timeline is made of, in plain values: a window of months, bars in lanes, marked days, arrows. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

ZOOMS = {"month": 4, "quarter": 9, "year": 24}  # months shown
DAY_WIDTH = {"month": 8.0, "quarter": 3.7, "year": 1.6}  # pixels
STEP = {"month": 1, "quarter": 3, "year": 12}  # months that one step moves
ROW, PADDING, LETTER = 40, 10, 5.8  # pixels: a row of bars, the lane's inset, a letter of a label
FOLDED = 41  # pixels of a folded lane
MARKER_ROOM, MARKER_ROW, MARKERS_LEAST = 44, 30, 41  # pixels: of a marker beside its words, of a row, of all rows
MIDDLE = 15  # pixels from the top of a bar to where arrows leave it
RELEASE = "release"
SOFTER, MOST_SOFT = 6, 60  # a day goes by one for each so many days ahead, and at most by so many


@dataclass(frozen=True)
class Window:
    """`first` to `last`, both included, both the edge of a month. Offsets are counted from `origin`, else from `first`."""

    first: date
    last: date
    zoom: str
    origin: date | None = None

    @classmethod
    def around(cls, day: date, zoom: str) -> Window:
        """For quarters and years the window starts at the quarter of `day`, for months a month before."""
        months = ZOOMS[zoom]
        index = day.year * 12 + day.month - 1
        start = index - 1 if zoom == "month" else index // 3 * 3
        return cls(_month(start), _month(start + months) - timedelta(days=1), zoom)

    @classmethod
    def between(cls, first: date, last: date, zoom: str, origin: date) -> Window:
        """The whole months of a span, of a timeline that was drawn from `origin` on."""
        following = last.year * 12 + last.month
        return cls(first.replace(day=1), _month(following) - timedelta(days=1), zoom, origin)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def day_width(self) -> float:
        return DAY_WIDTH[self.zoom]

    @property
    def width(self) -> int:
        """In pixels."""
        return round(self.days * self.day_width)

    def offset(self, day: date) -> int:
        """Days from the origin; negative before it."""
        return (day - (self.origin or self.first)).days

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


class Softness(StrEnum):
    """How sure the days of a bar are, as it is drawn: solid, with soft ends, or as a block of whole quarters."""

    FIRM = "firm"
    RANGE = "range"
    QUARTER = "quarter"


@dataclass(slots=True)
class Bar:
    """A span of days in a lane, in plain values: whoever draws it need not know of what day it tells, or who read it.

    `address` is where a person goes from it, and below it, where somebody `may_move` it, new days are sent to. `status` is said of it
    besides its title and its days. `done` is in percent, `soft` how many days its ends may still go, `look` an
    attribute that colours it (`data-tone="ok"`). Its place is given by `lay_out` and `pack`.
    """

    key: str
    label: str
    starts_on: date
    ends_on: date
    state: str = "planned"
    status: str = ""
    done: int = 0
    softness: str = Softness.FIRM
    soft: int = 0
    address: str = ""
    may_move: bool = False
    change: int = 0
    look: str = ""
    is_chained: bool = False
    offset: int = 0
    days: int = 1
    row: int = 0
    is_short: bool = False


@dataclass
class Lane:
    """`is_folded`: only its head is drawn, with how many bars it holds."""

    key: str
    name: str
    bars: list[Bar] = field(default_factory=list)
    rows: int = 1
    progress: Decimal | None = None  # in percent
    least: int = 0  # the pixels that its name and progress need
    is_folded: bool = False

    @property
    def height(self) -> int:
        return FOLDED if self.is_folded else max(self.least, PADDING * 2 + self.rows * ROW - 8)


@dataclass
class Marker:
    """A day that is marked above the lanes: a release, a milestone, a gate. `flip` writes its name before the day, where there is
    no room behind; `row` keeps names apart. Both are given by `arrange`."""

    kind: str
    name: str
    day: date
    state: str = ""
    address: str = ""
    key: str = ""
    is_chosen: bool = False
    offset: int = 0
    row: int = 0
    flip: bool = False


class Link(NamedTuple):
    """That the bar `item` needs the bar `needs`; `is_late` when it starts before that ends, with the sentence that says so."""

    needs: str
    item: str
    is_late: bool = False
    sentence: str = ""
    is_chained: bool = False


class Arrow(NamedTuple):
    """A dependency drawn from the end of the bar `needs` to the start of the bar `item`; `is_late` when that starts too early."""

    needs: str
    item: str
    path: str
    is_late: bool
    sentence: str = ""
    is_chained: bool = False


@dataclass
class Timeline:
    """All that a timeline draws. Offsets are days from `origin`, the first day of the page that was drawn first."""

    window: Window
    today: date
    lanes: list[Lane] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    @property
    def today_offset(self) -> int | None:
        return self.window.offset(self.today) if self.window.first <= self.today <= self.window.last else None

    @property
    def height(self) -> int:
        return sum(lane.height + 1 for lane in self.lanes)

    @property
    def markers_height(self) -> int:
        return MARKERS_LEAST + max((marker.row for marker in self.markers), default=0) * MARKER_ROW

    @cached_property
    def conflicts(self) -> list[Arrow]:
        return [arrow for arrow in self.arrows if arrow.is_late]


def softening(day: date, today: date) -> int:
    """By how many days a rough date may still go, either way: the farther off, the more; none once it is there."""
    return min(MOST_SOFT, (day - today).days // SOFTER) if day > today else 0


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
