"""A plan on a timeline: bars in lanes, markers, arrows, as pixels of one window. Pure: what is placed was read by roadmap/planning.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import NamedTuple

from django.utils.translation import gettext as _

from roadmap import timeline
from roadmap.laning import label_of
from roadmap.planning import Day, Plan, PlanLane, PlannedRelease, Row, Waiting
from roadmap.timeline import LETTER, PADDING, ROW, Arrow, Bar, Lane, arrow, free_row, lay_out, pack
from ui import formats

MARKER_ROOM, MARKER_ROW, MARKERS_LEAST = 44, 30, 41  # pixels: of a marker beside its words, of a row, of all rows
LANE_LETTERS, LANE_LINE, LANE_AROUND, LANE_PROGRESS = 21, 17, 26, 26  # letters of a line of a lane's name; pixels


class Marker(NamedTuple):
    """A release on its day. `flip` writes its name before the day, where there is no room behind; `row` keeps names apart."""

    release: PlannedRelease
    offset: int
    state: str
    flip: bool
    row: int = 0

    @property
    def name(self) -> str:
        return self.release.name


class Stone(NamedTuple):
    """A milestone on its day; `row` is below those of the releases."""

    milestone: Day
    offset: int
    flip: bool
    row: int

    @property
    def name(self) -> str:
        return self.milestone.name


@dataclass
class Placed:
    """A plan with the places of all that is drawn of it."""

    plan: Plan
    window: timeline.Window
    lanes: list[Lane]
    markers: list[Marker]
    stones: list[Stone]
    arrows: list[Arrow]
    height: int
    conflicts: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.plan.question.today

    @property
    def lanes_by(self) -> str:
        return self.plan.question.design.lanes

    @property
    def lanes_label(self) -> str:
        return label_of(self.lanes_by, self.plan.question.own)

    @property
    def tray(self) -> list[Waiting]:
        return self.plan.waiting

    @property
    def tray_count(self) -> int:
        return self.tray[0].all if self.tray else 0

    @property
    def today_offset(self) -> int | None:
        offset = self.window.offset(self.today)
        return offset if 0 <= offset < self.window.days else None

    @property
    def width(self) -> int:
        return round(self.window.days * self.window.day_width)

    @property
    def markers_height(self) -> int:
        return MARKERS_LEAST + max((one.row for one in [*self.markers, *self.stones]), default=0) * MARKER_ROW

    @property
    def earlier(self) -> str:
        return self.window.moved(-1).isoformat()

    @property
    def later(self) -> str:
        return self.window.moved(1).isoformat()


def place(plan: Plan, window: timeline.Window) -> Placed:
    """The plan in this window."""
    today = plan.question.today
    lanes = [_lane(lane, window) for lane in plan.lanes]
    arrows = _arrows(plan.needs, lanes, window)
    markers = _markers(plan.releases, window, today)
    below = max((marker.row + 1 for marker in markers), default=0)
    return Placed(
        plan=plan,
        window=window,
        lanes=lanes,
        markers=markers,
        stones=_stones(plan.milestones, window, today, below),
        arrows=arrows,
        height=sum(lane.height + 1 for lane in lanes),
        conflicts=[one.sentence for one in arrows if one.is_late],
    )


def _lane(planned: PlanLane, window: timeline.Window) -> Lane:
    """Its bars in rows, and the room that its name and progress take."""
    lane = Lane(planned.key, planned.name, lay_out(map(_bar, planned.rows), window), source=planned)
    if planned.progress is not None:
        lane.progress = planned.progress
        lane.least = LANE_AROUND + LANE_PROGRESS + LANE_LINE * ceil(len(lane.name) / LANE_LETTERS)
    lane.rows = pack(lane.bars, window)
    return lane


def _bar(row: Row) -> Bar:
    assert row.starts_on is not None
    assert row.ends_on is not None
    return Bar(row.pk, row.title, row.starts_on, row.ends_on, source=row)


def _markers(releases: Iterable[PlannedRelease], window: timeline.Window, today: date) -> list[Marker]:
    found: list[Marker] = []
    taken: list[list[tuple[float, float]]] = []
    for release in releases:
        late = release.ends_on < today and not release.is_released
        state = "shipped" if release.is_released else "risk" if late else "on"
        offset = window.offset(release.ends_on)
        words = f"{release.name} {formats.day(release.ends_on, today)}"
        at, length = offset * window.day_width, len(words) * LETTER + MARKER_ROOM
        flip = at + length > window.days * window.day_width
        row = free_row(taken, (at - length, at) if flip else (at, at + length))
        found.append(Marker(release, offset, state, flip, row))
    return found


def _stones(milestones: Iterable[Day], window: timeline.Window, today: date, below: int) -> list[Stone]:
    found: list[Stone] = []
    taken: list[list[tuple[float, float]]] = []
    for one in milestones:
        offset = window.offset(one.day)
        at, length = offset * window.day_width, len(f"{one.name} {formats.day(one.day, today)}") * LETTER + MARKER_ROOM
        flip = at + length > window.days * window.day_width
        row = free_row(taken, (at - length, at) if flip else (at, at + length))
        found.append(Stone(one, offset, flip, below + row))
    return found


def _arrows(pairs: Iterable[tuple[int, int]], lanes: list[Lane], window: timeline.Window) -> list[Arrow]:
    places: dict[int, tuple[Bar, float]] = {}
    top = 0
    for lane in lanes:
        for bar in lane.bars:
            places[bar.key] = (bar, top + PADDING + bar.row * ROW + 15)
        top += lane.height + 1
    arrows = []
    for needs_id, item_id in pairs:
        if needs_id not in places or item_id not in places:
            continue
        (needed, y1), (waiting, y2) = places[needs_id], places[item_id]
        late = waiting.starts_on <= needed.ends_on
        sentence = _("%(item)s starts before %(needs)s ends.") % {"item": waiting.label, "needs": needed.label}
        start = ((needed.offset + needed.days) * window.day_width, y1)
        arrows.append(Arrow(arrow(start, (waiting.offset * window.day_width, y2)), late, sentence if late else ""))
    return arrows
