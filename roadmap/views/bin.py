"""What was deleted from a backlog, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from listing.pages import Page, Sort, page_of
from roadmap.items.bin import KEPT, binned, say_by_whom
from roadmap.models import Item
from ui.pages import render_page

SORTS = [Sort("deleted_at", descending=True), Sort("pk", descending=True)]


@require_safe
@member_required(Role.MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    refusal, page = "", Page[Item]([], "")
    try:
        page = page_of(binned(request.member, request.product), SORTS, request.GET.get("after", ""))
    except Refused as no:
        refusal = str(no)
    say_by_whom(page.rows)
    for item in page.rows:
        item.product = request.product
    context = {"page": page, "refusal": refusal, "days": KEPT.days}
    return render_page(request, "roadmap/bin/index.html", context)


@require_POST
@member_required(Role.MANAGER)
def restore(request: HttpRequest, number: int) -> HttpResponse:
    rows = Item.objects.with_deleted().visible_to(request.member).of(request.product).select_related("workspace")
    item = get_object_or_404(rows, number=number)
    item.product = request.product
    led = item.restore(by=request.actor)
    undo = reverse("changes:undo", args=[request.workspace.slug, item.change_id])
    said = _("%(key)s is back") % {"key": item.key}
    if led:
        also = ngettext(
            "%(n)d duplicate leads to the last original now, for there are no duplicates of duplicates.",
            "%(n)d duplicates lead to the last original now, for there are no duplicates of duplicates.",
            led,
        )
        said = f"{said}. {also % {'n': led}}"
    messages.success(request, said, extra_tags=undo)
    return redirect("roadmap:item", request.workspace.slug, request.product.key, number)
