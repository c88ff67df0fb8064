"""Milestones: the dated markers of a product's timeline."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from roadmap.forms import MilestoneForm
from roadmap.models import Milestone
from ui.pages import render_page


@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    blank = Milestone(product=request.product, workspace=request.workspace)
    if request.method != "POST":
        return render_page(request, "roadmap/milestones/edit.html", {"form": MilestoneForm(instance=blank)})
    form = MilestoneForm(request.POST, instance=blank)
    form.require("name", "day")
    if not form.is_valid():
        return render_page(request, "roadmap/milestones/edit.html", {"form": form}, status=422)
    milestone = Milestone.add(request.workspace, by=request.actor, product=request.product, **form.values)
    return _told(request, milestone, _("%(name)s is on the timeline"), milestone.change_id)


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    milestone = _milestone(request, public_id)
    form = MilestoneForm(request.POST if request.method == "POST" else None, instance=milestone)
    context = {"form": form, "milestone": milestone}
    if request.method != "POST":
        return render_page(request, "roadmap/milestones/edit.html", context)
    status = 422
    if form.is_valid():
        try:
            change = milestone.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as met:
            status, context["conflict"] = 409, met
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(request, milestone, _("%(name)s is saved"), change)
    return render_page(request, "roadmap/milestones/edit.html", context, status=status)


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    milestone = _milestone(request, public_id)
    milestone.delete_softly(by=request.actor)
    return _told(request, milestone, _("%(name)s is deleted"), milestone.change_id)


def _milestone(request: HttpRequest, public_id: str) -> Milestone:
    rows = Milestone.objects.visible_to(request.member).of(request.product).select_related("workspace")
    return get_object_or_404(rows, public_id=public_id)


def _told(request: HttpRequest, milestone: Milestone, words: str, change: int) -> HttpResponse:
    messages.success(request, words % {"name": milestone.name}, extra_tags=undo_address(request, change))
    return redirect("roadmap:roadmap", request.workspace.slug, request.product.key)
