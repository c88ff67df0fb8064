"""The matrix of a product: value against effort, or any two factors of its scorecards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.answers import naming, undo_address
from changes.concurrency import Conflict
from listing import figures
from roadmap.backlog.filters import item_language
from roadmap.backlog.looks import PARAMETERS
from roadmap.forms import ItemForm
from roadmap.models import Item, scoring_of
from roadmap.scores.matrix import Axis
from roadmap.scores.matrix_drawing import MatrixDrawing
from roadmap.scores.plane import Plane, axes_of, factors_of, plane_of
from roadmap.scores.scorebox import inputs_of
from roadmap.scores.view_tabs import AXES, VIEWS, tabs_of, without
from roadmap.views.plan import refused
from ui import formats
from ui.pages import is_htmx, render_page, toast

QUADRANTS = {
    "wins": (gettext_lazy("Quick wins"), gettext_lazy("Do first")),
    "bets": (gettext_lazy("Big bets"), gettext_lazy("Plan and prove")),
    "fill": (gettext_lazy("Fill-ins"), gettext_lazy("When there is slack")),
    "twice": (gettext_lazy("Think twice"), gettext_lazy("Shrink or drop")),
}


@require_safe
@member_required()
def matrix(request: HttpRequest) -> HttpResponse:
    """`x` and `y` name the factors, `open` the item that the side is about; filters are those of the backlog."""
    query = request.GET.copy()
    for name in ("sort", "view", *PARAMETERS):
        query.pop(name, None)
    refusal, condition = "", None
    try:
        condition = _condition(request, query)
    except Refused as no:
        refusal = str(no)
    context = {"refusal": refusal, **_context(request, query, condition)}
    return render_page(request, "roadmap/matrix/matrix.html", context, 422 if refusal else 200)


@require_POST
@member_required(Role.MANAGER)
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Set the two factors, as a drag, an arrow key or the side's sliders say. Answers with the matrix anew, and undo."""
    rows = Item.objects.visible_to(request.member).of(request.product).for_rows()
    item = get_object_or_404(rows, number=number)
    item.product = request.product
    query = QueryDict(request.POST.get("query", "")[:2000], mutable=True)
    across, up = axes_of(factors_of(request.product), query)
    names = [one.field for one in (across, up) if not one.live and one.field in request.POST]
    sent = {name: request.POST[name] for name in (*names, "seen") if name in request.POST}
    known = {one.key: one for one in (across, up)}
    form = ItemForm(sent, instance=item, factors=known)
    if not form.is_valid():
        return refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    before = {"x": inputs_of(item).get(across.key), "y": inputs_of(item).get(up.key), "score": item.score}
    try:
        change = item.edit(by=request.actor, seen=form.seen_version, **form.values)
    except Conflict as conflict:
        who = conflict.change.member.name if conflict.change.member else conflict.change.actor_label or "Cradle"
        return refused(
            _("%(who)s changed it meanwhile. Look where it stands now, and move it again.") % {"who": who}, 409
        )
    except Refused as no:
        return refused(str(no))
    query["open"] = str(number)
    if not is_htmx(request):
        return redirect(f"{reverse('roadmap:matrix', args=_place(request))}?{query.urlencode()}")
    return _moved(request, item, query, before, change)


def _moved(request: HttpRequest, item: Item, query: QueryDict, before: dict[str, Any], change: int) -> HttpResponse:
    try:
        condition = _condition(request, query)
    except Refused:
        condition = None
    context = _context(request, query, condition, before)
    plane: Plane = context["plane"]
    text = _("%(key)s: %(up)s %(y)s, %(across)s %(x)s.") % {
        "key": item.key, "up": plane.up.factor.name, "y": _value(plane.up, item), "across": plane.across.factor.name,
        "x": _value(plane.across, item),
    }  # fmt: skip
    response = render_page(request, "roadmap/matrix/_matrix.html", context)
    return toast(naming(response, change), text, undo=undo_address(request, change))


def _value(axis: Axis, item: Any) -> str:
    return axis.factor.shown(inputs_of(item).get(axis.factor.key))


def _condition(request: HttpRequest, query: QueryDict) -> Any:
    language = item_language(request.workspace, request.product)
    expression = language.from_query(query)
    return language.compile(expression) if expression["all"] else None


def _context(
    request: HttpRequest, query: QueryDict, condition: Any, before: dict[str, Any] | None = None
) -> dict[str, Any]:
    opened = query.pop("open", [""])[-1]
    may_edit = request.member.may(Role.MANAGER, at=request.product)
    together = Together.of_page(request)
    views = together.ask(VIEWS, request.member, request.product)
    plane = plane_of(request.member, request.product, query, condition, together)
    number = int(opened) if opened.isascii() and opened.isdigit() and len(opened) < 10 else None
    selected = _selected(request, plane, number) if number is not None else None
    kept = query.urlencode()
    tabs, more_tabs = tabs_of(request.member, views(), query)
    drawing = MatrixDrawing(plane, request.workspace.slug, may_edit=may_edit, selected=number, query=kept)
    return {
        "plane": plane,
        "drawn": drawing,
        "quadrants": [(corner, *QUADRANTS[name]) for corner, name in plane.quadrants.items()],
        "may_edit": may_edit,
        "query": kept,
        "tabs": tabs,
        "more_tabs": more_tabs,
        "list_url": _with_query(reverse("roadmap:backlog", args=_place(request)), without(query, *AXES)),
        "rest": [(name, value) for name, values in query.lists() if name not in AXES for value in values],
        "selected": selected,
        "moved": _told_of_move(plane, selected, before) if before and selected else None,
        "scoring": scoring_of(request.product),
    }


def _selected(request: HttpRequest, plane: Plane, number: int) -> dict[str, Any] | None:
    """What the side shows of an item: both values with what changes them, score and demand."""
    rows = Item.objects.visible_to(request.member).of(request.product).filter(number=number)
    item = rows.select_related("status").first()
    if item is None:
        return None
    item.product = request.product
    bubble = next((one for one in plane.bubbles if one.row.number == number), None)
    inputs = inputs_of(item)
    axes = []
    for name, axis in (("y", plane.up), ("x", plane.across)):
        raw = inputs.get(axis.factor.key)
        form = ItemForm(instance=item, only=[axis.factor.field], factors={axis.factor.key: axis.factor})
        is_range = not axis.values and not axis.is_fixed
        axes.append({
            "axis": axis, "name": name, "id": f"mx-{name}", "raw": raw, "shown": axis.factor.shown(raw), "number": formats.number(raw) if is_range else "", "is_range": is_range,
            "bound": None if axis.is_fixed else form[axis.factor.field],
        })  # fmt: skip
    return {
        "item": item, "axes": axes, "bubble": bubble, "asked": _asked(request, item.pk),
        "score": plane.formula.shown(item.score) if item.score is not None else "",
        "move": reverse("roadmap:matrix_move", args=[*_place(request), number]),
    }  # fmt: skip


def _asked(request: HttpRequest, item: int) -> str:
    """`17 · €940k a year`: the customers that ask, and their revenue, where an app to the right knows them."""
    told = []
    for name in ("demand", "demand_revenue"):
        source = figures.sources.get(name)
        figure = source.compute([item], request.member).get(item) if source else None
        value = figure.value if figure is not None and figure.value else 0
        revenue = formats.money(value, request.workspace.currency, short=True)
        told.append(formats.number(value) if name == "demand" else _("%(revenue)s a year") % {"revenue": revenue})
    return " · ".join(told)


def _told_of_move(plane: Plane, selected: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """From where it came, in words and, where it had a place, in the plane."""
    item, old = selected["item"], before["score"]
    gain = item.score - old if item.score is not None and old is not None else None
    bubble, y = selected["bubble"], plane.up.place(before["y"])
    return {
        "y": plane.up.factor.shown(before["y"]), "x": plane.across.factor.shown(before["x"]),
        "from_x": plane.across.place(before["x"]), "from_y": y, "top": None if y is None else 100 - y,
        "to_top": 100 - bubble.y if bubble else None,
        "old": plane.formula.shown(old) if old is not None else "", "gain": gain,
    }  # fmt: skip


def _with_query(address: str, query: QueryDict) -> str:
    return f"{address}?{query.urlencode()}" if query else address


def _place(request: HttpRequest) -> list[Any]:
    return [request.workspace.slug, request.product.key]
