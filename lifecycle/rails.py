"""The curve of a product's life, drawn from its track: how far it came, what each gate said, what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from lifecycle.models import Gate, State, Verdict
from lifecycle.standing import GateStanding, Standing, days_in_stage, standings, standings_later
from lifecycle.words import lasting, month, span
from products.models import Product
from ui import formats

DUE_WITHIN = timedelta(days=14)


def rails(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """Panel “product.head”: the arguments of the rail for each product."""
    products = [product for product in Product.objects.seen_by(member) if product.pk in ids]
    today = member.workspace.today()
    return {pk: {"rail": rail_of(standing, member, today)} for pk, standing in standings(member, products).items()}


def rail_of_one(together: Together, product_id: int, member: Member) -> Callable[[], dict[str, Any] | None]:
    """The same for the page of one product, asked together with the rest of it."""
    products = [product for product in Product.objects.seen_by(member) if product.pk == product_id]
    found = standings_later(member, products, together)

    def context() -> dict[str, Any] | None:
        standing = found().get(product_id)
        return {"rail": rail_of(standing, member, member.workspace.today())} if standing else None

    return context


def rail_of(standing: Standing, member: Member, today: date) -> dict[str, Any]:
    slug, key = member.workspace.slug, standing.product.key
    return {
        "current": standing.product.stage,
        "you": standing.number - 1 + 0.1 + 0.8 * standing.share,
        "label": _label(standing, today),
        "gates": [
            {"number": number, "url": reverse("lifecycle:gate", args=[slug, key, number]), "label": str(gate)}
            | _gate(standing, gate, today, member)
            for number, gate in standing.gates.items()
        ],
        "notes": [span(row, today) for row in standing.states.values()],
        "percent": round(10 + 80 * standing.share),
        "place": _place(standing),
        "adopted": standing,
        "may_reopen": not standing.is_stopped and any(row.state == State.DONE for row in standing.states.values()),
        "may_adopt": standing.adopted_at is None and not standing.decisions,
    }


NEXT_REVIEW = Prepared(
    lambda product: Gate.objects.filter(product=product).exclude(review_on=None).order_by("review_on", "pk")[:1]
)


def next_review(product: Product, member: Member) -> tuple[str, str]:
    """The note beside the compact rail: the next review that has a day, and its address. One statement."""
    gate = NEXT_REVIEW.first(product)
    if gate is None:
        return "", ""
    day = formats.day(gate.review_on, member.workspace.today())
    url = reverse("lifecycle:gate", args=[member.workspace.slug, product.key, gate.number])
    return _("%(gate)s on %(day)s") % {"gate": gate, "day": day}, url


def _place(standing: Standing) -> str:
    """Where the label has room: beside a gate that is near, above the curve while it is low."""
    if standing.share > 0.6 and standing.number > 1:
        return "is-left"
    return "is-above" if standing.number <= 3 else ""


def _label(standing: Standing, today: date) -> str:
    if standing.is_stopped:
        return _("Stopped")
    days = days_in_stage(standing, today)
    return lasting(days) if days else ""


def _gate(standing: Standing, gate: GateStanding, today: date, member: Member) -> dict[str, str]:
    """State and date under a gate: what was decided, else when it is reviewed."""
    decision = standing.decisions.get(gate.number)
    if gate.review_on is not None:
        due = gate.review_on - today <= DUE_WITHIN
        return {"state": "due" if due else "none", "date": formats.day(gate.review_on, today)}
    if decision is not None:
        state = {Verdict.CONDITIONAL: "cond", Verdict.GO: "go"}.get(decision.kind, "none")
        when = month(member.workspace.local(decision.decided_at).date())
        return {"state": state, "date": f"{decision.kind.label}, {when}" if state == "none" else when}
    if gate.number < standing.number:
        return {"state": "none", "date": _("before Cradle")}
    return {"state": "none", "date": _("not planned")}
