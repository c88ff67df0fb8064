"""The page of one release: how it stands, what is in it, how its scope changed since it was frozen, what is parked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, require
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.answers import undo_address
from changes.concurrency import Conflict
from roadmap.forms import ParkForm, ReleaseHealthForm, WhyForm
from roadmap.items import drawing as item_drawing
from roadmap.models import ParkedItem, Release, ScopeReason
from roadmap.releases.drawing import ReleaseDrawing
from roadmap.releases.iteration_drawing import IterationDrawing
from roadmap.releases.page import UNITS, ReleasePage, release_of
from roadmap.releases.scope import touched_scope
from ui.pages import in_dialog, lead_to, render_page


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """`unit=effort` draws the burn-up in person-weeks."""
    return _page(request, found(request, public_id))


@member_required()
def health(request: HttpRequest, public_id: str) -> HttpResponse:
    """How it stands and why, said by its lead or a manager."""
    release = found(request, public_id)
    if not release.may_be_judged_by(request.member, request.product):
        require(request.member, Role.MANAGER, at=request.product)
    form = ReleaseHealthForm(request.POST or None, instance=release, whole=True)
    conflict = None
    if request.method == "POST" and form.is_valid():
        said = form.values
        try:
            release.set_health(said["health"], said["health_reason"], by=request.actor, seen=form.seen_version)
        except Conflict as met:
            conflict = met
            form.catch_up(release)
        except Refused as refusal:
            form.add_error("health_reason", str(refusal))
        else:
            return told(request, release, _("Noted how it stands"))
    status = 409 if conflict else 422 if request.method == "POST" else 200
    context = {"form": form, "release": release, "conflict": conflict}
    return in_dialog(request, "roadmap/releases/health.html", context, status)


@require_POST
@member_required(Role.MANAGER)
def freeze(request: HttpRequest, public_id: str) -> HttpResponse:
    release = found(request, public_id)
    try:
        release.freeze(by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_page(request, release)
    return told(request, release, _("The scope of %(name)s is frozen") % {"name": release.name})


@member_required(Role.MANAGER)
def unfreeze(request: HttpRequest, public_id: str) -> HttpResponse:
    """Asks why its scope is open again."""
    release = found(request, public_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        release.unfreeze(form.cleaned_data["why"], by=request.actor)
        return told(request, release, _("The scope of %(name)s is open again") % {"name": release.name})
    status, context = 422 if request.method == "POST" else 200, {"form": form, "release": release}
    return in_dialog(request, "roadmap/releases/unfreeze.html", context, status)


@member_required(Role.MANAGER)
def why(request: HttpRequest, public_id: str, change_id: int) -> HttpResponse:
    """Why one change touched the scope of a frozen release."""
    release = found(request, public_id)
    if not touched_scope(release, change_id):
        raise Http404
    given = ScopeReason.objects.visible_to(request.member).filter(release=release, about=change_id).first()
    form = WhyForm(request.POST or None, initial={"why": given.text if given else ""})
    if request.method == "POST" and form.is_valid():
        ScopeReason.give(release, change_id, form.cleaned_data["why"], by=request.actor)
        messages.success(request, _("Saved"))
        return to_page(request, release)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "release": release, "change_id": change_id}
    return in_dialog(request, "roadmap/releases/why.html", context, status)


# --- parking lot


@require_POST
@member_required(Role.MANAGER)
def park(request: HttpRequest, public_id: str) -> HttpResponse:
    """Set an item of the release aside, or propose one for it."""
    release = found(request, public_id)
    form = ParkForm(request.POST, product=request.product, member=request.member)
    if not form.is_valid():
        return _page(request, release, park=form, status=422)
    item = form.cleaned_data["item"]
    try:
        parked = ParkedItem.park(release, item, form.cleaned_data["why"], by=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, release, park=form, status=422)
    return told(request, release, _("%(key)s is in the parking lot") % {"key": item.key}, parked.change_id)


@require_POST
@member_required(Role.MANAGER)
def take_in(request: HttpRequest, public_id: str, parked: str) -> HttpResponse:
    release = found(request, public_id)
    row = _parked(request, release, parked)
    try:
        row.take_in(by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_page(request, release)
    text = _("%(key)s is in %(name)s") % {"key": row.item.key, "name": release.name}
    return told(request, release, text, row.change_id)


@require_POST
@member_required(Role.MANAGER)
def let_go(request: HttpRequest, public_id: str, parked: str) -> HttpResponse:
    """Out of the parking lot, not into the release."""
    release = found(request, public_id)
    row = _parked(request, release, parked)
    row.delete_softly(by=request.actor)
    return told(request, release, _("%(key)s waits for this release no more") % {"key": row.item.key}, row.change_id)


# --- shared by the views of a release


def found(request: HttpRequest, public_id: str) -> Release:
    release = release_of(request.member, request.product, public_id)
    if release is None:
        raise Http404
    release.product = request.product
    return release


def told(request: HttpRequest, release: Release, text: str, change_id: int | None = None) -> HttpResponse:
    """Back to the page, with what happened and a way back."""
    change = release.change_id if change_id is None else change_id
    messages.success(request, text, extra_tags=undo_address(request, change))
    return to_page(request, release)


def to_page(request: HttpRequest, release: Release) -> HttpResponse:
    return lead_to(request, "roadmap:release", request.workspace.slug, request.product.key, release.public_id)


def _page(request: HttpRequest, release: Release, *, park: ParkForm | None = None, status: int = 200) -> HttpResponse:
    today = request.workspace.today()
    page = ReleasePage.read(release, request.member, today, Together.of_page(request))
    may_edit = request.member.may(Role.MANAGER, at=request.product)
    unit = request.GET.get("unit") if request.GET.get("unit") in UNITS else UNITS[0]
    drawing = ReleaseDrawing(
        request.workspace.slug, request.product.key, release.public_id, may_edit=may_edit, today=today,
        token=get_token(request),
    )  # fmt: skip
    context: dict[str, Any] = {
        "release": release,
        "page": page,
        "chart": page.chart(str(unit)),
        "unit": unit,
        "drawing": drawing,
        "items": drawing.items(page.items),
        "changes": drawing.changes(page.changes),
        "parked": drawing.parked(page.parked),
        "iterations": IterationDrawing(drawing, page).rows(),
        "history": item_drawing.history(page.history, request.workspace.slug),
        "park": park,
        "may_edit": may_edit,
        "may_judge": release.may_be_judged_by(request.member, request.product),
    }
    return render_page(request, "roadmap/releases/show.html", context, status)


def _parked(request: HttpRequest, release: Release, public_id: str) -> ParkedItem:
    rows = ParkedItem.objects.visible_to(request.member).filter(release=release, item__deleted_at=None)
    related = ("workspace", "release__workspace", "item__workspace", "item__product", "item__status")
    return get_object_or_404(rows.select_related(*related), public_id=public_id)
