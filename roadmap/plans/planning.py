"""What a roadmap is made of: rows with their lane and their colour, releases, milestones and dependencies of one or many products.

Reads; changes nothing, and knows no pixels: roadmap/timelines/placing.py gives a Plan its places on a timeline, roadmap/boards/columns.py its columns.
Everything is read as lean tuples, by statements composed once for each design and filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Asked, Together
from products.models import KeyResult
from roadmap.models import Milestone, Release
from roadmap.plans.colouring import Swatch, legend_of
from roadmap.plans.designs import Lanes
from roadmap.plans.laning import lanes_in_order
from roadmap.plans.progress import Done, between, named
from roadmap.plans.questions import Question
from roadmap.plans.scheduled import Scheduled, between_later, named_later
from roadmap.timelines import markers
from roadmap.timelines.needs import NEEDS_NAMED, Need, needs_later
from roadmap.timelines.timeline import Marker

R = TypeVar("R")


class Waiting(NamedTuple):
    """What has no dates yet."""

    product: str
    number: int
    title: str
    change: int


class PlannedRelease(NamedTuple):
    public_id: str
    product: str
    name: str
    starts_on: date | None
    ends_on: date
    is_released: bool


class Day(NamedTuple):
    """A milestone."""

    public_id: str
    product: str
    name: str
    day: date


@dataclass
class PlanLane(Generic[R]):
    """A lane in its place; `progress` of its goal, in percent, None where there is nothing to measure."""

    key: str
    name: str
    rows: list[R] = field(default_factory=list)
    progress: Decimal | None = None


@dataclass
class Plan:
    """`needs` are dependencies of all products, also of items that are not drawn; `done` says by the id of a row how far it has come, in
    percent; `marked` are days that apps to the right mark."""

    question: Question
    lanes: list[PlanLane[Scheduled]]
    releases: list[PlannedRelease]
    milestones: list[Day]
    needs: list[Need]
    legend: list[Swatch]
    done: dict[int, int] = field(default_factory=dict)
    marked: list[Marker] = field(default_factory=list)

    @property
    def rows(self) -> Iterable[Scheduled]:
        return (row for lane in self.lanes for row in lane.rows)


def _releases(member: Member, products: list[int], first: date, last: date) -> QuerySet[Release]:
    rows = Release.objects.visible_to(member).filter(product__among=products, ends_on__range=(first, last))
    return rows.values_list("public_id", "product__key", "name", "starts_on", "ends_on", "released_at")


def _milestones(member: Member, products: list[int], first: date, last: date) -> QuerySet[Milestone]:
    rows = Milestone.objects.visible_to(member).filter(product__among=products, day__range=(first, last))
    return rows.values_list("public_id", "product__key", "name", "day")


def _key_results(member: Member, products: list[int]) -> QuerySet[KeyResult]:
    rows = KeyResult.objects.visible_to(member).filter(Q(product__among=products) | Q(product=None))
    return rows.values_list("objective__public_id", "start", "now", "target")


RELEASES, MILESTONES, KEY_RESULTS = Prepared(_releases), Prepared(_milestones), Prepared(_key_results)


@dataclass(frozen=True)
class PlanLater:
    """A plan that was asked for: called, it is made of the answers."""

    make: Callable[[], Plan]
    asked: Sequence[Asked | None]

    def __call__(self) -> Plan:
        return self.make()

    @property
    def answers(self) -> tuple[str, ...] | None:
        """As they came: of the same ones the same plan is made for the same question. None where one was not asked together with the others."""
        asked = [one for one in self.asked if one is not None]
        return tuple(one.text for one in asked) if len(asked) == len(self.asked) else None


def plan_later(question: Question, first: date, last: date, beyond: str, together: Together) -> PlanLater:
    """What stands on a timeline from `first` to `last`: all of it in one statement, for any number of products.

    `beyond` is "later" or "earlier" for a span that is added at that side of one that was drawn: without what reaches over from there.
    What was asked `together` before comes along.
    """
    member, products, before = question.member, list(question.products), len(together.asked)
    scheduled = between_later(together, question, first, last, beyond)
    results, needs = together.ask(KEY_RESULTS, member, products), needs_later(together, member, products)
    releases, days = (together.ask(rows, member, products, first, last) for rows in (RELEASES, MILESTONES))
    marked, done = markers.ask(together, member, products, first, last), between(together, products, first, last)

    def make() -> Plan:
        plan = laid(question, scheduled(), needs(), done)
        if question.design.lanes == Lanes.OBJECTIVE:
            _measure(plan.lanes, results())
        plan.releases = [PlannedRelease._make([*one[:5], one[5] is not None]) for one in releases()]
        plan.milestones, plan.marked = [Day._make(one) for one in days()], marked()
        return plan

    return PlanLater(make, together.asked[before:])


def plan_of_named(question: Question, numbers: list[int], together: Together | None = None) -> Plan:
    """Of the items with these numbers what has days, and all their own dependencies. One statement, with what was asked `together` before."""
    member, products, together = question.member, list(question.products), together or Together()
    scheduled = named_later(together, question, numbers)
    needs, done = together.ask(NEEDS_NAMED, member, products, numbers), named(together, products, numbers)
    found = [Need._make(one) for one in needs()]
    return laid(question, scheduled(), found, done)


def laid(question: Question, rows: list[Scheduled], needs: list[Need], done: Done) -> Plan:
    """A plan of these rows in their lanes, and of nothing else."""
    return Plan(
        question=question,
        lanes=[PlanLane(*one) for one in lanes_in_order(rows, question.design.lanes, question.own)],
        releases=[],
        milestones=[],
        needs=needs,
        legend=legend_of(rows, question.design.colours),
        done=done(rows),
    )


def _measure(lanes: list[PlanLane[Scheduled]], key_results: Iterable[tuple[Any, ...]]) -> None:
    """Give each goal's lane its progress, the mean of its key results'."""
    parts: dict[str, list[Decimal]] = defaultdict(list)
    for goal, start, now, target in key_results:
        parts[goal].append(KeyResult(start=start, now=now, target=target).progress)
    for lane in lanes:
        if own := parts.get(lane.key):
            lane.progress = sum(own, Decimal(0)) / len(own)
