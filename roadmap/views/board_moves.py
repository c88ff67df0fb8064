"""A card that was dropped into another column of a board, or elsewhere in its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, remember, require
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import naming, undo_address
from products.models import Product
from roadmap.boards.dropping import Drop, Dropped, drop
from roadmap.boards.reading import COLUMN
from roadmap.forms.moves import LaneForm
from roadmap.forms.roadmaps import MoveForm
from roadmap.models import Horizon
from roadmap.plans.designs import Design, Layout
from roadmap.plans.laning import SETS, name_without
from roadmap.plans.questions import Question
from roadmap.views.layouts import Picture
from roadmap.views.plan import condition_of, refused
from roadmap.views.roadmaps import products_of, roadmap_of
from ui.pages import is_htmx, toast


@require_POST
@member_required(Role.MANAGER)
def move(request: HttpRequest) -> HttpResponse:
    """On the board of one product. What the board is of stands in the address, as it does in the page's."""
    remember(request.member)
    request.product.workspace = request.workspace
    design = Design.of(request.GET)
    condition = condition_of(request, request.GET, request.product)
    return _move(request, [request.product], design, condition, request.GET, {}, "")


@require_POST
@member_required()
def move_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """On the board of a kept roadmap."""
    remember(request.member)
    roadmap = roadmap_of(request, public_id)
    asked = roadmap.asked(request.GET)
    products = products_of(request.member, roadmap)
    condition = condition_of(request, asked.query, products[0] if len(products) == 1 else None)
    return _move(request, products, asked.design, condition, asked.query, roadmap.limits, "")


def _move(
    request: HttpRequest, products: list[Product], design: Design, condition: Any, query: QueryDict,
    limits: dict[str, int], limit_address: str,
) -> HttpResponse:  # fmt: skip
    form = MoveForm(request.POST)
    if design.layout not in COLUMN or not form.is_valid():
        return refused(_("This move cannot be read. Reload the board and try again."))
    key, _dash, number = form.cleaned_data["moved"].rpartition("-")
    product = next((one for one in products if one.key == key), None)
    if product is None or int(number) >= 2**31:
        raise Http404
    require(request.member, Role.MANAGER, at=product)
    product.workspace = request.workspace
    after, before = (_number(product, form.said(name)) for name in ("after", "before"))
    try:
        lane = _lane(request, product, design, form)
        one = Drop(product, int(number), design.layout, form.said("list"), after, before, lane)
        dropped = drop(one, request.member, by=request.actor)
    except Refused as refusal:
        return refused(str(refusal))
    if dropped is None:
        raise Http404
    if not is_htmx(request):
        return redirect("roadmap:item", request.workspace.slug, key, number)
    question = Question.of(request.member, [one.pk for one in products], design, request.workspace.today(), condition)
    picture = Picture(request, question, query, movable=frozenset({key}), limits=limits, limit_address=limit_address)
    drawn, lanes = picture.heads([dropped.left, dropped.entered]), _named(dropped.lanes, question)
    if lanes:
        drawn += picture.lane_heads(lanes)
    undo, said = undo_address(request, dropped.change), _said(one, dropped, next(iter(lanes.values()), ""))
    return toast(naming(HttpResponse(drawn), dropped.change), said, undo=undo)


def _lane(request: HttpRequest, product: Product, design: Design, form: MoveForm) -> dict[str, Any]:
    """What the lane into which a card was dropped sets, nothing where it stayed in its own. Raises Refused where a drag settles no lane."""
    if "lane" not in form.fields or not design.has_swimlanes:
        return {}
    if design.lanes not in SETS:
        raise Refused(_("A card cannot be dragged into another of these lanes. Change that on the item’s own page."))
    lane = LaneForm({SETS[design.lanes]: form.said("lane")}, product=product, member=request.member)
    if not lane.is_valid():
        raise Refused(" ".join(str(error) for errors in lane.errors.values() for error in errors))
    return lane.lane


def _named(rows: tuple[Any, ...], question: Question) -> dict[str, str]:
    """Key and name of the lanes that these make, in their order."""
    without = name_without(question.design.lanes, question.own)
    return {one.public_id if one else "": one.name if one else without for one in rows}


def _number(product: Product, key: str) -> int | None:
    """Of a card beside it, where that is of the same product."""
    return int(key.rpartition("-")[2]) if key.startswith(f"{product.key}-") else None


def _said(one: Drop, dropped: Dropped, lane: str) -> str:
    key = f"{one.product.key}-{one.number}"
    if lane:
        where = Horizon(one.column).label if one.layout == Layout.HORIZONS else dropped.name or _("not planned")
        return _("%(key)s: %(lane)s, %(where)s") % {"key": key, "lane": lane, "where": where}
    if one.layout == Layout.HORIZONS:
        return _("%(key)s is now in %(horizon)s") % {"key": key, "horizon": Horizon(one.column).label}
    return _("%(key)s: %(where)s") % {"key": key, "where": dropped.name or _("not planned")}
