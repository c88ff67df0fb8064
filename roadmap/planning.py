"""From items and releases to what a roadmap draws: lanes of bars, markers, arrows, columns. Reads; changes nothing.

Everything is read as lean tuples, by statements composed once unless the page is filtered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from math import ceil
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Window
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from products.models import KeyResult, Product
from roadmap import timeline
from roadmap.models import Category, Horizon, Item, ItemLink, LinkKind, Milestone, Release
from roadmap.timeline import LETTER, PADDING, ROW, Arrow, Bar, Lane, arrow, free_row, lay_out, pack
from ui import formats

LANES = ("objective", "release")
LARGEST_TRAY = 40
MARKER_ROOM, MARKER_ROW, MARKERS_LEAST = 44, 30, 41  # pixels: of a marker beside its words, of a row, of all rows
LANE_LETTERS, LANE_LINE, LANE_AROUND, LANE_PROGRESS = 21, 17, 26, 26  # letters of a line of a lane's name; pixels
STATES = {Category.SHIPPED: "shipped", Category.BUILDING: "build", Category.READY: "ready", Category.SHAPING: "planned"}


class Scheduled(NamedTuple):
    pk: int
    number: int
    title: str
    starts_on: date
    ends_on: date
    change: int
    status: str
    category: str
    lane: str | None
    lane_name: str | None

    @property
    def state(self) -> str:
        """The look of an item's bar, by the category of its status."""
        return STATES.get(Category(self.category), "idea")


class Unscheduled(NamedTuple):
    """`all` is how many there are."""

    number: int
    title: str
    change: int
    all: int


class Card(NamedTuple):
    horizon: str
    number: int
    title: str
    objective: str | None
    lead: str | None


class Marker(NamedTuple):
    """A release on its day. `flip` writes its name before the day, where there is no room behind; `row` keeps names apart."""

    name: str
    ends_on: date
    offset: int
    state: str
    flip: bool
    row: int = 0


class Stone(NamedTuple):
    """A milestone on its day; `row` is below those of the releases."""

    public_id: str
    name: str
    day: date
    offset: int
    flip: bool
    row: int


@dataclass
class Plan:
    window: timeline.Window
    lanes_by: str
    lanes: list[Lane]
    markers: list[Marker]
    stones: list[Stone]
    arrows: list[Arrow]
    tray: list[Unscheduled]
    today: date
    height: int
    conflicts: list[str] = field(default_factory=list)

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


@dataclass
class Column:
    horizon: str
    name: Any
    claim: Any
    confidence: int
    word: Any
    cards: list[Card]
    drawn: str = ""


def _items(member: Member, product: Product, condition: Q | None) -> Any:
    rows = Item.objects.visible_to(member).of(product)
    return rows if condition is None else rows.filter(condition)


def _scheduled(
    member: Member, product: Product, lanes_by: str, first: date, last: date, condition: Q | None = None
) -> QuerySet[Item]:
    rows = _items(member, product, condition).filter(starts_on__lte=last, ends_on__gte=first)
    return rows.order_by("starts_on", "rank").values_list(
        "pk", "number", "title", "starts_on", "ends_on", "change_id", "status__name", "status__category",
        f"{lanes_by}__public_id", f"{lanes_by}__name",
    )  # fmt: skip


def _unscheduled(member: Member, product: Product, condition: Q | None = None) -> QuerySet[Item]:
    rows = _items(member, product, condition).filter(starts_on=None).open().ranked()
    return rows.annotate(all=Window(Count("*"))).values_list("number", "title", "change_id", "all")[:LARGEST_TRAY]


def _with_horizon(member: Member, product: Product, condition: Q | None = None) -> QuerySet[Item]:
    rows = _items(member, product, condition).exclude(horizon="").open().ranked()
    return rows.values_list("horizon", "number", "title", "objective__name", "lead__user__name")


def _releases(member: Member, product: Product, first: date, last: date) -> QuerySet[Release]:
    rows = Release.objects.visible_to(member).of(product).filter(ends_on__range=(first, last))
    return rows.values_list("name", "ends_on", "released_at")


def _milestones(member: Member, product: Product, first: date, last: date) -> QuerySet[Milestone]:
    rows = Milestone.objects.visible_to(member).of(product).filter(day__range=(first, last))
    return rows.values_list("public_id", "name", "day")


def _needs(product: Product) -> QuerySet[ItemLink]:
    """Pairs of (what is needed, who waits). Only those between bars that are drawn are used."""
    rows = ItemLink.objects.filter(kind=LinkKind.NEEDS, item__product=product, other__product=product)
    return rows.filter(item__starts_on__isnull=False, other__starts_on__isnull=False).values_list("other_id", "item_id")


def _key_results(member: Member, product: Product) -> QuerySet[KeyResult]:
    rows = KeyResult.objects.visible_to(member).filter(Q(product=product) | Q(product=None))
    return rows.values_list("objective__public_id", "start", "now", "target")


SCHEDULED, UNSCHEDULED, WITH_HORIZON = Prepared(_scheduled), Prepared(_unscheduled), Prepared(_with_horizon)
RELEASES, NEEDS, KEY_RESULTS = Prepared(_releases), Prepared(_needs), Prepared(_key_results)
MILESTONES = Prepared(_milestones)


def plan_of(
    member: Member, product: Product, window: timeline.Window, lanes_by: str, today: date, condition: Q | None = None
) -> Plan:
    """A timeline: scheduled items, the unscheduled, releases, milestones, dependencies and key results, in one statement
    (in three where a filter is set)."""
    span, together = (window.first, window.last), Together()
    scheduled = _later(together, SCHEDULED, member, product, variant=(lanes_by, *span), condition=condition)
    unscheduled = _later(together, UNSCHEDULED, member, product, condition=condition)
    results = together.ask(KEY_RESULTS, member, product)
    needs = together.ask(NEEDS, product)
    releases, milestones = (together.ask(rows, member, product, variant=span) for rows in (RELEASES, MILESTONES))
    bars = lay_out([_bar(Scheduled._make(row)) for row in scheduled()], window)
    lanes = _lanes(bars, _("No release") if lanes_by == "release" else _("No goal"))
    if lanes_by == "objective" and lanes:
        _measure(lanes, results())
    for lane in lanes:
        lane.rows = pack(lane.bars, window)
    arrows = _arrows(needs(), lanes, window) if bars else []
    markers = _markers(releases(), window, today)
    below = max((marker.row + 1 for marker in markers), default=0)
    return Plan(
        window=window,
        lanes_by=lanes_by,
        lanes=lanes,
        markers=markers,
        stones=_stones(milestones(), window, today, below),
        arrows=arrows,
        tray=[Unscheduled._make(row) for row in unscheduled()],
        today=today,
        height=sum(lane.height + 1 for lane in lanes),
        conflicts=[one.sentence for one in arrows if one.is_late],
    )


def columns_of(member: Member, product: Product, condition: Q | None = None) -> list[Column]:
    """Now, next and later, in rank order. Shipped and dropped items have left the roadmap's future."""
    cards = [Card._make(row) for row in _read(WITH_HORIZON, member, product, condition=condition)]
    described = [
        (Horizon.NOW, _("Now"), _("We are building this"), 3, _("Committed")),
        (Horizon.NEXT, _("Next"), _("Shaped, waiting for room"), 2, _("Confident")),
        (Horizon.LATER, _("Later"), _("Problems we want to solve"), 1, _("Direction")),
    ]
    return [Column(*one, [card for card in cards if card.horizon == one[0]]) for one in described]


def _later(
    together: Together,
    prepared: Prepared,
    member: Member,
    product: Product,
    *,
    variant: tuple[Any, ...] = (),
    condition: Q | None,
) -> Callable[[], list[Any]]:
    """As `_read`, when it is wanted: together with the rest of a page where nothing is filtered."""
    if condition is None:
        return together.ask(prepared, member, product, variant=variant)
    return partial(_read, prepared, member, product, variant=variant, condition=condition)


def _read(
    prepared: Prepared, member: Member, product: Product, *, variant: tuple[Any, ...] = (), condition: Q | None
) -> list[Any]:
    """The rows of a statement; composed anew where a filter was set."""
    if condition is None:
        return prepared.rows(member, product, variant=variant)
    return list(prepared.build(member, product, *variant, condition))


def _bar(item: Scheduled) -> Bar:
    return Bar(item.pk, item.title, item.starts_on, item.ends_on, source=item)


def _lanes(bars: Iterable[Bar], without: str) -> list[Lane]:
    """In the order in which their first item starts; what has no lane comes last."""
    lanes: dict[str, Lane] = {}
    for bar in bars:
        key = bar.source.lane or ""
        if key not in lanes:
            lanes[key] = Lane(key, bar.source.lane_name or without)
        lanes[key].bars.append(bar)
    return sorted(lanes.values(), key=lambda lane: not lane.key)


def _measure(lanes: list[Lane], key_results: Iterable[tuple[Any, ...]]) -> None:
    """Give each goal's lane its progress, the mean of its key results', and the room that this takes."""
    parts: dict[str, list[Decimal]] = defaultdict(list)
    for goal, start, now, target in key_results:
        parts[goal].append(KeyResult(start=start, now=now, target=target).progress)
    for lane in lanes:
        if own := parts.get(lane.key):
            lane.progress = sum(own, Decimal(0)) / len(own)
            lane.least = LANE_AROUND + LANE_PROGRESS + LANE_LINE * ceil(len(lane.name) / LANE_LETTERS)


def _markers(releases: Iterable[tuple[Any, ...]], window: timeline.Window, today: date) -> list[Marker]:
    found: list[Marker] = []
    taken: list[list[tuple[float, float]]] = []
    for name, ends_on, released_at in releases:
        late = ends_on < today and released_at is None
        state = "shipped" if released_at is not None else "risk" if late else "on"
        offset = window.offset(ends_on)
        words = f"{name} {formats.day(ends_on, today)}"
        at, length = offset * window.day_width, len(words) * LETTER + MARKER_ROOM
        flip = at + length > window.days * window.day_width
        row = free_row(taken, (at - length, at) if flip else (at, at + length))
        found.append(Marker(name, ends_on, offset, state, flip, row))
    return found


def _stones(milestones: Iterable[tuple[Any, ...]], window: timeline.Window, today: date, below: int) -> list[Stone]:
    found: list[Stone] = []
    taken: list[list[tuple[float, float]]] = []
    for public_id, name, day in milestones:
        offset = window.offset(day)
        at, length = offset * window.day_width, len(f"{name} {formats.day(day, today)}") * LETTER + MARKER_ROOM
        flip = at + length > window.days * window.day_width
        row = free_row(taken, (at - length, at) if flip else (at, at + length))
        found.append(Stone(public_id, name, day, offset, flip, below + row))
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
