"""Where products stand in their life, read for many at once: one statement, however many products there are.

Tuples rather than rows of the models: six products are ninety rows, which would cost more than all else on the portfolio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Func, OuterRef, Q, QuerySet, Subquery

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Later, Together
from lifecycle.course import QUESTIONS, name_of_gate, number_of
from lifecycle.models import Condition, Criterion, Decision, Gate, StageState, Track, Verdict, Weight
from lifecycle.models.criterion import SETTLED
from listing.together import array, listed
from products.models import Stage

LAST_GATE = 5


class StageStanding(NamedTuple):
    """One stage of a track."""

    stage: str
    state: str
    started_on: date | None
    ended_on: date | None
    adopted: bool

    @property
    def name(self) -> str:
        return str(Stage(self.stage).label)


class GateStanding(NamedTuple):
    """A gate, and how much of what it asks for is there."""

    number: int
    review_on: date | None
    asked_all: int
    asked_met: int
    must_all: int
    must_met: int

    def __str__(self) -> str:
        return name_of_gate(self.number)

    @property
    def question(self) -> Any:
        return QUESTIONS[self.number]


class HeldDecision(NamedTuple):
    """What a gate decided last."""

    number: int
    kind: Verdict
    decided_at: datetime


class OpenCondition(NamedTuple):
    """What a go asked for and is not met; `number` is that of the gate."""

    text: str
    due_on: date
    number: int
    lead_id: int | None


@dataclass
class Standing:
    """A product's stages, gates with the decision that holds at each, and conditions that are not met.

    `product` is what was asked for: a Product, or what the frame knows of one. `entry_stage` counts once it was adopted.
    """

    product: Any
    stopped_at: datetime | None
    entry_stage: str
    adopted_at: datetime | None
    adoption_reason: str
    adopted_by: str
    states: dict[str, StageStanding] = field(default_factory=dict)
    gates: dict[int, GateStanding] = field(default_factory=dict)
    decisions: dict[int, HeldDecision] = field(default_factory=dict)
    conditions: list[OpenCondition] = field(default_factory=list)

    @property
    def number(self) -> int:
        return number_of(self.product.stage)

    @property
    def current(self) -> StageStanding:
        return self.states[self.product.stage]

    @property
    def entry_stage_name(self) -> str:
        return str(Stage(self.entry_stage).label)

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def next_gate(self) -> GateStanding | None:
        """The gate out of the product's stage; None at the end of life."""
        return self.gates[self.number] if self.number <= LAST_GATE else None

    @property
    def share(self) -> float:
        """How much of what the next gate asks for is there, 0 to 1."""
        gate = self.next_gate
        return gate.asked_met / gate.asked_all if gate and gate.asked_all else 0.5


def standings(member: Member, products: Sequence[Any]) -> dict[int, Standing]:
    """By product id. `member` sees the products; while a request reads, each product is asked for once."""
    known = _known(member)
    missing = {product.pk: product for product in products if product.pk not in known}
    if missing:
        known.update(_held(TRACKS.rows(list(missing)), missing))
    return _of(products, known)


def standings_later(member: Member, products: Sequence[Any], together: Together) -> Callable[[], dict[int, Standing]]:
    """The same, when it is wanted: asked together with the rest of a page. Who asks for the same products gets the same rows."""
    known, asked = _known(member), _asked(member)
    missing = {product.pk: product for product in products if product.pk not in known}
    if missing and tuple(missing) not in asked:
        asked[tuple(missing)] = together.ask(TRACKS, list(missing))

    def found() -> dict[int, Standing]:
        if missing.keys() - known.keys():
            known.update(_held(asked[tuple(missing)](), missing))
        return _of(products, known)

    return found


def standings_then(products: Sequence[Any]) -> dict[int, Standing]:
    """The same as it was, for who looks back (changes.past): neither taken from what the request knows nor given to it."""
    by_id = {product.pk: product for product in products}
    return _held(TRACKS.rows(list(by_id)), by_id)


#: Of what standings are made.
TABLES = (Track, StageState, Gate, Criterion, Decision, Condition)


def _known(member: Member) -> dict[int, Standing]:
    memory = member.memory if member.memory is not None else {}
    known: dict[int, Standing] = memory.setdefault("standings", {})
    return known


def _asked(member: Member) -> dict[tuple[int, ...], Later]:
    """What was asked for and perhaps not wanted yet, by the products' ids."""
    memory = member.memory if member.memory is not None else {}
    asked: dict[tuple[int, ...], Later] = memory.setdefault("standings asked", {})
    return asked


def _of(products: Sequence[Any], known: dict[int, Standing]) -> dict[int, Standing]:
    asked = {}
    for product in products:
        standing = known.get(product.pk)
        if standing is not None:
            standing.product = product
            asked[product.pk] = standing
    return asked


def days_in_stage(standing: Standing, today: date) -> int | None:
    """Since when the product is in its stage, in days; None when nobody knows, as it was adopted without a date."""
    since = standing.current.started_on
    return (today - since).days if since else None


def _held(tracks: Sequence[Any], by_id: dict[int, Any]) -> dict[int, Standing]:
    found = {}
    for row in tracks:
        product_id, stopped_at, entry_stage, adopted_at, reason, name, email, states, gates, decisions, conditions = row
        standing = Standing(by_id[product_id], stopped_at, entry_stage, adopted_at, reason, name or email or "")
        for stage, state, started_on, ended_on, adopted in states:
            standing.states[stage] = StageStanding(stage, state, _day(started_on), _day(ended_on), adopted)
        for number, review_on, counts in gates:
            standing.gates[number] = GateStanding(number, _day(review_on), *(counts or (0, 0, 0, 0)))
        for number, kind, decided_at in decisions:
            standing.decisions[number] = HeldDecision(number, Verdict(kind), datetime.fromisoformat(decided_at))
        for text, due_on, number, lead_id in conditions:
            standing.conditions.append(OpenCondition(text, date.fromisoformat(due_on), number, lead_id))
        found[product_id] = standing
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _tracks(ids: list[int]) -> QuerySet[Any]:
    own = {"product": OuterRef("product_id")}
    counted = Criterion.objects.filter(gate=OuterRef("pk")).order_by().values("gate").annotate(counts=_counts())
    gates = Gate.objects.filter(track=OuterRef("pk")).annotate(counts=Subquery(counted.values("counts")))
    return Track.objects.filter(product__among_some=ids).values_list(
        "product_id",
        "stopped_at",
        "entry_stage",
        "adopted_at",
        "adoption_reason",
        "adopted_by__user__name",
        "adopted_by__user__email",
        listed(
            StageState.objects.filter(track=OuterRef("pk")).order_by("pk"),
            "stage", "state", "started_on", "ended_on", "adopted",
        ),
        listed(gates.order_by("number"), "number", "review_on", "counts"),
        listed(Decision.objects.filter(**own).holding().order_by("pk"), "number", "kind", "decided_at"),
        listed(
            Condition.objects.filter(**own).open().order_by("due_on", "pk"),
            "text", "due_on", "decision__number", "lead_id",
        ),
    )  # fmt: skip


def _counts() -> Func:
    """What a gate asks for, what of it is there, and the same of its musts; in the order of GateStanding."""
    settled, must = Q(state__in=SETTLED), Q(weight=Weight.MUST)
    counts = (Count("pk"), Count("pk", filter=settled), Count("pk", filter=must), Count("pk", filter=settled & must))
    return array(counts)


TRACKS = Prepared(_tracks)
