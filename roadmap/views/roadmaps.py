"""Roadmaps that people keep: the list of them, one with its picture, and what is done to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from changes.history import history_of
from products.models import Product
from roadmap.forms.roadmaps import LimitForm, RoadmapForm
from roadmap.models import Roadmap, Subscription
from roadmap.models.roadmap import Asked
from roadmap.plans.designs import Design, Layout
from roadmap.plans.questions import Question
from roadmap.plans.roadmap_cards import cards_of
from roadmap.views import comparing
from roadmap.views.layouts import TEMPLATES, Picture, is_part, part_of
from roadmap.views.past import Looked
from roadmap.views.plan import NOTHING, condition_of
from ui import pieces
from ui.pages import page_before, render_page

PRODUCTS = Prepared(
    lambda member, roadmap: (
        Product.objects.visible_to(member)
        .with_role_of(member)
        .filter(roadmaps=roadmap)
        .defer("vision", "positioning", "business_model")
        .order_by("name", "pk")
    )
)
ONE = Prepared(
    lambda member, public_id: (
        Roadmap.objects.visible_to(member)
        .filter(public_id=public_id)
        .annotate(is_followed=Exists(Subscription.objects.filter(roadmap=OuterRef("pk"), member=member.pk)))
        .select_related("team", "owner__user")
    )
)


@member_required()
def index(request: HttpRequest) -> HttpResponse:
    context = {"cards": cards_of(request.member), "may_add": True}
    return render_page(request, "roadmap/roadmaps/index.html", context)


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """As it is kept; an address with a layout or filters of its own shows it so, and offers to keep that."""
    roadmap = roadmap_of(request, public_id)
    asked, products, looked = roadmap.asked(request.GET), products_of(request.member, roadmap), Looked.of(request)
    refusal = looked.refusal
    one = products[0] if len(products) == 1 else None
    try:
        condition = condition_of(request, asked.query, one)
    except Refused as no:
        refusal, condition = str(no), NOTHING
    if comparing.wanted(request):
        by_horizon = asked.design.layout == Layout.HORIZONS
        return comparing.page(request, comparing.Place(products, condition, by_horizon, roadmap))
    picture = _picture(request, roadmap, asked, products, condition, looked)
    with looked.back():
        if is_part(request):
            return part_of(request, picture)
        drawn = picture.context()
    layout, may_change = picture.design.layout, roadmap.may_be_changed_by(request.member)
    context = {
        "roadmap": roadmap, "products": products, "layout": layout, "design": picture.design, "asked": asked,
        "query": asked.query, "refusal": refusal, "is_filtered": condition is not None, "may_change": may_change,
        "may_edit": bool(picture.movable), "may_share": request.member.may(Role.MANAGER),
        "move_address": reverse("roadmap:roadmap_move_in", args=[request.workspace.slug, roadmap.public_id]),
        **drawn, **looked.context([one.pk for one in products], roadmap),
    }  # fmt: skip
    return render_page(request, f"roadmap/roadmaps/{TEMPLATES[layout]}.html", context)


@member_required()
def add(request: HttpRequest) -> HttpResponse:
    """A new one: with a whole form, or from the address of a product's roadmap ("Keep this view", `query`)."""
    blank = Roadmap(workspace=request.workspace, owner=request.member)
    if request.method != "POST":
        return render_page(
            request,
            "roadmap/roadmaps/add.html",
            {"form": RoadmapForm(instance=blank, member=request.member), "may_share": request.member.may(Role.MANAGER)},
        )
    form = RoadmapForm(request.POST, instance=blank, member=request.member, whole="whole" in request.POST)
    form.require("name", "products")
    if form.is_valid():
        values = {**_of_address(request.POST.get("query", "")), **form.values}
        try:
            Roadmap.refuse_scope(request.member, is_shared=values["is_shared"], team=values["team"])
            roadmap = Roadmap.keep(request.workspace, by=request.actor, owner=request.member, **values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The roadmap “%(name)s” is kept") % {"name": roadmap}, extra_tags=_undo(request, roadmap)
            )
            return redirect(_page(request, roadmap))
    return render_page(
        request,
        "roadmap/roadmaps/add.html",
        {"form": form, "kept_query": request.POST.get("query", ""), "may_share": request.member.may(Role.MANAGER)},
        status=422,
    )


@member_required()
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    roadmap = _changeable(request, public_id)
    sent = request.POST if request.method == "POST" else None
    form = RoadmapForm(sent, instance=roadmap, member=request.member, whole="whole" in request.POST)
    if request.method != "POST":
        return render_page(request, "roadmap/roadmaps/edit.html", _around(request, roadmap, form))
    status, conflict = 422, None
    if form.is_valid():
        values = {**_of_address(request.POST.get("query", "")), **form.values}
        try:
            if {"is_shared", "team"} & values.keys():
                Roadmap.refuse_scope(request.member, is_shared=values["is_shared"], team=values["team"])
            change = roadmap.edit(by=request.actor, seen=form.seen_version, chosen_by=request.member, **values)
        except Conflict as met:
            status, conflict = 409, met
            roadmap.refresh_from_db()
            form.catch_up(roadmap)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
            return redirect(_page(request, roadmap))
    context = {**_around(request, roadmap, form), "conflict": conflict}
    return render_page(request, "roadmap/roadmaps/edit.html", context, status=status)


@require_POST
@member_required()
def duplicate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another one like it, for whoever asks alone."""
    roadmap = roadmap_of(request, public_id)
    try:
        copied = roadmap.duplicate(by=request.actor, owner=request.member, name=free_name(roadmap.name, request.member))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_page(request, roadmap))
    messages.success(
        request, _("“%(name)s” is a copy of your own") % {"name": copied}, extra_tags=_undo(request, copied)
    )
    return redirect(_page(request, copied))


@require_POST
@member_required()
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    roadmap = _changeable(request, public_id)
    roadmap.delete_softly(by=request.actor)
    messages.success(
        request, _("The roadmap “%(name)s” is gone") % {"name": roadmap}, extra_tags=_undo(request, roadmap)
    )
    return redirect("roadmap:roadmaps", request.workspace.slug)


@member_required()
def limit(request: HttpRequest, public_id: str, column: str) -> HttpResponse:
    """How many cards a column of a board should hold at most. More is shown as too many, never refused."""
    roadmap = _changeable(request, public_id)
    key = "" if column == "none" else column[:40]
    form = LimitForm(request.POST if request.method == "POST" else None, initial={"limit": roadmap.limits.get(key)})
    if form.is_bound and form.is_valid():
        change = roadmap.limit(key, form.cleaned_data["limit"], by=request.actor)
        messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
        return redirect(as_it_was(request, roadmap))
    context = {"form": form, "roadmap": roadmap, "column": column}
    return render_page(request, "roadmap/roadmaps/limit.html", context, status=422 if form.is_bound else 200)


def roadmap_of(request: HttpRequest, public_id: str) -> Roadmap:
    """The roadmap that this member sees; Http404 otherwise."""
    roadmap = ONE.first(request.member, public_id)
    if roadmap is None:
        return get_object_or_404(Roadmap.objects.none())
    roadmap.workspace = request.workspace
    return roadmap


def products_of(member: Member, roadmap: Roadmap) -> list[Product]:
    """Those of its products that `member` sees, each with the role that it gives them."""
    found: list[Product] = PRODUCTS.rows(member, roadmap)
    for product in found:
        product.workspace = member.workspace
    return found


def free_name(name: str, member: Member) -> str:
    """“Name (copy)”, with a number where one has that already."""
    taken = set(Roadmap.objects.filter(owner=member).values_list("name", flat=True))
    copies = (
        _("%(name)s (copy)") % {"name": name[:60]},
        *(_("%(name)s (copy %(n)d)") % {"name": name[:60], "n": n} for n in range(2, 100)),
    )
    return next((one for one in copies if one not in taken), name)


def _picture(
    request: HttpRequest, roadmap: Roadmap, asked: Asked, products: list[Product], condition: Q | None, looked: Looked
) -> Picture:
    movable = frozenset(one.key for one in products if not looked.is_past and request.member.may(Role.MANAGER, at=one))
    question = Question.of(
        request.member, [one.pk for one in products], asked.design, request.workspace.today(), condition
    )
    address = ""
    if not looked.is_past and roadmap.may_be_changed_by(request.member):
        address = pieces.address("roadmap:roadmap_limit", request.workspace.slug, roadmap.public_id)
    return Picture(
        request, looked.asked(question), asked.query, movable=movable, limits=roadmap.limits, limit_address=address
    )


def _around(request: HttpRequest, roadmap: Roadmap, form: RoadmapForm) -> dict[str, Any]:
    """What stands around the form of a kept roadmap."""
    may_share = request.member.may(Role.MANAGER)
    return {"form": form, "roadmap": roadmap, "may_share": may_share, "entries": history_of(roadmap)}


def _changeable(request: HttpRequest, public_id: str) -> Roadmap:
    roadmap = roadmap_of(request, public_id)
    if not roadmap.may_be_changed_by(request.member):
        raise PermissionDenied
    return roadmap


def _of_address(query: str) -> dict[str, Any]:
    """Design and filter of an address that is to be kept; nothing where none was sent."""
    if not query:
        return {}
    return {**Roadmap.fields_of(Design.of(QueryDict(query[:4000]))), "query": Roadmap.kept(query[:4000])}


def _page(request: HttpRequest, roadmap: Roadmap) -> str:
    return reverse("roadmap:roadmap_kept", args=[request.workspace.slug, roadmap.public_id])


def as_it_was(request: HttpRequest, roadmap: Roadmap) -> str:
    """Its page with the layout and filters that it had where the person came from."""
    page, before = _page(request, roadmap), page_before(request)
    return before if urlsplit(before).path == page else page


def _undo(request: HttpRequest, roadmap: Roadmap) -> str:
    return undo_address(request, roadmap.change_id)
