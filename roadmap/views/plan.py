"""The roadmap of a product: a timeline with lanes, or now / next / later, from the same items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
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
from changes.concurrency import Conflict
from roadmap.drawing import HorizonDrawing, TimelineDrawing
from roadmap.filters import item_language
from roadmap.forms import HorizonForm, ScheduleForm
from roadmap.models import Item, ItemType, LinkKind
from roadmap.picking import numbered
from roadmap.planning import LANES, columns_of, plan_of
from roadmap.slips import asking
from roadmap.timeline import ZOOMS, Window
from ui import formats
from ui.pages import is_htmx, render_page, toast

LAYOUTS = ("timeline", "nnl")
NOTHING = Q(pk__in=[])


@member_required()
def roadmap(request: HttpRequest) -> HttpResponse:
    """Layout, lanes, zoom, day and filters live in the query string, so every view is a link."""
    layout = _chosen(request.GET, "layout", LAYOUTS)
    context: dict[str, Any] = {
        "layout": layout,
        "may_edit": request.member.may(Role.MANAGER, at=request.product),
        "may_add": request.member.may(Role.CONTRIBUTOR, at=request.product),
        "types": ItemType.choices,
        "query": request.GET,
        "refusal": "",
    }
    try:
        condition = _condition(request, request.GET)
    except Refused as refusal:
        context["refusal"], condition = str(refusal), NOTHING
    if layout == "nnl":
        columns = columns_of(request.member, request.product, condition)
        drawing = HorizonDrawing(request.workspace.slug, request.product.key, may_edit=context["may_edit"])
        for column in columns:
            column.drawn = drawing.cards(column.cards)
        return render_page(request, "roadmap/plan/horizons.html", {"columns": columns, **context})
    return render_page(request, "roadmap/plan/timeline.html", {**context, **_timeline(request, request.GET, condition)})


@require_POST
@member_required(Role.MANAGER)
def schedule(request: HttpRequest, number: int) -> HttpResponse:
    """Move or resize a bar, or drop an item onto a lane: dates, and the goal or release of the lane."""
    item = item_of(request, number)
    form = ScheduleForm(request.POST, product=request.product, member=request.member)
    if not form.is_valid():
        return refused(" ".join(error for errors in form.errors.values() for error in errors))
    try:
        item.edit(by=request.actor, seen=form.cleaned_data["seen"], reason=form.cleaned_data["reason"], **form.values)
    except Conflict as conflict:
        who = conflict.change.member.name if conflict.change.member else _("Somebody")
        return refused(
            _("%(who)s moved this meanwhile, to %(theirs)s. Reload to see it, then move it again.")
            % {"who": who, "theirs": conflict.theirs},
            status=409,
        )
    except Refused as refusal:
        return asking(refused(str(refusal)), refusal)
    return _planned(request, item)


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
        item.arrange(
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
    return told(request, item, text)


def _condition(request: HttpRequest, query: QueryDict) -> Q | None:
    """What is filtered by, None where nothing is. Raises Refused on a filter that cannot be read."""
    language = item_language(request.workspace, request.product)
    expression = language.from_query(query, ignore=["horizon"])
    return language.compile(expression) if expression["all"] else None


def _timeline(request: HttpRequest, query: QueryDict, condition: Q | None) -> dict[str, Any]:
    """What roadmap/plan/_plan.html needs."""
    today, may_edit = request.workspace.today(), request.member.may(Role.MANAGER, at=request.product)
    window = Window.around(_day(query.get("at", ""), today), _chosen(query, "zoom", ("quarter", *ZOOMS)))
    plan = plan_of(request.member, request.product, window, _chosen(query, "lanes", LANES), today, condition)
    drawing = TimelineDrawing(plan, request.workspace.slug, request.product.key, may_edit=may_edit)
    return {"plan": plan, "drawn": drawing, "lanes_by": plan.lanes_by, "may_edit": may_edit, "query": query}


def _planned(request: HttpRequest, item: Item) -> HttpResponse:
    """The timeline anew, with what was moved named: only what is in view is in the answer."""
    span = formats.span(item.starts_on, item.ends_on, request.workspace.today())
    late = (
        item.links_here.between_visible(request.member)
        .filter(kind=LinkKind.NEEDS, item__starts_on__lte=item.ends_on)
        .count()
        if item.ends_on
        else 0
    )
    text = _("%(title)s: %(span)s.") % {"title": item.title, "span": span}
    if item.starts_on is None:
        text = _("%(title)s is not scheduled now.") % {"title": item.title}
    if late:
        text += " " + _("%(count)d dependent item was not moved and starts before this one ends.") % {"count": late}
    if not is_htmx(request):
        return redirect(reverse("roadmap:roadmap", args=[request.workspace.slug, request.product.key]))
    query = QueryDict(request.POST.get("query", "")[:2000])
    try:
        condition = _condition(request, query)
    except Refused:
        condition = NOTHING
    response = render_page(request, "roadmap/plan/_plan.html", _timeline(request, query, condition))
    return _with_undo(request, response, item, text)


def told(request: HttpRequest, item: Item, text: str) -> HttpResponse:
    """Nothing to swap: the browser has moved the card already. What happened is said, and can be undone."""
    if not is_htmx(request):
        return redirect("roadmap:item", request.workspace.slug, request.product.key, item.number)
    return _with_undo(request, HttpResponse(status=204), item, text)


def _with_undo(request: HttpRequest, response: HttpResponse, item: Item, text: str) -> HttpResponse:
    response["X-Change"] = str(item.change_id)
    return toast(response, text, undo=reverse("changes:undo", args=[request.workspace.slug, item.change_id]))


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


def _chosen(query: QueryDict, name: str, allowed: Iterable[str]) -> str:
    allowed = tuple(allowed)
    return query.get(name, "") if query.get(name) in allowed else allowed[0]


def _day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 1990 <= day.year <= 2200 else otherwise
