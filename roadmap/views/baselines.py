"""Days of a roadmap with a name: kept, renamed, removed."""

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
from roadmap.forms.baselines import BaselineForm
from roadmap.models import Baseline
from ui.pages import render_page


@member_required()
def index(request: HttpRequest) -> HttpResponse:
    """All of a product, the newest first, with what they can be compared with."""
    return _page(request, BaselineForm(instance=_blank(request)))


@require_POST
@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    form = BaselineForm(request.POST, instance=_blank(request), whole=True)
    form.require("name")
    if form.is_valid():
        try:
            baseline = Baseline.keep(request.product, by=request.actor, **form.values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(request, baseline, _("%(name)s is kept"), baseline.change_id)
    return _page(request, form, status=422)


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another name, or another day."""
    baseline = _baseline(request, public_id)
    form = BaselineForm(request.POST if request.method == "POST" else None, instance=baseline, whole=True)
    status, conflict = (422 if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            change = baseline.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as met:
            status, conflict = 409, met
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(request, baseline, _("%(name)s is saved"), change)
    context = {"form": form, "baseline": baseline, "conflict": conflict}
    return render_page(request, "roadmap/baselines/edit.html", context, status=status)


@require_POST
@member_required(Role.MANAGER)
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """The name goes; what was on that day can still be looked at."""
    baseline = _baseline(request, public_id)
    baseline.delete_softly(by=request.actor)
    return _told(request, baseline, _("%(name)s is removed"), baseline.change_id)


def _page(request: HttpRequest, form: BaselineForm, status: int = 200) -> HttpResponse:
    rows = Baseline.objects.visible_to(request.member).of(request.product).select_related("made_by__user")
    baselines = list(rows.order_by("-moment", "-pk"))
    for one in baselines:
        one.workspace = request.workspace
    may_edit = request.member.may(Role.MANAGER, at=request.product)
    context = {"form": form, "baselines": baselines, "may_edit": may_edit, "today": request.workspace.today()}
    return render_page(request, "roadmap/baselines/index.html", context, status=status)


def _blank(request: HttpRequest) -> Baseline:
    return Baseline(product=request.product, workspace=request.workspace)


def _baseline(request: HttpRequest, public_id: str) -> Baseline:
    rows = Baseline.objects.visible_to(request.member).of(request.product).select_related("workspace")
    return get_object_or_404(rows, public_id=public_id)


def _told(request: HttpRequest, baseline: Baseline, words: str, change: int) -> HttpResponse:
    messages.success(request, words % {"name": baseline.name}, extra_tags=undo_address(request, change))
    return redirect("roadmap:baselines", request.workspace.slug, request.product.key)
