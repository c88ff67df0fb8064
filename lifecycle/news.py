"""What the activity feed and the bell say about gates."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from changes import feed
from changes.feed import Place
from discussion.subjects import Subject
from lifecycle.models import Condition, Criterion, Decision, Gate, Track, Verdict
from products.models import Stage


def tell() -> None:
    feed.tell_about(Decision, gettext_lazy("gate"), name=_decision, url=_gate_url, order=0)
    feed.tell_about(Condition, gettext_lazy("condition"), name=lambda state: state["text"], order=10)
    feed.tell_about(Criterion, gettext_lazy("criterion"), name=lambda state: state["text"], order=60)
    feed.tell_about(Gate, gettext_lazy("gate"), name=lambda state: str(state["number"]), url=_gate_url, order=50)
    feed.tell_about(Track, gettext_lazy("stage"), name=_entered, order=45)


def seen_gates(member: Member) -> QuerySet[Gate]:
    rows = Gate.objects.visible_to(member).select_related("product__workspace")
    return rows.only("thread", "number", "product__key", "product__name", "product__workspace__slug")


def subject_of(gate: Gate) -> Subject:
    """How a gate is called where people are told of it: by its product and number."""
    address = [gate.product.workspace.slug, gate.product.key, gate.number]
    return Subject(f"{gate}: {gate.question}", reverse("lifecycle:gate", args=address), gate.product.name)


def _decision(state: dict[str, Any]) -> str:
    return _("%(number)d: %(kind)s") % {"number": state["number"], "kind": Verdict(state["kind"]).label}


def _entered(state: dict[str, Any]) -> str:
    return str(Stage(state["entry_stage"]).label)


def _gate_url(place: Place, state: dict[str, Any]) -> str:
    return reverse("lifecycle:gate", args=[place.workspace, place.product, state["number"]]) if place.product else ""
