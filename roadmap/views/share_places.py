"""Where an address of the share dialog shares."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.access import require
from accounts.prepared import Prepared
from accounts.roles import Role
from products.models import Product
from roadmap.models.roadmap import MOST_PRODUCTS
from roadmap.sharing.places import SharePlace
from roadmap.views.roadmaps import products_of, roadmap_of

PRODUCTS = Prepared(
    lambda member: (
        Product.objects.visible_to(member)
        .with_role_of(member)
        .defer("vision", "positioning", "business_model")
        .order_by("name", "pk")
    )
)


def place_of(request: HttpRequest, roadmap: str = "") -> SharePlace:
    """The product, the kept roadmap or the portfolio of the address. Http404 for a roadmap out of sight, PermissionDenied where the member may
    share nothing of it: sharing a product takes a manager of it."""
    member, product = request.member, getattr(request, "product", None)
    if product is not None:
        require(member, Role.MANAGER, at=product)
    place = seen_place(request, roadmap)
    if not place.products:
        raise PermissionDenied
    return place


def seen_place(request: HttpRequest, roadmap: str = "") -> SharePlace:
    """The same for whoever sees it."""
    member, workspace = request.member, request.workspace
    product: Product | None = getattr(request, "product", None)
    if product is not None:
        return SharePlace(member, workspace, product, products=[product])
    kept = roadmap_of(request, roadmap) if roadmap else None
    seen = products_of(member, kept) if kept else PRODUCTS.rows(member)[:MOST_PRODUCTS]
    mine = [one for one in seen if member.may(Role.MANAGER, at=one)]
    return SharePlace(member, workspace, None, kept, mine, [one for one in seen if one not in mine])
