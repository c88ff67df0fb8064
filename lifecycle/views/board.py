"""All products by stage, the reviews that come, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.access import member_required
from accounts.roles import Role
from config import clock
from lifecycle.course import QUESTIONS
from lifecycle.models import Decision, SignOff
from lifecycle.rails import DUE_WITHIN
from lifecycle.standing import Standing, days_in_stage, standings
from lifecycle.words import lasting, look
from products.models import Product
from products.views.portfolio import visible_products
from ui import stages
from ui.pages import render_page

WHOLE_CARDS = 6
LOGGED = timedelta(days=365)
MOST_LOGGED = 30


@member_required()
def board(request: HttpRequest) -> HttpResponse:
    products = visible_products(request)
    found = standings(products)
    return render_page(
        request,
        "lifecycle/board/board.html",
        {
            "columns": [_column(request, stage, found.values()) for stage in stages.STAGES],
            "reviews": _reviews(found.values()),
            "log": _log(request, products),
            "has_products": bool(products),
            "may_add": request.member.may(Role.MANAGER),
        },
    )


def _column(request: HttpRequest, stage: stages.Stage, found: Any) -> dict[str, Any]:
    here = [_card(request, standing) for standing in found if standing.product.stage == stage.key]
    here.sort(key=lambda card: (not card["due"], card["standing"].product.name))
    return {
        "stage": stage,
        "cards": here[:WHOLE_CARDS],
        "folded": here[WHOLE_CARDS:],
        "question": QUESTIONS.get(stage.number),
        "due": any(card["due"] for card in here),
    }


def _card(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    today = request.workspace.today()
    days = days_in_stage(standing, today)
    gate = standing.next_gate
    due = gate is not None and gate.review_on is not None and gate.review_on - today <= DUE_WITHIN
    return {
        "standing": standing,
        "gate": gate,
        "age": lasting(days) if days is not None else "",
        "due": due and not standing.is_stopped,
        "again": [
            row for row in standing.states.values() if row.state == "active" and row.stage != standing.product.stage
        ],
    }


def _reviews(found: Any) -> list[dict[str, Any]]:
    """Gates with a day, the next first, with who is asked to sign."""
    gates = [gate for standing in found for gate in standing.gates.values() if gate.review_on is not None]
    gates.sort(key=lambda gate: (gate.review_on, gate.pk))
    asked: dict[int, list[str]] = defaultdict(list)
    for one in SignOff.objects.pending().filter(gate__in=gates).select_related("member__user"):
        asked[one.gate_id].append(one.member.name)
    return [{"gate": gate, "approvers": asked[gate.pk]} for gate in gates]


def _log(request: HttpRequest, products: Sequence[Product]) -> list[dict[str, Any]]:
    """The decisions of the last twelve months, the newest first."""
    rows = Decision.objects.visible_to(request.member).filter(decided_at__gte=clock.now() - LOGGED)
    rows = rows.newest_first().select_related("product", "decided_by__user")[:MOST_LOGGED]
    return [{"decision": decision, **look(decision)} for decision in rows if decision.product.deleted_at is None]
