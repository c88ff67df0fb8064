"""A plan on a timeline: bars in lanes, marked days, arrows, as days and pixels of one window. Pure: what is placed was read by roadmap/plans/planning.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from django.urls import reverse

from roadmap.plans.colouring import attributes
from roadmap.plans.planning import Day, Plan, PlanLane, PlannedRelease
from roadmap.plans.rows import STATES, UNSTARTED
from roadmap.plans.scheduled import Scheduled
from roadmap.timelines.needs import links_of
from roadmap.timelines.packing import arrange, lay_out, pack, route
from roadmap.timelines.timeline import RELEASE, Bar, Lane, Marker, Softness, Timeline, Window, softening
from ui import formats, pieces

RANGE = Softness.RANGE.value
LANE_LETTERS, LANE_LINE, LANE_AROUND, LANE_PROGRESS = 20, 17, 26, 26  # letters of a line of a lane's name; pixels


class Places:
    """Where things of a workspace live; `movable` are the keys of the products in which this person moves bars."""

    def __init__(self, workspace: str, movable: frozenset[str] = frozenset()) -> None:
        self.workspace, self.movable = workspace, movable
        self._patterns: dict[tuple[str, str], str] = {}

    def items(self, product: str) -> str:
        """Into which a number is put."""
        return self._pattern("roadmap:item", product)

    def mover(self, product: str, number: int) -> str:
        return self._pattern("roadmap:item_schedule", product) % number if product in self.movable else ""

    def releases(self, product: str) -> str:
        key = ("roadmap:releases", product)
        if key not in self._patterns:
            self._patterns[key] = reverse(key[0], args=[self.workspace, product])
        return self._patterns[key]

    def milestone(self, product: str, public_id: str) -> str:
        return self._pattern("roadmap:milestone_edit", product) % public_id if product in self.movable else ""

    def _pattern(self, name: str, product: str) -> str:
        """Looked up once: bars ask by the thousand."""
        found = self._patterns.get((name, product))
        if found is None:
            found = self._patterns[name, product] = pieces.address(name, self.workspace, product)
        return found


@dataclass
class Placed(Timeline):
    """A timeline, and the plan that it draws; `chain`: the items of a critical chain, also those out of the window."""

    plan: Plan = field(kw_only=True)
    chain: Sequence[str] = field(default=(), kw_only=True)


def place(
    plan: Plan,
    window: Window,
    places: Places,
    *,
    folded: Collection[str] = (),
    chosen: str = "",
    chain: Sequence[str] = (),
) -> Placed:
    """The plan in this window. Of `folded` lanes only the heads are drawn; `chosen` is the release whose critical `chain` is shown."""
    today, looks = plan.question.today, attributes(plan.legend)
    lanes, chained = [], frozenset(chain)
    for planned in plan.lanes:
        bars = _bars(planned.rows, places, plan.done, looks, today)
        for bar in bars if chain else ():
            bar.is_chained = bar.key in chained
        lanes.append(_lane(planned, bars, window, is_folded=planned.key in folded))
    drawn = {bar.key for lane in lanes for bar in lane.bars}
    markers = [*_releases(plan.releases, places, today, chosen), *_days(plan.milestones, places), *plan.marked]
    return Placed(
        plan=plan,
        chain=chain,
        window=window,
        today=today,
        lanes=lanes,
        markers=arrange(markers, window, lambda one: len(f"{one.name} {formats.day(one.day, today)}")),
        arrows=route(links_of(plan.needs, drawn, list(chain)), lanes, window),
    )


def _lane(planned: PlanLane[Scheduled], bars: list[Bar], window: Window, *, is_folded: bool) -> Lane:
    """Its bars in rows, and the room that its name and progress take."""
    lane = Lane(planned.key, planned.name, lay_out(bars, window), is_folded=is_folded)
    if planned.progress is not None:
        lane.progress = planned.progress
        lane.least = LANE_AROUND + LANE_PROGRESS + LANE_LINE * ceil(len(lane.name) / LANE_LETTERS)
    lane.rows = 1 if is_folded else pack(lane.bars, window)
    return lane


def _bars(
    rows: Iterable[Scheduled], places: Places, done: Mapping[int, int], looks: Mapping[str, str], today: date
) -> list[Bar]:
    """In one loop, which looks up once what bars of a product have in common: they come by the thousand."""
    bars = []
    of_products: dict[str, tuple[str, str, bool]] = {}
    for pk, product, number, title, start, end, change, status, category, certainty, *_progress, colour, _name in rows:
        common = of_products.get(product)
        if common is None:
            common = of_products[product] = f"{product}-", places.items(product), product in places.movable
        key, address, may_move = common
        soft = softening(end, today) if certainty == RANGE else 0
        bar = Bar(
            f"{key}{number}", title, start, end, STATES.get(category, UNSTARTED), status, done.get(pk, 0), certainty, soft,
            address % number, may_move, change, looks.get(colour or "", ""),
        )  # fmt: skip
        bars.append(bar)
    return bars


def _releases(releases: Iterable[PlannedRelease], places: Places, today: date, chosen: str) -> Iterator[Marker]:
    for release in releases:
        late = release.ends_on < today and not release.is_released
        state = "shipped" if release.is_released else "risk" if late else "on"
        yield Marker(
            RELEASE, release.name, release.ends_on, state, places.releases(release.product), release.public_id,
            is_chosen=release.public_id == chosen,
        )  # fmt: skip


def _days(milestones: Iterable[Day], places: Places) -> Iterator[Marker]:
    for one in milestones:
        yield Marker(
            "milestone", one.name, one.day, address=places.milestone(one.product, one.public_id), key=one.public_id
        )
