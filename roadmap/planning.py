"""From items and releases to what a roadmap draws: lanes of bars, markers, arrows, columns. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from roadmap.models import Category, Horizon, Item, ItemLink, LinkKind, Release
from roadmap.timeline import PADDING, ROW, Arrow, Bar, Lane, Window, arrow, lay_out, pack

LANES = ("objective", "release")
LARGEST_TRAY = 40


@dataclass
class Marker:
    release: Release
    offset: int
    state: str
    flip: bool
    stack: int = 0


@dataclass
class Plan:
    window: Window
    lanes_by: str
    lanes: list[Lane]
    markers: list[Marker]
    arrows: list[Arrow]
    tray: list[Item]
    tray_count: int
    today: date
    height: int
    earlier: str = ""
    later: str = ""
    conflicts: list[str] = field(default_factory=list)

    @property
    def today_offset(self) -> int | None:
        offset = self.window.offset(self.today)
        return offset if 0 <= offset < self.window.days else None

    @property
    def width(self) -> int:
        return round(self.window.days * self.window.day_width)


@dataclass
class Column:
    horizon: str
    name: Any
    claim: Any
    confidence: int
    word: Any
    items: list[Item]


def plan_of(rows: Any, releases: Any, window: Window, lanes_by: str, today: date) -> Plan:
    """A timeline of `rows`. Three statements: scheduled items, releases, dependencies; and the tray of the unscheduled."""
    scheduled = list(
        rows.exclude(starts_on=None)
        .exclude(ends_on=None)
        .filter(starts_on__lte=window.last, ends_on__gte=window.first)
        .order_by("starts_on", "rank")
    )
    open_rows = rows.filter(starts_on=None).open()
    tray = list(open_rows.ranked()[: LARGEST_TRAY + 1])
    releases = list(releases)
    bars = lay_out([_bar(item) for item in scheduled], window)
    lanes = _lanes(bars, lanes_by)
    for lane in lanes:
        lane.rows = pack(lane.bars, window)
    arrows = _arrows(lanes, window)
    return Plan(
        window=window,
        lanes_by=lanes_by,
        lanes=lanes,
        markers=_markers(releases, window, today),
        arrows=arrows,
        tray=tray[:LARGEST_TRAY],
        tray_count=len(tray) if len(tray) <= LARGEST_TRAY else open_rows.count(),
        today=today,
        height=sum(lane.height + 1 for lane in lanes),
        earlier=window.moved(-1).isoformat(),
        later=window.moved(1).isoformat(),
        conflicts=[one.sentence for one in arrows if one.is_late],
    )


def columns_of(rows: Any) -> list[Column]:
    """Now, next and later, in rank order. Shipped and dropped items have left the roadmap's future."""
    items = list(rows.exclude(horizon="").open().ranked())
    described = [
        (Horizon.NOW, _("Now"), _("We are building this"), 3, _("Committed")),
        (Horizon.NEXT, _("Next"), _("Shaped, waiting for room"), 2, _("Confident")),
        (Horizon.LATER, _("Later"), _("Problems we want to solve"), 1, _("Direction")),
    ]
    return [Column(*one, [item for item in items if item.horizon == one[0]]) for one in described]


def state_of(item: Item) -> str:
    """The look of an item's bar, by the category of its status."""
    return {
        Category.SHIPPED: "shipped",
        Category.BUILDING: "build",
        Category.READY: "ready",
        Category.SHAPING: "planned",
    }.get(Category(item.status.category), "idea")


def _bar(item: Item) -> Bar:
    assert item.starts_on is not None
    assert item.ends_on is not None
    item.bar_state = state_of(item)
    return Bar(item.pk, item.title, item.starts_on, item.ends_on, source=item)


def _lanes(bars: Iterable[Bar], lanes_by: str) -> list[Lane]:
    """In the order in which their first item starts; what has no lane comes last."""
    lanes: dict[str, Lane] = {}
    for bar in bars:
        owner = getattr(bar.source, lanes_by)
        key = owner.public_id if owner is not None else ""
        if key not in lanes:
            lanes[key] = Lane(key, str(owner) if owner is not None else "", source=owner)
        lanes[key].bars.append(bar)
    return sorted(lanes.values(), key=lambda lane: not lane.key)


def _markers(releases: list[Release], window: Window, today: date) -> list[Marker]:
    found = []
    for release in releases:
        if release.ends_on is None or not window.first <= release.ends_on <= window.last:
            continue
        late = release.ends_on < today and not release.is_released
        state = "shipped" if release.is_released else "risk" if late else "on"
        offset = window.offset(release.ends_on)
        found.append(Marker(release, offset, state, flip=offset > window.days * 0.82))
    return found


def _arrows(lanes: list[Lane], window: Window) -> list[Arrow]:
    places: dict[int, tuple[Bar, float]] = {}
    top = 0
    for lane in lanes:
        for bar in lane.bars:
            places[bar.key] = (bar, top + PADDING + bar.row * ROW + 15)
        top += lane.height + 1
    links = ItemLink.objects.filter(kind=LinkKind.NEEDS, item__in=places, other__in=places)
    pairs = links.values_list("other_id", "item_id")
    arrows = []
    for needs_id, item_id in pairs:
        (needed, y1), (waiting, y2) = places[needs_id], places[item_id]
        late = waiting.starts_on <= needed.ends_on
        sentence = _("%(item)s starts before %(needs)s ends.") % {"item": waiting.label, "needs": needed.label}
        start = ((needed.offset + needed.days) * window.day_width, y1)
        arrows.append(Arrow(arrow(start, (waiting.offset * window.day_width, y2)), late, sentence if late else ""))
    return arrows
