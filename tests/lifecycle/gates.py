"""States of a gate that several tests start from, reached through the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from lifecycle.models import CriterionState, Decision, Gate, Track, Verdict
from lifecycle.models.decision import Promise
from products.models import Product
from tests.factories import SYSTEM


def track_of(product: Product) -> Track:
    return Track.objects.get(product=product)


def gate_of(product: Product, number: int = 1) -> Gate:
    return Gate.objects.get(product=product, number=number)


def tick_all(gate: Gate) -> None:
    for criterion in gate.criteria.all():
        criterion.judge(CriterionState.MET, by=SYSTEM)


def decide(gate: Gate, kind: str = Verdict.GO, reason: str = "Because", **options: Any) -> Decision:
    return Decision.record(gate, kind, reason, by=options.pop("by", SYSTEM), **options)


def go(product: Product, number: int) -> Decision:
    """Through the gate, with everything that it asks for."""
    gate = gate_of(product, number)
    tick_all(gate)
    return decide(gate)


def promise(text: str = "Retest clean", due_on: date = date(2030, 1, 1)) -> Promise:
    return Promise(text, due_on)


def states(product: Product) -> dict[str, str]:
    """Stage → state, of the stages that have begun."""
    rows = track_of(product).stages()
    return {str(stage): row.state for stage, row in rows.items() if row.state != "not_started"}


def at(product: Product, path: str = "") -> str:
    """An address of the product's."""
    return f"/w/{product.workspace.slug}/p/{product.key}/{path}"
