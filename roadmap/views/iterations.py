"""Iterations inside a release: planned, filled with its items, reviewed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from changes.models import Change
from roadmap.forms import IterationForm, ReviewForm
from roadmap.models import Item, Iteration, Release
from roadmap.views.release_page import found, told
from ui.pages import in_dialog, render_page

MOST = 200


@member_required(Role.MANAGER)
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    release = found(request, public_id)
    blank = Iteration(workspace=request.workspace, product=request.product, release=release)
    if request.method != "POST":
        return _form_page(request, release, IterationForm(instance=blank))
    form = IterationForm(request.POST, instance=blank)
    form.require("name")
    if form.is_valid():
        try:
            row = Iteration.add(
                request.workspace, by=request.actor, product=request.product, release=release, **form.values
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return told(request, release, _("%(name)s is planned") % {"name": row.name}, row.change_id)
    return _form_page(request, release, form, status=422)


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str, iteration: str) -> HttpResponse:
    return _edit(request, public_id, iteration, IterationForm, "edit")


@member_required(Role.MANAGER)
def review(request: HttpRequest, public_id: str, iteration: str) -> HttpResponse:
    """What was learned, and what changes from now on."""
    return _edit(request, public_id, iteration, ReviewForm, "review")


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, public_id: str, iteration: str) -> HttpResponse:
    release = found(request, public_id)
    row = _iteration(request, release, iteration)
    row.delete_softly(by=request.actor)
    return told(request, release, _("%(name)s is deleted") % {"name": row.name}, row.change_id)


@member_required(Role.MANAGER)
def fill(request: HttpRequest, public_id: str, iteration: str) -> HttpResponse:
    """Which items of the release are in this iteration: those that are ticked, and no others."""
    release = found(request, public_id)
    row = _iteration(request, release, iteration)
    rows = Item.objects.visible_to(request.member).filter(release=release).ranked()
    items = list(rows.select_related("workspace", "product", "iteration")[:MOST])
    if request.method != "POST":
        context = {"release": release, "iteration": row, "items": items}
        return render_page(request, "roadmap/iterations/fill.html", context)
    sent = {
        int(one) for one in request.POST.getlist("item")[:MOST] if one.isascii() and one.isdigit() and len(one) < 10
    }
    with Change.open("iteration.filled", by=request.actor, workspace=request.workspace) as change:
        for item in items:
            if (item.iteration_id == row.pk) != (item.number in sent):
                item.edit(by=change, iteration=row if item.number in sent else None)
    size = sum(item.number in sent for item in items)
    text = ngettext("%(name)s has %(n)d item", "%(name)s has %(n)d items", size) % {"name": row.name, "n": size}
    return told(request, release, text, change.pk or 0)


def _edit(request: HttpRequest, public_id: str, iteration: str, form_class: Any, name: str) -> HttpResponse:
    release = found(request, public_id)
    row = _iteration(request, release, iteration)
    form = form_class(request.POST if request.method == "POST" else None, instance=row, whole=name == "review")
    context = {"form": form, "release": release, "iteration": row}
    if request.method != "POST":
        return render_page(request, f"roadmap/iterations/{name}.html", context)
    status, verb = 422, row.edit if name == "edit" else row.review
    if form.is_valid():
        try:
            change = verb(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as met:
            status, context["conflict"] = 409, met
            form.catch_up(row)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return told(request, release, _("Saved"), change)
    return in_dialog(request, f"roadmap/iterations/{name}.html", context, status)


def _form_page(request: HttpRequest, release: Release, form: IterationForm, status: int = 200) -> HttpResponse:
    return in_dialog(request, "roadmap/iterations/edit.html", {"form": form, "release": release}, status)


def _iteration(request: HttpRequest, release: Release, public_id: str) -> Iteration:
    rows = Iteration.objects.visible_to(request.member).filter(release=release).select_related("workspace")
    return get_object_or_404(rows, public_id=public_id)
