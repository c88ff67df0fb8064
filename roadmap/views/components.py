"""The components of a product: named, led, and removed only after what that touches was shown."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.concurrency import Conflict
from roadmap.forms.components import PEOPLE, ComponentForm, HandOnForm
from roadmap.models import Component, Item
from ui.pages import render_page

SHOWN = 10


@require_http_methods(["GET", "HEAD"])
@member_required()
def components(request: HttpRequest) -> HttpResponse:
    """All of them, each with how many items have it."""
    return _list(request)


@require_POST
@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    form = ComponentForm(request.POST, instance=_blank(request), whole=True)
    form.limit_choices(request.member)
    if form.is_valid():
        try:
            row = Component.add(request.workspace, by=request.actor, product=request.product, **form.values)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return _done(request, row, _("Added %(name)s"), since=None)
    return _list(request, form, 422)


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One component with the items that have it; with those known, it is renamed or removed."""
    row = _component(request, public_id)
    since = row.change_id
    form = ComponentForm(request.POST if request.method == "POST" else None, instance=row, whole=True)
    form.limit_choices(request.member)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                row.edit(by=request.actor, seen=form.seen_version, **form.values)
            except Conflict as conflict:
                form.add_error(conflict.field, f"{conflict} {_('Theirs')}: {conflict.theirs or '–'}")
                status = 409
            except Refused as refusal:
                form.add_error("name", str(refusal))
            else:
                return _done(request, row, _("%(name)s is saved"), since)
    if status == 409:
        form.catch_up(row)
    return _one(request, row, form, status=status)


@require_POST
@member_required(Role.MANAGER)
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its items get another one, or keep it: then it is archived."""
    row = _component(request, public_id)
    since, form = row.change_id, HandOnForm(request.POST, component=row)
    if not form.is_valid():
        return _one(request, row, handing=form, status=422)
    try:
        row.remove(by=request.actor, to=form.cleaned_data["to"])
    except Refused as refusal:
        form.add_error("to", str(refusal))
        return _one(request, row, handing=form, status=422)
    words = _("%(name)s is archived") if row.deleted_at is None else _("%(name)s is deleted")
    return _done(request, row, words, since)


@require_POST
@member_required(Role.MANAGER)
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """Out of the archive."""
    row = _component(request, public_id)
    since = row.change_id
    row.take_up(by=request.actor)
    return _done(request, row, _("%(name)s can be chosen again"), since)


def _component(request: HttpRequest, public_id: str) -> Component:
    rows = Component.objects.visible_to(request.member).of(request.product).select_related("workspace", "lead__user")
    return get_object_or_404(rows, public_id=public_id)


def _blank(request: HttpRequest) -> Component:
    return Component(product=request.product, workspace=request.workspace)


def _list(request: HttpRequest, form: ComponentForm | None = None, status: int = 200) -> HttpResponse:
    may_edit, together = request.member.may(Role.MANAGER, at=request.product), Together.of_page(request)
    rows = together.ask(WITH_SIZES, request.member, request.product)
    if form is None and may_edit:
        form = ComponentForm(instance=_blank(request))
        form.offer_choices(together.ask(PEOPLE, request.member)())
    shown = rows()
    context = {
        "components": [row for row in shown if not row.is_archived],
        "archived": [row for row in shown if row.is_archived],
        "form": form,
        "may_edit": may_edit,
    }
    return render_page(request, "roadmap/components/components.html", context, status)


WITH_SIZES = Prepared(
    lambda member, product: Component.objects.visible_to(member).of(product).with_sizes().select_related("lead__user")
)


def _one(
    request: HttpRequest,
    row: Component,
    form: ComponentForm | None = None,
    *,
    handing: HandOnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if form is None:
        form = ComponentForm(instance=row)
        form.limit_choices(request.member)
    items = Item.objects.visible_to(request.member).filter(component=row)
    context: dict[str, Any] = {
        "component": row,
        "form": form,
        "handing": handing or HandOnForm(component=row),
        "count": items.count(),
        "items": items.select_related("product").order_by("rank")[:SHOWN],
    }
    return render_page(request, "roadmap/components/edit.html", context, status)


def _done(request: HttpRequest, row: Component, words: str, since: int | None) -> HttpResponse:
    """The list, and what was done; undo is offered for what changed the row `since` then."""
    undo = reverse("changes:undo", args=[request.workspace.slug, row.change_id]) if row.change_id != since else ""
    messages.success(request, words % {"name": row.name}, extra_tags=undo)
    return redirect("roadmap:components", request.workspace.slug, request.product.key)
