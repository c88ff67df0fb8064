"""The list behind the bell, and when mail is wanted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.models import Member
from accounts.refusals import Refused
from discussion.forms import PreferenceForm
from discussion.models import Kind, Notification, Preference
from discussion.shown import shown_to
from listing.pages import PreparedPages, Sort
from ui.pages import render_page

NEWEST = [Sort("pk", descending=True)]


def _rows(member: Member, kind: str) -> Any:
    rows = Notification.objects.visible_to(member).for_list()
    return rows.filter(kind=kind) if kind else rows


PAGES = PreparedPages(Notification, _rows)


@require_safe
@member_required()
def index(request: HttpRequest) -> HttpResponse:
    """The member's notifications, newest first; `kind` chooses among them."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    try:
        page = PAGES.page(request.member, sorts=NEWEST, after=request.GET.get("after", ""), variant=(kind,))
    except Refused as no:
        messages.error(request, str(no))
        return redirect("discussion:notifications", request.workspace.slug)
    context = {
        "entries": shown_to(request.member, page.rows),
        "next": page.next,
        "kind": kind,
        "kinds": Kind.choices,
    }
    return render_page(request, "discussion/notifications.html", context)


@require_POST
@member_required()
def open_one(request: HttpRequest, notification: str) -> HttpResponse:
    """Read, and on to what it is about."""
    row = _own(request, notification)
    row.read()
    shown = shown_to(request.member, [row])
    if not shown:
        return redirect("discussion:notifications", request.workspace.slug)
    return redirect(shown[0].url)


@require_POST
@member_required()
def read_one(request: HttpRequest, notification: str) -> HttpResponse:
    _own(request, notification).read()
    return redirect("discussion:notifications", request.workspace.slug)


@require_POST
@member_required()
def read_all(request: HttpRequest) -> HttpResponse:
    Notification.objects.visible_to(request.member).read_all()
    return redirect("discussion:notifications", request.workspace.slug)


@require_safe
@member_required()
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone; it fetches itself anew when the stream says so."""
    return render_page(request, "layouts/_bell.html")


@member_required()
def preferences(request: HttpRequest) -> HttpResponse:
    """When the member wants mail about what, in this workspace."""
    form = PreferenceForm(request.POST or None, instance=Preference.of(request.member))
    if request.method == "POST":
        if not form.is_valid():
            return render_page(request, "discussion/preferences.html", {"form": form}, status=422, aim="this")
        form.save()
        messages.success(request, _("Saved."))
        return redirect("discussion:preferences", request.workspace.slug)
    return render_page(request, "discussion/preferences.html", {"form": form})


def _own(request: HttpRequest, public_id: str) -> Any:
    return get_object_or_404(Notification.objects.visible_to(request.member).for_list(), public_id=public_id)
