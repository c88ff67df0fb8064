"""Many items at once: ticked rows of the backlog, or all that its filters match."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
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
from roadmap.backlog.bulk_fields import IN_BAR, MARKS, form_of, offered_in_dialog, own_named, read
from roadmap.backlog.bulk_texts import FOUND, TEXTS
from roadmap.backlog.choices import people
from roadmap.backlog.filters import item_language
from roadmap.models import Component, FieldKind, Horizon
from roadmap.plans.slips import ReasonWanted, asking
from roadmap.views.items import backlog_of
from ui import formats
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
    if field in IN_BAR and (listed := language.fields[field].values) is not None:
        values = [(str(value), label) for value, label in listed() if value]
    if field == "component":
        offered = Component.objects.visible_to(request.member).of(request.product).offered()
        values = list(offered.values_list("public_id", "name"))
    if field == "horizon":
        values = [(value, label) for value, label in Horizon.choices if value]
    empty = "" if field in ("status", "type", "is_internal") else _("None")
    return render_page(request, "roadmap/bulk/_choices.html", {"field": field, "values": values, "empty": empty})


@require_safe
@member_required(Role.MANAGER)
def fields(request: HttpRequest) -> HttpResponse:
    """The fields that have no menu of their own in the bar: each leads to the form that sets it."""
    offered = offered_in_dialog(request.member, request.product)
    return render_page(request, "roadmap/bulk/_fields.html", {"offered": offered})


@require_safe
@member_required(Role.MANAGER)
def value(request: HttpRequest, field: str) -> HttpResponse:
    """The dialog in which a field of the chosen items is set."""
    own = own_named(request.member, field)
    context: dict[str, Any] = {"field": field, "own": own}
    if own is not None:
        context |= {"label": own.name, "may_be_empty": True, "holds_several": own.kind == FieldKind.MULTI}
        context["people"] = people(request.workspace.pk) if own.kind == FieldKind.PERSON else []
    else:
        form = form_of(request.member, request.product, field)
        if field not in form.fields:
            raise Http404
        bound = form[field]
        context |= {"bound": bound, "label": bound.label, "may_be_empty": not bound.field.required}
        context |= {"is_text": field in TEXTS, "may_be_the_same": field == "description"}
        context |= {"holds_several": field == "tags"}
        bound.field.required = True  # a button of its own empties it
    return render_page(request, "roadmap/bulk/_value.html", context)


@require_POST
@member_required(Role.MANAGER)
def change(request: HttpRequest) -> HttpResponse:
    """Set a field of the chosen items, or delete them: at once up to 200, else by a job whose page shows how far it is."""
    numbers, matching = request.POST.getlist("numbers"), request.POST.get("matching")
    reason = request.POST.get("reason", "").strip()[:1000]
    try:
        setting = _setting(request)
        rows = bulk.chosen(request.member, request.product, numbers, matching)
        found = rows.count()
        if not reason:
            bulk.ask_why(rows, request.member, request.product, setting)
        if found > bulk.AT_ONCE:
            return _by_job(request, found, numbers=numbers, matching=matching, setting=setting, reason=reason)
        with transaction.atomic():
            outcome = bulk.apply(rows, request.member, request.product, setting, by=request.actor, reason=reason)
    except Refused as refusal:
        return _refused(request, refusal)
    text = " ".join([sentence(outcome.changed, setting), *(_left(*one) for one in outcome.reasons)])
    undo = reverse("changes:undo", args=[request.workspace.slug, outcome.change]) if outcome.changed else ""
    if not is_htmx(request):
        messages.success(request, text, extra_tags=undo)
        return redirect(backlog_of(request))
    response = toast(HttpResponse(status=204), text, undo=undo)
    trigger_client_event(response, "dialog:close", {})
    # The table of this very browser fetches itself anew, as if another person had done it.
    return trigger_client_event(response, "live:change", {"noun": "item", "id": "*", "change": ""})


def _setting(request: HttpRequest) -> str:
    """What was pressed; where that names a field alone (`effort`, `tags+`), with what the dialog has for it. Raises Refused."""
    pressed = request.POST.get("set", "")
    if pressed == bulk.DELETE or ":" in pressed:
        return pressed
    name = pressed.rstrip(MARKS)
    if pressed.endswith(FOUND):
        return f"{pressed}:{json.dumps([request.POST.get('find', ''), request.POST.get(name, '')])}"
    typed = ",".join(request.POST.getlist(name)).strip()
    if not typed:
        raise Refused(_("Say first what it is to become."))
    return f"{pressed}:{typed}"


def _left(count: int, why: str) -> str:
    words = ngettext("%(n)d item stayed as it was: %(why)s", "%(n)d items stayed as they were: %(why)s", count)
    return words % {"n": count, "why": why}


def sentence(changed: int, setting: str) -> str:
    if setting == bulk.DELETE:
        return ngettext("%(n)d item deleted.", "%(n)d items deleted.", changed) % {"n": changed}
    return ngettext("%(n)d item changed.", "%(n)d items changed.", changed) % {"n": changed}


def _by_job(request: HttpRequest, found: int, *, setting: str, **asked: Any) -> HttpResponse:
    """Raises Refused where it could do nothing, so that this is heard at once."""
    if setting != bulk.DELETE:
        read(setting, request.member, request.product)
    title = ngettext("%(n)s item", "%(n)s items", found) % {"n": formats.number(found)}
    job = Job.enqueue(
        "change_items", by=request.actor, workspace=request.workspace, product=request.product, title=title,
        setting=setting, **asked,
    )  # fmt: skip
    address = reverse("jobs:show", args=[request.workspace.slug, job.public_id])
    if not is_htmx(request):
        return redirect(address)
    return HttpResponse(status=204, headers={"HX-Redirect": address})


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A reason that is wanted is asked for where the field was set, else in the dialog that asks for it elsewhere too."""
    if "dialog" in request.POST:
        context = {"sentence": str(refusal), "asks_why": isinstance(refusal, ReasonWanted)}
        return render_page(request, "roadmap/bulk/_problem.html", context, status=422)
    if is_htmx(request):
        return asking(toast(HttpResponse(status=204), str(refusal), tone="bad"), refusal)
    messages.error(request, str(refusal))
    return redirect(backlog_of(request))
