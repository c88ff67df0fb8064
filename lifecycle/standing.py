"""Where products stand in their life, read for many at once: four statements, however many products there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from lifecycle.course import number_of
from lifecycle.models import Condition, Decision, Gate, StageState, State, Track, Weight
from lifecycle.models.criterion import SETTLED
from products.models import Product

LAST_GATE = 5


@dataclass
class Standing:
    """A product's stages, gates with the decision that holds at each, and conditions that are not met.

    Gates carry `must_all`, `must_met`, `asked_all` and `asked_met`: how much of what they ask for is there.
    """

    product: Product
    track: Track
    states: dict[str, StageState]
    gates: dict[int, Gate] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)

    @property
    def number(self) -> int:
        return number_of(self.product.stage)

    @property
    def current(self) -> StageState:
        return self.states[self.product.stage]

    @property
    def is_stopped(self) -> bool:
        return self.track.stopped_at is not None

    @property
    def next_gate(self) -> Gate | None:
        """The gate out of the product's stage; None at the end of life."""
        return self.gates[self.number] if self.number <= LAST_GATE else None

    @property
    def open_gates(self) -> list[Gate]:
        """Gates whose stage is active, so that they may be reviewed: several where stages overlap."""
        active = {number_of(row.stage) for row in self.states.values() if row.state == State.ACTIVE}
        return [gate for number, gate in self.gates.items() if number in active and not self.is_stopped]

    @property
    def share(self) -> float:
        """How much of what the next gate asks for is there, 0 to 1."""
        gate = self.next_gate
        return gate.asked_met / gate.asked_all if gate and gate.asked_all else 0.5


def standings(products: Sequence[Product]) -> dict[int, Standing]:
    """By product id. Asked once for the same products: what was read stays with them for the request."""
    missing = [product for product in products if "_standing" not in product.__dict__]
    if missing:
        read = _read(missing)
        for product in missing:
            product.__dict__["_standing"] = read.get(product.pk)
    known = {product.pk: product.__dict__["_standing"] for product in products}
    return {product_id: standing for product_id, standing in known.items() if standing is not None}


def _read(products: Iterable[Product]) -> dict[int, Standing]:
    by_id = {product.pk: product for product in products}
    states: dict[int, list[StageState]] = defaultdict(list)
    for row in StageState.objects.filter(product__in=by_id).select_related("track").order_by("pk"):
        states[row.product_id].append(row)
    found = {
        product_id: Standing(by_id[product_id], rows[0].track, {row.stage: row for row in rows})
        for product_id, rows in states.items()
    }
    for gate in with_counts(Gate.objects.filter(product__in=found).order_by("product_id", "number")):
        gate.product = by_id[gate.product_id]
        found[gate.product_id].gates[gate.number] = gate
    held = Decision.objects.filter(product__in=found).holding().select_related("decided_by__user")
    for decision in held:
        found[decision.product_id].decisions[decision.number] = decision
    promised = Condition.objects.filter(product__in=found).open().select_related("decision", "lead__user")
    for condition in promised:
        found[condition.product_id].conditions.append(condition)
    return found


def with_counts(gates: QuerySet[Gate]) -> QuerySet[Gate]:
    """Gates with how much they ask for and how much of it is there."""
    there = Q(criteria__deleted_at=None)
    settled = there & Q(criteria__state__in=SETTLED)
    must = Q(criteria__weight=Weight.MUST)
    return gates.annotate(
        asked_all=Count("criteria", filter=there),
        asked_met=Count("criteria", filter=settled),
        must_all=Count("criteria", filter=there & must),
        must_met=Count("criteria", filter=settled & must),
    )


def days_in_stage(standing: Standing, today: date) -> int | None:
    """Since when the product is in its stage, in days; None when nobody knows, as it was adopted without a date."""
    since = standing.current.started_on
    return (today - since).days if since else None
