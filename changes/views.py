"""Undo by address: the toast's button and Ctrl+Z post here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.access import member_required
from accounts.refusals import Refused
from changes.models import Change
from changes.undo import require_undo_right, undo
from ui.pages import REDO, is_htmx, page_before, toast


@require_POST
@member_required()
def undo_change(request: HttpRequest, change_id: int) -> HttpResponse:
    """Turn one's own change back. The page refetches what changed; without JavaScript it goes back where it was."""
    change = get_object_or_404(Change.objects.visible_to(request.member).by(request.actor), pk=change_id)
    require_undo_right(change, request.member)
    try:
        inverse = undo(change, by=request.actor)
    except Refused as refusal:
        if is_htmx(request):
            return HttpResponse(str(refusal), status=422, content_type="text/plain")
        messages.error(request, str(refusal))
        return redirect(came_from(request))
    again = reverse("changes:undo", args=[request.workspace.slug, inverse.pk])
    was_undone = _is_undoing(change)
    text = _("Done again") if was_undone else _("Undone")
    if is_htmx(request):
        response = HttpResponse(status=204)
        response["X-Change"] = str(inverse.pk)
        toast(response, text, undo=again if was_undone else "", redo="" if was_undone else again)
        changed = sorted({(one.noun, one.public_id) for one in inverse.messages})
        return trigger_client_event(response, "undone", {"changed": changed})
    messages.success(request, text, extra_tags=again if was_undone else REDO + again)
    return redirect(came_from(request))


def _is_undoing(change: Change) -> bool:
    """Whether the change took something back: an undoing did, one that turned an undoing back did not, and so on."""
    taken_back = False
    while change.undoes is not None:
        taken_back, change = not taken_back, change.undoes
    return taken_back


def came_from(request: HttpRequest) -> str:
    """The page the person came from, if it is ours."""
    return page_before(request) or "/"
