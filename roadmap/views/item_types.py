"""The workspace's types of items: named, pictured, ordered and removed by its admins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from products.trouble import Trouble, faster
from roadmap.forms import ItemTypeForm, TypeHandOverForm
from roadmap.models import ItemType
from roadmap.models.kept_filters import naming
from ui.pages import render_page


@member_required(Role.ADMIN)
def item_types(request: HttpRequest) -> HttpResponse:
    """All of them, in their order."""
    return _page(request)


@require_POST
@member_required(Role.ADMIN)
def add(request: HttpRequest) -> HttpResponse:
    form = ItemTypeForm(request.POST, instance=ItemType(workspace=request.workspace), whole=True)
    if form.is_valid():
        try:
            row = ItemType.add(request.workspace, by=request.actor, **form.values)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return _done(request, row.change_id, _("Added %(name)s") % {"name": row})
    return _page(request, form, code=422)


@require_POST
@member_required(Role.ADMIN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _row(request, public_id)
    form = ItemTypeForm(request.POST, instance=row, whole=True)
    if not form.is_valid():
        return _page(request, wrong=(row, form), code=422)
    try:
        change = row.edit(by=request.actor, seen=form.seen_version, **form.values)
    except Conflict as conflict:
        trouble = faster(row, public_id, conflict, request.POST, request.path)
        form.catch_up(row)
        return _page(request, wrong=(row, form), trouble=trouble, code=409)
    except Refused as refusal:
        form.add_error("name" if "name" in str(refusal) else "kind", str(refusal))
        return _page(request, wrong=(row, form), code=422)
    return _done(request, change, _("Saved"))


@require_POST
@member_required(Role.ADMIN)
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """One place up (`to=up`) or down."""
    row = _row(request, public_id)
    step = -1 if request.POST.get("to") == "up" else 1
    change = row.edit(by=request.actor, position=max(0, row.position + step))
    return _done(request, change, _("Moved %(name)s") % {"name": row})


@member_required(Role.ADMIN)
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Away, after a page that says what it touches and asks which type its items get."""
    row = _row(request, public_id)
    form = TypeHandOverForm(request.POST if request.method == "POST" else None, row=row)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, row, form, 422 if form.is_bound else 200)
    try:
        moved = row.remove(by=request.actor, to=form.cleaned_data["to"])
    except Refused as refusal:
        form.add_error("to", str(refusal))
        return _ask(request, row, form, 422)
    text = _("Removed %(name)s") % {"name": row}
    if moved:
        text += " · " + ngettext("%(n)d item moved", "%(n)d items moved", moved) % {"n": moved}
    return _done(request, row.change_id, text)


def _row(request: HttpRequest, public_id: str) -> ItemType:
    rows = ItemType.objects.visible_to(request.member).select_related("workspace")
    return get_object_or_404(rows, public_id=public_id)


def _ask(request: HttpRequest, row: ItemType, form: TypeHandOverForm, code: int) -> HttpResponse:
    context = {
        "type": row,
        "form": form,
        "size": row.items.count(),
        "binned": row.items.with_deleted().exclude(deleted_at=None).count(),
        "template": row.templates.exists(),
        "views": naming(row.workspace_id, "type", row.key),
    }
    return render_page(request, "roadmap/item_types/remove.html", context, code)


def _page(
    request: HttpRequest,
    form: ItemTypeForm | None = None,
    *,
    wrong: tuple[ItemType, ItemTypeForm] | None = None,
    trouble: Trouble | None = None,
    code: int = 200,
) -> HttpResponse:
    rows: list[Any] = list(ItemType.objects.visible_to(request.member).with_sizes())
    for row in rows:
        here = wrong is not None and wrong[0].pk == row.pk
        row.form = wrong[1] if here and wrong else ItemTypeForm(instance=row, auto_id=f"{row.public_id}-%s")
    context = {
        "types": rows,
        "form": form or ItemTypeForm(instance=ItemType(workspace=request.workspace)),
        "trouble": trouble,
        "only_one": sum(not row.is_epic for row in rows) == 1,
    }
    return render_page(request, "roadmap/item_types/item_types.html", context, code)


def _done(request: HttpRequest, change: int, text: str) -> HttpResponse:
    messages.success(request, text, extra_tags=undo_address(request, change))
    return redirect("roadmap:item_types", request.workspace.slug)
