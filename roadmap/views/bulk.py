"""Many items at once: ticked rows of the backlog, or all that its filters match."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from jobs.models import Job
from roadmap.backlog import bulk
from roadmap.backlog.filters import item_language
from roadmap.models import Component, Horizon
from roadmap.views.items import backlog_of
from ui.pages import is_htmx, render_page, toast


@require_safe
@member_required(Role.MANAGER)
def count(request: HttpRequest) -> HttpResponse:
    """How many the filters of the page match, to be chosen beyond the rows that are there."""
    try:
        matching = bulk.chosen(request.member, request.product, [], request.GET.urlencode()).count()
    except Refused:
        matching = 0
    context = {"matching": matching, "query": request.GET.urlencode()}
    return render_page(request, "roadmap/bulk/_matching.html", context)


@require_safe
@member_required(Role.MANAGER)
def choices(request: HttpRequest, field: str) -> HttpResponse:
    """What a field of the chosen items can be set to: buttons of the bulk bar's form."""
    language = item_language(request.workspace, request.product)
    values: list[tuple[str, Any]] = []
    if field in bulk.FIELDS and (listed := language.fields[field].values) is not None:
        values = [(str(value), label) for value, label in listed() if value]
    if field == "component":
        offered = Component.objects.visible_to(request.member).of(request.product).offered()
        values = list(offered.values_list("public_id", "name"))
    if field == "horizon":
        values = [(value, label) for value, label in Horizon.choices if value]
    empty = "" if field in ("status", "type", "is_internal") else _("None")
    return render_page(request, "roadmap/bulk/_choices.html", {"field": field, "values": values, "empty": empty})


@require_POST
@member_required(Role.MANAGER)
def change(request: HttpRequest) -> HttpResponse:
    """Set a field of the chosen items, or delete them: at once up to 200, else by a job whose page shows how far it is."""
    numbers, setting = request.POST.getlist("numbers"), request.POST.get("set", "")
    matching = request.POST.get("matching")
    try:
        rows = bulk.chosen(request.member, request.product, numbers, matching)
        found = rows.count()
        if found > bulk.AT_ONCE:
            return _by_job(request, numbers, matching, setting, found)
        with transaction.atomic():
            outcome = bulk.apply(rows, request.member, request.product, setting, by=request.actor)
    except Refused as refusal:
        return _refused(request, str(refusal))
    text = sentence(outcome.changed, setting)
    if outcome.left:
        text = _("%(done)s %(left)s stayed: %(why)s") % {"done": text, "left": outcome.left, "why": outcome.reason}
    undo = reverse("changes:undo", args=[request.workspace.slug, outcome.change]) if outcome.changed else ""
    if not is_htmx(request):
        messages.success(request, text, extra_tags=undo)
        return redirect(backlog_of(request))
    response = toast(HttpResponse(status=204), text, undo=undo)
    # The table of this very browser fetches itself anew, as if another person had done it.
    return trigger_client_event(response, "live:change", {"noun": "item", "id": "*", "change": ""})


def sentence(changed: int, setting: str) -> str:
    if setting == bulk.DELETE:
        return ngettext("%(n)d item deleted.", "%(n)d items deleted.", changed) % {"n": changed}
    return ngettext("%(n)d item changed.", "%(n)d items changed.", changed) % {"n": changed}


def _by_job(request: HttpRequest, numbers: list[str], matching: str | None, setting: str, found: int) -> HttpResponse:
    title = ngettext("%(n)d item", "%(n)d items", found) % {"n": found}
    job = Job.enqueue(
        "change_items", by=request.actor, workspace=request.workspace, product=request.product, title=title,
        numbers=numbers, matching=matching, setting=setting,
    )  # fmt: skip
    address = reverse("jobs:show", args=[request.workspace.slug, job.public_id])
    if not is_htmx(request):
        return redirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    if is_htmx(request):
        return toast(HttpResponse(status=204), text, tone="bad")
    messages.error(request, text)
    return redirect(backlog_of(request))
