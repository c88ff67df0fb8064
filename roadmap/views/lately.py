"""The quiet line above a roadmap: what others changed since the last visit, and the way to see it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from config import clock
from products.models import Product
from roadmap.models import Look, Roadmap
from roadmap.plans.designs import Layout
from roadmap.time_machine.lately import lately
from roadmap.time_machine.told_differences import summary
from roadmap.views.comparing import Place, product_place
from roadmap.views.plan import NOTHING, condition_of
from roadmap.views.roadmaps import products_of, roadmap_of
from ui import formats
from ui.pages import render_page


@require_safe
@member_required()
def of_product(request: HttpRequest) -> HttpResponse:
    """Asked by each page of a product's roadmap once it is drawn, so that the page need not wait."""
    try:
        place = product_place(request)
    except Refused:
        place = Place([request.product], NOTHING)
    return _line(request, place, request.product)


@require_safe
@member_required()
def of_kept(request: HttpRequest, public_id: str) -> HttpResponse:
    roadmap = roadmap_of(request, public_id)
    asked, products = roadmap.asked(request.GET), products_of(request.member, roadmap)
    try:
        condition = condition_of(request, asked.query, products[0] if len(products) == 1 else None)
    except Refused:
        condition = NOTHING
    return _line(request, Place(products, condition, asked.design.layout == Layout.HORIZONS, roadmap), roadmap)


def _line(request: HttpRequest, place: Place, at: Product | Roadmap) -> HttpResponse:
    now = clock.now()
    before = Look.note(request.member, at, now)
    counts, is_all = lately(place.asked(request), before, now) if before else ({}, True)
    context = {"sentence": ""}
    if before is not None and counts:
        told = {"what": summary(counts), "when": _since(before, request)}
        words = _("%(what)s since %(when)s") if is_all else _("%(what)s and more since %(when)s")
        context = {
            "sentence": words % told, "moment": before.isoformat(timespec="seconds"),
            "others": "layout=nnl&" if place.by_horizon else "", "here": _page(request, at),
        }  # fmt: skip
    return render_page(request, "roadmap/time/lately.html", context)


def _page(request: HttpRequest, at: Product | Roadmap) -> str:
    if isinstance(at, Product):
        return reverse("roadmap:roadmap", args=[request.workspace.slug, at.key])
    return reverse("roadmap:roadmap_kept", args=[request.workspace.slug, at.public_id])


def _since(moment: datetime, request: HttpRequest) -> str:
    """`9:40`, `yesterday`, `Tuesday`, `8 Dec`."""
    local, today = moment.astimezone(request.workspace.zone), request.workspace.today()
    days = (today - local.date()).days
    if days == 0:
        return date_format(local, "TIME_FORMAT")
    return date_format(local, "l") if 1 < days < 7 else formats.near(local.date(), today)
