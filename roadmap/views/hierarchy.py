"""What stands above and under an item."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from roadmap.forms import ChildForm, PlaceForm
from roadmap.items.sections import Trouble
from roadmap.models import Item
from roadmap.views.sections import item_at, refused, saved, sentences

SECTION = "children"


@require_POST
@member_required(Role.MANAGER)
def place(request: HttpRequest, number: int) -> HttpResponse:
    """Put the item under an epic, or an epic under an initiative; nothing typed takes it out."""
    item = item_at(request, number)
    form = PlaceForm(request.POST, item=item, member=request.member)
    if not form.is_valid():
        return refused(request, item, Trouble(SECTION, sentences(form), "place", request.POST))
    try:
        change = item.edit(by=request.actor, seen=form.cleaned_data["seen"], **form.values)
    except (Refused, Conflict) as no:
        code = 409 if isinstance(no, Conflict) else 422
        return refused(request, item_at(request, number), Trouble(SECTION, str(no), "place", request.POST), code)
    return saved(request, item_at(request, number), SECTION, change, _("Moved %(key)s") % {"key": item.key})


@require_POST
@member_required(Role.CONTRIBUTOR)
def add_child(request: HttpRequest, number: int) -> HttpResponse:
    """A new item under an epic, at the end of the backlog."""
    item = item_at(request, number)
    form = ChildForm(request.POST)
    if not form.is_valid():
        return refused(request, item, Trouble(SECTION, sentences(form), "add", request.POST))
    try:
        child = Item.add(request.product, by=request.actor, parent=item, **form.cleaned_data)
    except Refused as refusal:
        return refused(request, item, Trouble(SECTION, str(refusal), "add", request.POST))
    return saved(request, item, SECTION, child.change_id, _("%(key)s is in the backlog") % {"key": child.key})
