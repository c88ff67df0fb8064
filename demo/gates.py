"""Where the products stand in their lives: stages that were adopted, gates that were decided, the gate that comes next."""

from __future__ import annotations

from typing import Any

from demo.story import Story
from lifecycle.models import Criterion, Decision, Gate, Track
from lifecycle.models.decision import Promise, Verdict

VERDICTS = {"go": Verdict.GO, "go_with_conditions": Verdict.CONDITIONAL}


def walk_the_lifecycle(story: Story) -> None:
    for told, product in story.told_products():
        track = Track.objects.get(product=product)
        if told["adopted_at"]:
            adopted = told["adopted_at"]
            with story.as_of("stage.adopted", adopted["day"], story.owner) as change:
                track.adopt_at(adopted["stage"], adopted["reason"], by=change)
        for one in told["gates"]:
            _decide(story, Gate.objects.get(track=track, number=one["gate"]), one)
        if told["next_gate"]:
            _prepare_gate(story, Gate.objects.get(track=track, number=told["next_gate"]["gate"]), told["next_gate"])
        product.refresh_from_db()


def _decide(story: Story, gate: Gate, told: dict[str, Any]) -> None:
    """A review as it went: what must hold is judged as met, then the decision; conditions are met on their day."""
    with story.as_of("gate.decided", told["day"], told["by"]) as change:
        for criterion in Criterion.objects.filter(gate=gate):
            criterion.judge("met", by=change)
        promises = [
            Promise(text=one["text"], due_on=story.day(one["due"]), lead=story.lead(one)) for one in told["conditions"]
        ]
        decision = Decision.record(gate, VERDICTS[told["decision"]], told["reason"], by=change, conditions=promises)
    for one, condition in zip(told["conditions"], decision.conditions.order_by("pk"), strict=True):
        if one.get("met") is not None:
            with story.as_of("condition.met", one["met"], told["by"]) as change:
                condition.meet(by=change)


def _prepare_gate(story: Story, gate: Gate, told: dict[str, Any]) -> None:
    with story.as_of("gate.planned", -21, story.owner) as change:
        gate.plan(story.day(told["day"]), by=change)
        for email in told["approvers"]:
            gate.ask(story.members[email], by=change)
        gate.criteria.all().delete()
        for one in told["criteria"]:
            criterion = Criterion.add(
                story.workspace, by=change, product=gate.product, gate=gate, text=one["text"],
                weight="must" if one["must"] else "should", note=one["evidence"],
            )  # fmt: skip
            if one["met"]:
                criterion.judge("met", one["evidence"], by=change)
