"""What a roadmap is made of: rows with their lane and their colour, releases, milestones and dependencies of one or many products.

Reads; changes nothing, and knows no pixels: roadmap/timelines/placing.py gives a Plan its places on a timeline, roadmap/boards/columns.py its columns.
Everything is read as lean tuples, by statements composed once for each design and filter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import DateField, Q, QuerySet

from accounts.lookups import given
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from products.models import KeyResult
from roadmap.models import Category, CustomField, FieldKind, Item, Milestone, Release
from roadmap.plans.colouring import Swatch, colour_of, legend_of
from roadmap.plans.designs import OWN_KEY, Design, Lanes
from roadmap.plans.laning import lane_of, lanes_in_order
from roadmap.plans.progress import Done, between, named
from roadmap.plans.shown import fact_of
from roadmap.timelines import markers
from roadmap.timelines.needs import NEEDS_NAMED, Need, needs_later
from roadmap.timelines.timeline import Marker

STATES: dict[str, str] = {
    Category.SHIPPED: "shipped",
    Category.BUILDING: "build",
    Category.READY: "ready",
    Category.SHAPING: "planned",
}
UNSTARTED = "idea"


@dataclass(frozen=True)
class Question:
    """Whose plans are asked for, by whom, and in which design. `products` are ids; rows of those that `member` does not see are
    left out. `condition` is the filter, None where nothing is filtered; `own` the workspace's own field that makes the lanes."""

    member: Member
    products: tuple[int, ...]
    design: Design
    today: date
    condition: Q | None = None
    own: CustomField | None = None
    is_past: bool = False  # nothing can be scheduled any more: what had no dates is not asked for

    @classmethod
    def of_query(
        cls, member: Member, products: Iterable[int], query: Mapping[str, str], today: date, condition: Q | None
    ) -> Question:
        """As an address asks it."""
        return cls.of(member, products, Design.of(query), today, condition)

    @classmethod
    def of(
        cls, member: Member, products: Iterable[int], design: Design, today: date, condition: Q | None = None
    ) -> Question:
        """Instead of lanes by a field that there is not any more there are the usual ones."""
        own = None
        if OWN_KEY.fullmatch(design.lanes):
            own = CustomField.objects.filter(
                workspace=member.workspace_id, key=design.lanes, kind=FieldKind.SELECT
            ).first()
            design = design if own else replace(design, lanes="")
        return cls(member, tuple(products), design, today, condition, own)

    @property
    def variant(self) -> tuple[Hashable, ...]:
        """What decides about the text of its statements."""
        return self.design.lanes, self.design.colours, self.design.shown, self.condition


class Row(NamedTuple):
    """An item on a roadmap. `lane` names its lane ("" for none), `colour` what it is coloured by; `facts` are what the design shows of it,
    in its order, None where it needs no column."""

    pk: int
    product: str
    number: int
    title: str
    starts_on: date | None
    ends_on: date | None
    change: int
    status: str
    category: str
    horizon: str
    certainty: str
    progress_from: str
    progress: int | None
    lane: str | None
    lane_name: str | None
    colour: str | None
    colour_name: str | None
    facts: tuple[Any, ...] = ()

    @property
    def state(self) -> str:
        """The look of an item's bar, by the category of its status."""
        return STATES.get(self.category, UNSTARTED)


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
class PlanLane:
    """A lane in its place; `progress` of its goal, in percent, None where there is nothing to measure."""

    key: str
    name: str
    rows: list[Row] = field(default_factory=list)
    progress: Decimal | None = None


@dataclass
class Plan:
    """`needs` are dependencies of all products, also of items that are not drawn; `done` says by the id of a row how far it has come, in
    percent; `marked` are days that apps to the right mark. Of what is `waiting` the first are there; `waiting_count` is None where they are more than
    these and were not counted (roadmap/plans/waiting.py)."""

    question: Question
    lanes: list[PlanLane]
    releases: list[PlannedRelease]
    milestones: list[Day]
    needs: list[Need]
    legend: list[Swatch]
    done: dict[int, int] = field(default_factory=dict)
    marked: list[Marker] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    waiting_count: int | None = 0

    @property
    def rows(self) -> Iterable[Row]:
        return (row for lane in self.lanes for row in lane.rows)


BASE = (
    "pk", "product__key", "number", "title", "starts_on", "ends_on", "change_id", "status__name", "status__category", "horizon",
    "certainty", "progress_from", "progress",
)  # fmt: skip


def visible(member: Member, products: Sequence[int] | int, condition: Q | None) -> Any:
    """Items of these products that `member` sees and the filter leaves. Of one that is named by itself they are found in the order of an index."""
    rows = Item.objects.visible_to(member)
    if isinstance(products, int):
        rows = rows.filter(product=given(products))
    else:
        rows = rows.filter(product__among=products)
    return rows if condition is None else rows.filter(condition)


def as_rows(rows: Any, lanes: str, colours: str, shown: tuple[str, ...], lane: tuple[Any, Any] | None = None) -> Any:
    """The columns that `row` reads. `lane`: other columns than those of the lane's key and name."""
    facts = [fact_of(name) for name in shown]
    columns = [*(lane or lane_of(lanes)), *colour_of(colours), *(one for one in facts if one is not None)]
    named = {f"asked{n}": one for n, one in enumerate(columns) if not isinstance(one, str)}
    paths = [one if isinstance(one, str) else f"asked{n}" for n, one in enumerate(columns)]
    return rows.annotate(**named).values_list(*BASE, *paths)


def row(values: Sequence[Any], shown: tuple[str, ...]) -> Row:
    given = iter(values[17:])
    facts = tuple(next(given) if fact_of(name) is not None else None for name in shown)
    return Row._make([*values[:17], facts])


def rows_of(fetched: Iterable[Sequence[Any]], shown: tuple[str, ...]) -> list[Row]:
    """As `row`, for many: where no fact has a column, none is looked for."""
    if any(fact_of(name) is not None for name in shown):
        return [row(values, shown) for values in fetched]
    no_facts = ((None,) * len(shown),)
    return [Row._make((*values, *no_facts)) for values in fetched]


def _scheduled(
    member: Member, products: list[int] | int, first: Any, last: Any, of_one: bool, is_past: bool, *asked: Any
) -> QuerySet[Item]:
    """The planner is not shown the days either, so that the plan of the whole page is kept; versions it finds by an index only where it knows them."""
    *columns, condition = asked
    if not is_past:
        first, last = given(first, DateField()), given(last, DateField())
    rows = visible(member, products, condition).filter(starts_on__lte=last, ends_on__gte=first)
    return as_rows(rows.order_by("starts_on", "rank", "pk"), *columns)


def _further(member: Member, products: list[int], first: date, last: date, beyond: str, *asked: Any) -> QuerySet[Item]:
    """What is added to a timeline when such a span is: what touches the days before (or after) it stands there already."""
    *columns, condition = asked
    edge = "starts_on" if beyond == "later" else "ends_on"
    rows = visible(member, products, condition).filter(**{f"{edge}__range": (first, last)})
    rows = rows.filter(starts_on__isnull=False, ends_on__isnull=False)
    return as_rows(rows.order_by("starts_on", "rank", "pk"), *columns)


def _named(member: Member, products: list[int], numbers: list[int], *asked: Any) -> QuerySet[Item]:
    *columns, condition = asked
    rows = Item.objects.visible_to(member).filter(product__among_some=products, number__among_some=numbers)
    rows = rows if condition is None else rows.filter(condition)
    rows = rows.filter(starts_on__isnull=False, ends_on__isnull=False)
    return as_rows(rows.order_by("starts_on", "rank", "pk"), *columns)


def _releases(member: Member, products: list[int], first: date, last: date) -> QuerySet[Release]:
    rows = Release.objects.visible_to(member).filter(product__among=products, ends_on__range=(first, last))
    return rows.values_list("public_id", "product__key", "name", "starts_on", "ends_on", "released_at")


def _milestones(member: Member, products: list[int], first: date, last: date) -> QuerySet[Milestone]:
    rows = Milestone.objects.visible_to(member).filter(product__among=products, day__range=(first, last))
    return rows.values_list("public_id", "product__key", "name", "day")


def _key_results(member: Member, products: list[int]) -> QuerySet[KeyResult]:
    rows = KeyResult.objects.visible_to(member).filter(Q(product__among=products) | Q(product=None))
    return rows.values_list("objective__public_id", "start", "now", "target")


SCHEDULED = Prepared(_scheduled, many=True)
RELEASES, MILESTONES, KEY_RESULTS = Prepared(_releases), Prepared(_milestones), Prepared(_key_results)
FURTHER, NAMED = Prepared(_further, many=True), Prepared(_named)


def plan_of(question: Question, first: date, last: date, beyond: str = "", together: Together | None = None) -> Plan:
    """What stands on a timeline from `first` to `last`: all of it in one statement, for any number of products.

    `beyond` is "later" or "earlier" for a span that is added at that side of one that was drawn: without what reaches over from there.
    What was asked `together` before comes along.
    """
    member, products, together = question.member, list(question.products), together or Together()
    if beyond:
        scheduled = ask(together, FURTHER, member, products, first, last, variant=(beyond, *question.variant))
    else:
        of_one = len(products) == 1 and not question.is_past
        of, variant = products[0] if of_one else products, (of_one, question.is_past, *question.variant)
        scheduled = ask(together, SCHEDULED, member, of, first, last, variant=variant)
    results, needs = together.ask(KEY_RESULTS, member, products), needs_later(together, member, products)
    releases, days = (together.ask(rows, member, products, first, last) for rows in (RELEASES, MILESTONES))
    marked, done = markers.ask(together, member, products, first, last), between(together, products, first, last)
    rows = rows_of(scheduled(), question.design.shown)
    plan = laid(question, rows, needs(), done)
    if question.design.lanes == Lanes.OBJECTIVE:
        _measure(plan.lanes, results())
    plan.releases = [PlannedRelease._make([*one[:5], one[5] is not None]) for one in releases()]
    plan.milestones, plan.marked = [Day._make(one) for one in days()], marked()
    return plan


def plan_of_named(question: Question, numbers: list[int], together: Together | None = None) -> Plan:
    """Of the items with these numbers what has days, and all their own dependencies. One statement, with what was asked `together` before."""
    member, products, together = question.member, list(question.products), together or Together()
    scheduled = ask(together, NAMED, member, products, numbers, variant=question.variant)
    needs, done = together.ask(NEEDS_NAMED, member, products, numbers), named(together, products, numbers)
    found = [Need._make(one) for one in needs()]
    return laid(question, rows_of(scheduled(), question.design.shown), found, done)


def laid(question: Question, rows: list[Row], needs: list[Need], done: Done) -> Plan:
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


def ask(
    together: Together, prepared: Prepared, *arguments: Any, variant: tuple[Hashable, ...] = ()
) -> Callable[[], list[Any]]:
    """The rows of a statement, when they are wanted: none where the filter can leave nothing; by a statement of its own where a moment
    in the filter would be frozen into one that is kept."""
    try:
        return together.ask(prepared, *arguments, variant=variant)
    except EmptyResultSet:
        return list
    except TypeError:
        return partial(list, prepared.build(*arguments, *variant))


def read(prepared: Prepared, *arguments: Any, variant: tuple[Hashable, ...] = ()) -> list[Any]:
    """The rows of a statement, now; as `ask` has them."""
    try:
        return prepared.rows(*arguments, variant=variant)
    except TypeError:
        return list(prepared.build(*arguments, *variant))


def _measure(lanes: list[PlanLane], key_results: Iterable[tuple[Any, ...]]) -> None:
    """Give each goal's lane its progress, the mean of its key results'."""
    parts: dict[str, list[Decimal]] = defaultdict(list)
    for goal, start, now, target in key_results:
        parts[goal].append(KeyResult(start=start, now=now, target=target).progress)
    for lane in lanes:
        if own := parts.get(lane.key):
            lane.progress = sum(own, Decimal(0)) / len(own)
