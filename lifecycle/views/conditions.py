"""Conditions of a conditional go: met, or opened again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, require
from accounts.roles import Role
from lifecycle.models import Condition
from lifecycle.views.gates import done, gate_of


@require_POST
@member_required()
def meet(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    """Said by who sees to it, or by a manager."""
    condition = _condition(request, number, public_id)
    condition.meet(by=request.actor)
    return done(request, gate_of(request, number), _("Condition met"), undo=condition.change_id)


@require_POST
@member_required()
def reopen(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    condition = _condition(request, number, public_id)
    condition.reopen(by=request.actor)
    return done(request, gate_of(request, number), _("Condition opened again"), undo=condition.change_id)


def _condition(request: HttpRequest, number: int, public_id: str) -> Condition:
    rows = Condition.objects.visible_to(request.member).of(request.product).select_related("decision", "workspace")
    condition = get_object_or_404(rows, public_id=public_id, decision__number=number)
    if condition.lead_id != request.member.pk:
        require(request.member, Role.MANAGER, at=request.product)
    return condition
