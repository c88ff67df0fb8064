"""Undo by address: the toast's button and Ctrl+Z post here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from changes.models import Change
from changes.undo import require_undo_right, undo
from ui.pages import is_htmx, toast


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
    if is_htmx(request):
        response = HttpResponse(status=204)
        response["X-Change"] = str(inverse.pk)
        return toast(response, _("Undone"), undo=again)
    messages.success(request, _("Undone"), extra_tags=again)
    return redirect(came_from(request))


def came_from(request: HttpRequest) -> str:
    """The page the person came from, if it is ours."""
    here = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(here, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return here if own else "/"
