"""The workspace's statuses: named, ordered and removed by its admins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from products.trouble import Trouble, faster
from roadmap.forms import HandOverForm, StatusForm
from roadmap.models import Category, Status
from roadmap.models.status import StatusInUse
from ui.pages import render_page


@member_required(Role.ADMIN)
def statuses(request: HttpRequest) -> HttpResponse:
    """All of them, by category."""
    return _page(request)


@require_POST
@member_required(Role.ADMIN)
def add(request: HttpRequest) -> HttpResponse:
    form = StatusForm(request.POST, instance=Status(workspace=request.workspace), whole=True, among=_known(request))
    if form.is_valid():
        try:
            status = Status.add(request.workspace, by=request.actor, **form.values)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return _done(request, status.change_id, _("Added %(name)s") % {"name": status})
    return _page(request, form, code=422)


@member_required(Role.ADMIN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form of one status, fetched when its row is opened and a page of its own without JavaScript; POST saves it."""
    status = _status(request, public_id)
    if request.method != "POST":
        return render_page(request, "roadmap/statuses/edit.html", {"status": status, "form": _form(request, status)})
    form = _form(request, status, request.POST)
    if not form.is_valid():
        return _page(request, wrong=(status, form), code=422)
    try:
        change = status.edit(by=request.actor, seen=form.seen_version, **form.values)
    except Conflict as conflict:
        trouble = faster(status, public_id, conflict, request.POST, request.path)
        form.catch_up(status)
        return _page(request, wrong=(status, form), trouble=trouble, code=409)
    except Refused as refusal:
        form.add_error("name", str(refusal))
        return _page(request, wrong=(status, form), code=422)
    return _done(request, change, _("Saved"))


@require_POST
@member_required(Role.ADMIN)
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """One place up (`to=up`) or down, within its category."""
    status = _status(request, public_id)
    step = -1 if request.POST.get("to") == "up" else 1
    change = status.edit(by=request.actor, position=max(0, status.position + step))
    return _done(request, change, _("Moved %(name)s") % {"name": status})


@member_required(Role.ADMIN)
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Away; where there are items in it, a page asks first which status they get."""
    status = _status(request, public_id)
    form = HandOverForm(request.POST if request.method == "POST" else None, status=status)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, status, form, 422 if form.is_bound else 200)
    try:
        moved = status.remove(by=request.actor, to=form.cleaned_data["to"])
    except Refused as refusal:
        if not isinstance(refusal, StatusInUse):
            messages.error(request, str(refusal))
            return redirect("roadmap:statuses", request.workspace.slug)
        form.add_error("to", str(refusal))
        return _ask(request, status, form, 422)
    text = _("Removed %(name)s") % {"name": status}
    if moved:
        text += " · " + ngettext("%(n)d item moved", "%(n)d items moved", moved) % {"n": moved}
    return _done(request, status.change_id, text)


def _status(request: HttpRequest, public_id: str) -> Status:
    rows = _known(request).select_related("workspace")
    return get_object_or_404(rows, public_id=public_id)


def _known(request: HttpRequest) -> Any:
    return Status.objects.visible_to(request.member)


def _form(request: HttpRequest, status: Status, sent: Any = None) -> StatusForm:
    """Its ids are its own: it stands on one page with that of a new status."""
    return StatusForm(sent, instance=status, whole=True, auto_id=f"{status.public_id}-%s", among=_known(request))


WITH_SIZES = Prepared(lambda member: Status.objects.visible_to(member).with_sizes())


def _ask(request: HttpRequest, status: Status, form: HandOverForm, code: int) -> HttpResponse:
    context = {"status": status, "form": form, "size": status.items.count()}
    return render_page(request, "roadmap/statuses/remove.html", context, code)


def _page(
    request: HttpRequest,
    form: StatusForm | None = None,
    *,
    wrong: tuple[Status, StatusForm] | None = None,
    trouble: Trouble | None = None,
    code: int = 200,
) -> HttpResponse:
    rows: list[Any] = WITH_SIZES.rows(request.member)
    for row in rows:
        row.form = wrong[1] if wrong and wrong[0].pk == row.pk else None
    categories = [(category, [row for row in rows if row.category == category]) for category in Category]
    context = {
        "categories": categories,
        "form": form or StatusForm(instance=Status(workspace=request.workspace), among=rows),
        "trouble": trouble,
        "only_one": len(rows) == 1,
    }
    return render_page(request, "roadmap/statuses/statuses.html", context, code)


def _done(request: HttpRequest, change: int, text: str) -> HttpResponse:
    messages.success(request, text, extra_tags=undo_address(request, change))
    return redirect("roadmap:statuses", request.workspace.slug)
