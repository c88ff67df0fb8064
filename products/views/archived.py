"""Products out of sight: what was archived, by whom, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from listing.pages import Page, Sort, page_of
from products.models import Product
from ui.pages import render_page

NEWEST = [Sort("deleted_at", descending=True), Sort("pk", descending=True)]


@member_required(Role.MANAGER)
def archived(request: HttpRequest) -> HttpResponse:
    """Those that the member may bring back, the latest first."""
    try:
        page: Page[Product] = page_of(_archived(request), NEWEST, request.GET.get("after", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("products:archived", request.workspace.slug)
    changes = Change.objects.select_related("member__user").in_bulk([product.change_id for product in page.rows])
    rows = [(product, changes.get(product.change_id)) for product in page.rows]
    return render_page(request, "products/archived/archived.html", {"rows": rows, "next": page.next})


@require_POST
@member_required(Role.MANAGER)
def restore(request: HttpRequest, product_key: str) -> HttpResponse:
    product = get_object_or_404(_archived(request).select_related("workspace"), key=product_key.upper())
    product.restore(by=request.actor)
    messages.success(request, _("%(name)s is back") % {"name": product.name})
    return redirect("products:overview", request.workspace.slug, product.key)


def _archived(request: HttpRequest) -> Any:
    archived = Product.objects.with_deleted().exclude(deleted_at=None)
    return archived.visible_to(request.member).reached_by(request.member, Role.MANAGER)
