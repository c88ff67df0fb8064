"""How the table is drawn for a member: its columns and their widths, density, groups; totals; the editors of its cells."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from roadmap.backlog import table, totals
from roadmap.backlog.filters import item_language
from roadmap.backlog.group_heads import sums_drawn
from roadmap.backlog.grouping import grouping_of, groupings, groups_of
from roadmap.backlog.looks import PARAMETERS, Look
from roadmap.backlog.own_fields import own_field
from roadmap.backlog.searching import MOST_MATCHES, is_cut, is_searched
from roadmap.backlog.surroundings import Surroundings, around
from roadmap.forms import ItemForm
from roadmap.models import CustomField, Item, TableChoice
from roadmap.views.items import backlog_of
from ui.pages import is_htmx, render_page

#: What the address says of rows that are gone once another look is chosen.
PASSING = ("after", "in", "open", "folded")
#: More heads than this are not on one page.
MOST_HEADS = 400


@member_required()
def display(request: HttpRequest) -> HttpResponse:
    """Which columns in which order, density, groups. A press on an arrow answers with the form as it is then; what is chosen at
    last is kept for the member and goes into the address."""
    stands = around(request.member, request.product)
    if request.method != "POST":
        query = request.GET.copy()
        return _form(request, stands, stands.look(query), query)
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    look = stands.look(query).with_columns(request.POST.getlist("column"))
    press = request.POST.get("do", "")
    if press == "show":
        return _show(request, query, look)
    if press == "reset":
        TableChoice.keep(request.member, request.product, columns="", density="")
        return _backlog(request, _without(query, *PARAMETERS, *PASSING))
    what, _colon, name = press.partition(":")
    look = replace(look, group=request.POST.get("group", ""), density=_density(request))  # as chosen, if not yet shown
    return _form(request, stands, look.with_columns(_moved(list(look.columns), name, what)), query)


@require_POST
@member_required()
def widths(request: HttpRequest) -> HttpResponse:
    """Columns as they were drawn wider or narrower, or put elsewhere: kept for the member."""
    look = Look.named(request.POST.get("columns", ""))
    TableChoice.keep(request.member, request.product, columns=look.text() if look.is_chosen else "")
    return HttpResponse(status=204)


@require_safe
@member_required()
def show_totals(request: HttpRequest) -> HttpResponse:
    """How many items the filters leave, and their effort; whether a search left matches out."""
    language = item_language(request.workspace, request.product)
    try:
        condition = language.compile(language.from_query(request.GET))
    except Refused:
        return HttpResponse(status=204)
    context = totals.of(request.member, request.product, condition)
    if is_searched(condition) and is_cut(request.GET.get("q", ""), request.product):
        context["cut"] = MOST_MATCHES
    return render_page(request, "roadmap/backlog/_totals.html", context)


@require_safe
@member_required()
def show_sums(request: HttpRequest) -> HttpResponse:
    """What the heads of groups say of all their rows: of the groups that are named by `of`, under the filters of the address."""
    language, stands = item_language(request.workspace, request.product), around(request.member, request.product)
    grouping = grouping_of(request.GET.get("group", ""), stands.fields)
    named = request.GET.getlist("of")[:MOST_HEADS]
    try:
        condition = language.compile(language.from_query(request.GET))
    except Refused:
        return HttpResponse(status=204)
    if grouping is None or not named:
        return HttpResponse(status=204)
    columns = table.columns_of(stands.look(request.GET), request.product, stands.fields)
    groups = groups_of(request.member, request.product, condition & grouping.inside(named), grouping, columns)
    return HttpResponse(sums_drawn(groups))


@require_safe
@member_required(Role.MANAGER)
def editor(request: HttpRequest, name: str) -> HttpResponse:
    """The editor of a cell, for each that the page does not hold: fetched once, when the first such cell is edited."""
    own = CustomField.objects.visible_to(request.member).filter(key=name).first()
    if own is not None:
        language = own_field(own)
        choices = list(language.values()) if language.values is not None else []
        return render_page(
            request, "roadmap/backlog/_editor.html", {"name": name, "kind": own.kind, "choices": choices}
        )
    if name not in EDITED:
        raise Http404
    form = ItemForm(instance=Item(product=request.product, workspace=request.workspace), only=[name])
    form.limit_choices(request.member, request.product)
    return render_page(request, "roadmap/backlog/_editor.html", {"name": name, "field": form[name]})


EDITED = (
    "type",
    "lead",
    "objective",
    "release",
    "component",
    "horizon",
    "is_internal",
    "starts_on",
    "ends_on",
    "certainty",
)


def _form(request: HttpRequest, stands: Surroundings, look: Look, query: QueryDict) -> HttpResponse:
    own = {one.key: one.name for one in stands.fields.values()}
    known = {**{one.name: one.label for one in table.columns_at(request.product).values()}, **own}
    chosen = [(one.name, one.label) for one in table.columns_of(look, request.product, stands.fields)]
    names = [name for name, _label in chosen]
    context = {
        "chosen": chosen,
        "others": [(name, label) for name, label in known.items() if name not in names],
        "look": look,
        "groupings": groupings(stands.fields).items(),
        "query": query.urlencode(),
        "action": request.path,
    }
    return render_page(request, "roadmap/backlog/display.html", context)


def _show(request: HttpRequest, query: QueryDict, look: Look) -> HttpResponse:
    usual = tuple(column.name for column in table.shown_first(request.product))
    columns = look.text() if look.columns != usual or look.widths else ""
    density = _density(request)
    TableChoice.keep(request.member, request.product, columns=columns, density=density)
    address = _without(query, *PARAMETERS, *PASSING)
    for name, value in (
        ("columns", columns),
        ("density", density or "comfortable"),
        ("group", request.POST.get("group", "")),
    ):
        if value and (name == "group" or columns or density):
            address[name] = value
    return _backlog(request, address)


def _density(request: HttpRequest) -> str:
    return "compact" if request.POST.get("density") == "compact" else ""


def _backlog(request: HttpRequest, query: QueryDict) -> HttpResponse:
    """The backlog with this query, as a page."""
    address = f"{backlog_of(request)}?{query.urlencode() or 'view=all'}"
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)


def _without(query: QueryDict, *names: str) -> QueryDict:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest


def _moved(names: list[str], name: str, what: str) -> list[str]:
    """One column a place up or down, taken out, or put to the end. The title stays first."""
    if what == "add":
        return [*names, name]
    if name not in names or name == "title":
        return names
    place = names.index(name)
    names.remove(name)
    if what in ("up", "down"):
        names.insert(max(1, place - 1 if what == "up" else place + 1), name)
    return names
