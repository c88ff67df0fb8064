"""The life of products as the portfolio roadmap draws it: stages as they were and as the coming gates would have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from accounts.models import Member
from accounts.together import Together
from lifecycle.course import ORDER, number_of
from lifecycle.models import State
from lifecycle.models.decision import Verdict
from lifecycle.standing import LAST_GATE, Standing, standings_later, standings_then
from roadmap.portfolio.marks import Life, Mark, Segment
from ui import pieces

LAUNCH = 4  # the gate out of Go-to-market


def lives(
    member: Member, products: Sequence[Any], together: Together, day: date | None
) -> Callable[[], dict[int, Life]]:
    """Asked together with the rest of the page; of a past day apart, since the frame around it is of today."""
    later = standings_later(member, products, together) if day is None else partial(standings_then, products)
    today = day or member.workspace.today()

    def found() -> dict[int, Life]:
        return {pk: _life(standing, member, today) for pk, standing in later().items()}

    return found


def _life(standing: Standing, member: Member, today: date) -> Life:
    return Life(_segments(standing, today), list(_marks(standing, member, today)))


def _segments(standing: Standing, today: date) -> list[Segment]:
    """Stages that are over, the one of today until its gate is reviewed, and those that the gates with a day lead to."""
    past = [
        Segment(one.stage, one.started_on, one.ended_on)
        for one in (standing.states[stage] for stage in ORDER if stage in standing.states)
        if number_of(one.stage) < standing.number and one.state != State.NOT_STARTED and one.started_on and one.ended_on
    ]
    begins: date | None = standing.current.started_on if standing.product.stage in standing.states else None
    number, planned, segments = standing.number, False, []
    while True:
        gate = standing.gates.get(number) if number <= LAST_GATE and not standing.is_stopped else None
        ends = gate.review_on if gate is not None and gate.review_on and gate.review_on >= today else None
        segments.append(Segment(ORDER[number - 1], begins, ends, planned))
        if ends is None:
            return [*past, *segments]
        begins, planned, number = ends, True, number + 1


def _marks(standing: Standing, member: Member, today: date) -> list[Mark]:
    address = pieces.address("lifecycle:gate", member.workspace.slug, standing.product.key)
    found = []
    for number, gate in standing.gates.items():
        decision = standing.decisions.get(number)
        decided = decision is not None and decision.kind in (Verdict.GO, Verdict.CONDITIONAL)
        day = member.workspace.local(decision.decided_at).date() if decided and decision else gate.review_on
        if day is None:
            continue
        state = "done" if decided else "due" if day <= today else ""
        found.append(Mark("launch" if number == LAUNCH else "gate", str(gate), day, state, address % number))
    return found
