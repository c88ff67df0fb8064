"""What an item needs, blocks, relates to and duplicates."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from roadmap.forms import LinkForm
from roadmap.items.sections import Trouble
from roadmap.models import ItemLink
from roadmap.views.sections import item_at, refused, saved, sentences

SECTION = "links"


@require_POST
@member_required(Role.MANAGER)
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Link the item to another one that the member sees; a duplicate needs a manager at both products."""
    item = item_at(request, number)
    form = LinkForm(request.POST, item=item, member=request.member)
    if not form.is_valid():
        return refused(request, item, Trouble(SECTION, sentences(form), "add", request.POST))
    try:
        link = ItemLink.add(item, form.cleaned_data["kind"], form.cleaned_data["other"], by=request.actor)
    except Refused as refusal:
        return refused(request, item, Trouble(SECTION, str(refusal), "add", request.POST))
    return saved(
        request, item, SECTION, link.change_id, _("Linked to %(key)s") % {"key": form.cleaned_data["other"].key}
    )


@require_POST
@member_required(Role.MANAGER)
def remove(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    item = item_at(request, number)
    rows = ItemLink.objects.between_visible(request.member).select_related(
        "item__product", "other__product", "workspace"
    )
    link = get_object_or_404(rows.filter(Q(item=item) | Q(other=item)), public_id=public_id)
    link.remove(by=request.actor)
    return saved(request, item, SECTION, link.change_id, _("Link removed"))
