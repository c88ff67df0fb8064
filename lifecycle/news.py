"""What the activity feed says about gates."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changes import feed
from changes.feed import Place
from lifecycle.models import Condition, Criterion, Decision, Gate, Track, Verdict
from products.models import Stage


def tell() -> None:
    feed.tell_about(Decision, gettext_lazy("gate"), name=_decision, url=_gate_url, order=0)
    feed.tell_about(Condition, gettext_lazy("condition"), name=lambda state: state["text"], order=10)
    feed.tell_about(Criterion, gettext_lazy("criterion"), name=lambda state: state["text"], order=60)
    feed.tell_about(Gate, gettext_lazy("gate"), name=lambda state: str(state["number"]), url=_gate_url, order=50)
    feed.tell_about(Track, gettext_lazy("stage"), name=_entered, order=45)


def _decision(state: dict[str, Any]) -> str:
    return _("%(number)d: %(kind)s") % {"number": state["number"], "kind": Verdict(state["kind"]).label}


def _entered(state: dict[str, Any]) -> str:
    return str(Stage(state["entry_stage"]).label)


def _gate_url(place: Place, state: dict[str, Any]) -> str:
    return reverse("lifecycle:gate", args=[place.workspace, place.product, state["number"]]) if place.product else ""
