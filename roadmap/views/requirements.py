"""The checklist of an item: its requirements and their acceptance criteria."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from roadmap.forms import RequirementForm
from roadmap.items.sections import Trouble
from roadmap.models import Item, Requirement
from roadmap.views.sections import item_at, refused, saved, sentences
from ui.pages import is_htmx

SECTION = "requirements"


@require_POST
@member_required(Role.MANAGER)
def add(request: HttpRequest, number: int) -> HttpResponse:
    item = item_at(request, number)
    form = RequirementForm(request.POST, instance=Requirement(item=item))
    form.require("text")
    if not form.is_valid():
        return refused(request, item, Trouble(SECTION, sentences(form), "add", request.POST))
    try:
        made = Requirement.add_to(item, by=request.actor, **form.values)
    except Refused as refusal:
        return refused(request, item, Trouble(SECTION, str(refusal), "add", request.POST))
    return saved(request, item, SECTION, made.change_id, _("Added %(name)s") % {"name": made})


@require_POST
@member_required(Role.MANAGER)
def edit(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    item, row = _row(request, number, public_id)
    form = RequirementForm(request.POST, instance=row)
    if not form.is_valid():
        return refused(request, item, Trouble(SECTION, sentences(form), public_id, request.POST))
    try:
        change = row.edit(by=request.actor, seen=form.seen_version, **form.values)
    except Conflict as conflict:
        theirs = conflict.theirs if isinstance(conflict.theirs, str) else RequirementForm.lines(conflict.theirs)
        sentence = _("%(conflict)s Theirs: %(theirs)s") % {"conflict": conflict, "theirs": theirs}
        return refused(request, item, Trouble(SECTION, sentence, public_id, request.POST), 409)
    except Refused as refusal:
        return refused(request, item, Trouble(SECTION, str(refusal), public_id, request.POST))
    return saved(request, item, SECTION, change)


@require_POST
@member_required(Role.MANAGER)
def tick(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    """Done or not: one criterion where `criterion` names it, else the requirement with all its criteria."""
    item, row = _row(request, number, public_id)
    done = request.POST.get("done") == "1"
    try:
        if request.POST.get("criterion"):
            row.meet(request.POST["criterion"], done, by=request.actor)
        else:
            row.mark(done, by=request.actor)
    except Refused as refusal:
        return refused(request, item, Trouble(SECTION, str(refusal), public_id))
    return saved(request, item, SECTION, row.change_id)


@require_POST
@member_required(Role.MANAGER)
def move(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    """Right after the requirement `after`, or first without one."""
    item, row = _row(request, number, public_id)
    after = request.POST.get("after", "").replace("\0", "")
    other = get_object_or_404(_rows(request, item), public_id=after) if after else None
    try:
        row.put_after(other, by=request.actor)
    except Refused as refusal:
        if is_htmx(request):
            return HttpResponse(str(refusal), status=422, content_type="text/plain")
        return refused(request, item, Trouble(SECTION, str(refusal), public_id))
    return saved(request, item, SECTION, row.change_id)


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    item, row = _row(request, number, public_id)
    row.delete_softly(by=request.actor)
    return saved(request, item, SECTION, row.change_id, _("Deleted %(name)s") % {"name": row})


def _rows(request: HttpRequest, item: Item) -> Any:
    return Requirement.objects.visible_to(request.member).filter(item=item).select_related("workspace", "item")


def _row(request: HttpRequest, number: int, public_id: str) -> tuple[Item, Requirement]:
    item = item_at(request, number)
    return item, get_object_or_404(_rows(request, item), public_id=public_id)
