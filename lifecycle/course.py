"""The six stages in their order, the five gates between them, and what each gate asks for until a workspace says otherwise."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from products.models import Stage
from products.models.product import Kind

ORDER = list(Stage)
GATES = range(1, len(ORDER))
QUESTIONS = {
    1: _("Worth studying?"),
    2: _("Worth building?"),
    3: _("Ready to sell?"),
    4: _("Ready to launch?"),
    5: _("Time to retire?"),
}

#: Deliverables of each stage (PRODUCT.md, “The lifecycle”): what must and what should be there at the gate after it.
MUST: dict[Stage, list[Any]] = {
    Stage.INNOVATION: [_("Problem statement"), _("Draft proposition"), _("Sponsor")],
    Stage.ANALYSIS: [
        _("Market size"), _("Customer interviews"), _("High-level requirements"), _("Business case signed off"),
    ],
    Stage.DEVELOPMENT: [_("Requirements agreed"), _("Prototype or MVP"), _("Releases planned"), _("Test results")],
    Stage.GO_TO_MARKET: [_("Beta run"), _("Price set"), _("Sales and support trained"), _("Launch plan ready")],
    Stage.IN_LIFE: [_("Metrics reviewed on a rhythm"), _("Feedback triaged")],
}  # fmt: skip
SHOULD: dict[Stage, list[Any]] = {
    Stage.INNOVATION: [_("Idea shortlist")],
    Stage.ANALYSIS: [_("Competitors reviewed")],
    Stage.DEVELOPMENT: [],
    Stage.GO_TO_MARKET: [_("Proposition final")],
    Stage.IN_LIFE: [_("Issues fixed"), _("Roadmap refreshed")],
}
FOR_KIND: dict[str, dict[Stage, list[Any]]] = {Kind.PHYSICAL: {Stage.DEVELOPMENT: [_("Sourcing and manufacturing")]}}


def number_of(stage: str) -> int:
    """1 for Innovation to 6 for End-of-life; the gate out of a stage has its number."""
    return ORDER.index(Stage(stage)) + 1


def name_of_gate(number: int) -> str:
    return gettext("Gate %(number)d") % {"number": number}


def stage_before(gate: int) -> Stage:
    return ORDER[gate - 1]


def stage_after(gate: int) -> Stage:
    return ORDER[gate]


def musts(stage: Stage, kind: str) -> list[Any]:
    return [*MUST[stage], *FOR_KIND.get(kind, {}).get(stage, [])]
