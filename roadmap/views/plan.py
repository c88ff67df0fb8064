"""The roadmap of a product: a timeline with lanes, boards or a list, from the same items."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, remember
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.answers import naming, undo_address
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.forms import HorizonForm
from roadmap.items.picking import numbered
from roadmap.models import Item
from roadmap.models.known_types import TYPES, offered
from roadmap.plans.designs import PARAMETERS
from roadmap.plans.questions import Question
from roadmap.views import comparing
from roadmap.views.layouts import TEMPLATES, Picture, is_part, part_of
from roadmap.views.past import Looked
from ui.pages import is_htmx, render_page, toast

NOTHING = Q(pk__in=[])


@member_required()
def roadmap(request: HttpRequest) -> HttpResponse:
    """Layout, lanes, colours, zoom, day and filters live in the query string, so every view is a link."""
    if comparing.wanted(request):
        return _compared(request)
    looked, may_edit = Looked.of(request), request.member.may(Role.MANAGER, at=request.product)
    refusal = looked.refusal
    try:
        condition = condition_of(request, request.GET, request.product)
    except Refused as no:
        refusal, condition = str(no), NOTHING
    is_whole = not looked.is_past and not is_part(request)  # what stands around a picture of the past is of today
    together = Together.of_page(request) if is_whole else Together()
    may_add = request.member.may(Role.CONTRIBUTOR, at=request.product)
    types = together.ask(TYPES, request.workspace.pk) if may_add and not looked.is_past else list
    picture = Picture(
        request, looked.asked(_question(request, request.GET, condition)), request.GET, together=together,
        movable=frozenset([request.product.key] if may_edit and not looked.is_past else []),
    )  # fmt: skip
    layout = picture.design.layout
    with looked.back():
        if is_part(request):
            return part_of(request, picture)
        drawn = picture.context()
    context: dict[str, Any] = {
        "layout": layout,
        "design": picture.design,
        "may_edit": may_edit,
        "may_share": request.member.may(Role.MANAGER),
        "may_add": may_add,
        "types": lambda: offered(types()),
        "query": request.GET,
        "refusal": refusal,
        "is_filtered": condition is not None,
        "move_address": reverse("roadmap:roadmap_move", args=[request.workspace.slug, request.product.key]),
        **drawn,
        **looked.context([request.product.pk]),
    }
    return render_page(request, f"roadmap/plan/{TEMPLATES[layout]}.html", context)


@require_POST
@member_required(Role.MANAGER)
def horizon(request: HttpRequest, number: int) -> HttpResponse:
    """Put an item into now, next or later, beside another card."""
    remember(request.member)
    item = item_of(request, number)
    form = HorizonForm(request.POST, items=beside(request))
    if not form.is_valid():
        return refused(" ".join(error for errors in form.errors.values() for error in errors))
    try:
        change = item.arrange(
            after=form.cleaned_data["after"],
            before=form.cleaned_data["before"],
            by=request.actor,
            horizon=form.cleaned_data["list"],
        )
    except Refused as refusal:
        return refused(str(refusal))
    text = _("%(key)s is now in %(horizon)s") % {
        "key": item.key,
        "horizon": item.get_horizon_display() or _("no horizon"),
    }
    return told(request, item, text, change)


def _compared(request: HttpRequest) -> HttpResponse:
    try:
        place = comparing.product_place(request)
    except Refused:
        place = comparing.Place([request.product], NOTHING)
    return comparing.page(request, place)


def condition_of(request: HttpRequest, query: QueryDict, product: Product | None) -> Q | None:
    """What is filtered by, None where nothing is. Raises Refused on a filter that cannot be read."""
    if query.keys() <= {*PARAMETERS, "zoom"}:
        return None
    language = item_language(request.workspace, product)
    expression = language.from_query(query)
    return language.compile(expression) if expression["all"] else None


def _question(request: HttpRequest, query: QueryDict, condition: Q | None) -> Question:
    return Question.of_query(request.member, [request.product.pk], query, request.workspace.today(), condition)


def told(request: HttpRequest, item: Item, text: str, change: int) -> HttpResponse:
    """Nothing to swap: the browser has moved the card already. What happened is said, and can be undone."""
    if not is_htmx(request):
        return redirect("roadmap:item", request.workspace.slug, request.product.key, item.number)
    return toast(naming(HttpResponse(status=204), change), text, undo=undo_address(request, change))


def refused(sentence: str, status: int = 422) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def item_of(request: HttpRequest, number: int) -> Item:
    rows = Item.objects.visible_to(request.member).of(request.product).for_rows()
    item = get_object_or_404(rows, number=number)
    item.product = request.product
    return item


def beside(request: HttpRequest) -> dict[int, Item]:
    """The items that a drag names, by number."""
    return numbered(request.member, request.product, request.POST.get("after"), request.POST.get("before"))
