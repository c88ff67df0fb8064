"""The backlog of a product: a table in the order of rank, or of any column."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from listing.builder import Builder
from listing.conditions import Condition, Group
from listing.filters import Language
from listing.pages import Page
from roadmap.backlog import heads, table
from roadmap.backlog.asked import Asked
from roadmap.backlog.bulk_fields import IN_BAR
from roadmap.backlog.export import lines
from roadmap.backlog.filters import item_language
from roadmap.backlog.looks import PARAMETERS
from roadmap.backlog.surroundings import Surroundings, around
from roadmap.items.alike import alike
from roadmap.models import Item, SavedView
from roadmap.models.item_columns import Impact
from roadmap.models.known_types import offered
from roadmap.views.items import backlog_of
from ui.pages import is_htmx, render_page
from ui.shell import Shell

#: What a backlog should be asked now and then.
QUESTIONS = (
    (gettext_lazy("In build without evidence"), "category=building&evidence=none"),
    (
        gettext_lazy("Asked by many, not planned"),
        "asked.gte=3&category=proposed,shaping,ready&release.empty=1&start.empty=1",
    ),
    (gettext_lazy("Stale: untouched for 60 days"), "category=proposed,shaping,ready,building&touched.older=60"),
)


@member_required()
def backlog(request: HttpRequest) -> HttpResponse:
    """First 50 rows, the rest as one scrolls (`after`); filters, order, look and the open drawer live in the query string."""
    stands = around(request.member, request.product, Shell.of(request))
    if stands.first_view is not None and not request.GET:
        return redirect(f"{request.path}?{stands.first_view['query']}")
    language = item_language(request.workspace, request.product)
    asked = Asked(request, stands)
    after, refusal, page, parsed = request.GET.get("after", ""), "", Page[Any]([], ""), None
    expression = language.from_query(request.GET)
    try:
        parsed = language.parse(expression)
        page = asked.page(parsed.compile(), after)
    except Refused as no:
        refusal = str(no)
    sheet = asked.sheet(page, Together.of_page(request))
    query = _query_without(request, "open", "after", "in")
    context = {
        "page": page,
        "sheet": sheet,
        "rows": sheet.draw(page.rows) + asked.rest(page),
        "query": query,
        "last_group": asked.last_group,
    }
    if after and request.htmx:
        return render_page(request, "roadmap/backlog/_rows.html", context)
    context |= {
        "refusal": refusal,
        "look": asked.look,
        "columns": asked.look.text() if asked.look.is_chosen else "",
        "table_width": 190 + sum(column.width for column in sheet.columns),
        "sort": "match" if asked.is_best else request.GET.get("sort", "") if len(asked.sorts) > 1 else "",
        "asked": asked,
        "filtered": _filtered(request, language, expression, parsed),
        "heads": heads.drawn(
            sheet, asked.look, request.GET.get("sort", ""), _query_without(request, "open", "after", "in", "sort")
        ),
        **_views(request, stands),
        "statuses": stands.statuses if sheet.may_edit else [],
        "impacts": Impact.choices,
        "factor_editors": table.factor_editors(request.product) if sheet.may_edit else "",
        "types": offered(stands.types),
        "may_edit": sheet.may_edit,
        "bulk_fields": [(name, language.fields[name].label) for name in IN_BAR],
        "may_add": request.member.may(Role.CONTRIBUTOR, at=request.product),
        "open": _opened(request),
        "alike": _alike(request) if not page.rows and not refusal else [],
    }
    return render_page(request, "roadmap/backlog/backlog.html", context, status=422 if refusal else 200)


@require_safe
@member_required()
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The table of this address as CSV: all of its rows, also those of folded groups."""
    language = item_language(request.workspace, request.product)
    asked = Asked(request, around(request.member, request.product), in_file=True)
    try:
        condition = language.compile(language.from_query(request.GET))
    except Refused as no:
        return HttpResponse(str(no), status=422, content_type="text/plain; charset=utf-8")
    response = StreamingHttpResponse(lines(asked, condition), content_type="text/csv; charset=utf-8")
    name = f"{request.product.key}-{request.workspace.today().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@member_required()
def filters(request: HttpRequest) -> HttpResponse:
    """The filter builder: fetched when its menu is opened, a page of its own without JavaScript.

    It begins with the filters of the address; from then on it sends itself, and `do` says which button was pressed.
    """
    language = item_language(request.workspace, request.product)
    rest, status = _other_parameters(request, language), 200
    if "rest" in request.GET:
        builder, rest = Builder.read(language, request.GET), _cleaned(request.GET["rest"])
        press = request.GET.get("do", "")
        if press == "show" and builder.is_right():
            return _show(request, f"{rest}&{_as_query(language.to_query(builder.expression()))}".strip("&"))
        status = 422 if press == "show" else 200
        builder.act(press)
    else:
        builder = Builder.of(language, language.from_query(request.GET))
        builder.is_right()
        if not builder.lines and not builder.kept:
            builder.act("add:0")
    clear = f"{backlog_of(request)}?{rest}" if rest else backlog_of(request)
    context = {"builder": builder, "rest": rest, "clear": clear, "action": request.path}
    return render_page(request, "roadmap/backlog/filters.html", context, status=status)


def _show(request: HttpRequest, query: str) -> HttpResponse:
    """The backlog with this query, as a page."""
    address = f"{backlog_of(request)}?{query}" if query else backlog_of(request)
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)


def _other_parameters(request: HttpRequest, language: Language) -> str:
    """What the address says beside the filters."""
    return _query_without(request, *(name for name in request.GET if language.is_filter(name)), "after", "open", "in")


def _cleaned(query: str) -> str:
    return QueryDict(query).urlencode()


def _as_query(pairs: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()


def _views(request: HttpRequest, stands: Surroundings) -> dict[str, Any]:
    """The questions that are asked of a backlog every day, then those that people keep: label and query; which one this is,
    and whether it could be kept."""
    asked = SavedView.kept(request.GET.urlencode())
    views: list[dict[str, Any]] = [
        {"label": _("All items"), "query": "view=all" if stands.first_view is not None else ""},
        {"label": _("Mine"), "query": f"lead={request.member.public_id}"},
        {"label": _("Now"), "query": "horizon=now"},
        {"label": _("Not scored"), "query": "score.empty=1"},
        {"label": _("No release"), "query": "release.empty=1"},
        *({"label": label, "query": query} for label, query in QUESTIONS),
    ]
    views += [{"label": one["name"], "query": one["query"], "saved": one, "whose": _whose(one)} for one in stands.views]
    known = next((view for view in views if SavedView.kept(view["query"]) == asked), None)
    # In another order, or drawn otherwise, it is still the same question.
    filtered = SavedView.kept(_query_without(request, "sort", *PARAMETERS))
    lit = known or next((view for view in views if SavedView.kept(view["query"]) == filtered), None)
    saved = _as_view(known["saved"], request) if known and "saved" in known else None
    shown = [{**view, "current": view is lit} for view in views]
    tabs, beyond = _tabs(shown)
    keep, teams = (asked, stands.teams) if known is None else ("", [])
    may_delete = saved is not None and saved.may_be_changed_by(request.member)
    is_first = saved is not None and stands.first_view is not None and stands.first_view["pk"] == saved.pk
    return {
        "views": shown,
        "tabs": tabs,
        "questions": [one for one in beyond if "saved" not in one],
        "kept": [one for one in beyond if "saved" in one],
        "keep": keep,
        "teams": teams,
        "saved": saved,
        "may_delete_saved": may_delete,
        "is_first": is_first,
        # All that the bar of views is drawn of, for `{% kept %}`.
        "views_of": (
            *((one["label"], one["query"], one.get("whose"), one["current"], "saved" in one) for one in shown),
            *(keep, *teams, saved and (saved.public_id, saved.name), may_delete, is_first),
        ),
    }


TABS, TABS_BESIDE = 4, 3


def _tabs(views: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first few views, or fewer and the one of the menu that is open, which stands second; and those of the menu."""
    opened = [view for view in views[TABS:] if view["current"]]
    if not opened:
        return views[:TABS], views[TABS:]
    first, *others = views[:TABS_BESIDE]
    return [first, *opened, *others], views[TABS_BESIDE:]


def _whose(view: dict[str, Any]) -> str:
    """For whom a view is, where it is not for its owner alone."""
    return _("for everybody") if view["is_shared"] else view["team__name"] or ""


def _as_view(row: dict[str, Any], request: HttpRequest) -> SavedView:
    fields = {name: value for name, value in row.items() if name != "team__name"}
    return SavedView(**fields, product=request.product, workspace=request.workspace)


def _filtered(
    request: HttpRequest, language: Language, expression: dict[str, Any], parsed: Group | None
) -> dict[str, Any] | None:
    """The filter in words: a chip for each condition that must hold, with the address of the list without it, and the
    whole as a sentence. Nothing while nothing is filtered, or where it cannot be read."""
    if parsed is None or not parsed.parts:
        return None
    names, rest = language.names(parsed), _other_parameters(request, language)
    chips = []
    for place, node in enumerate(parsed.parts):
        others = {"all": [*expression["all"][:place], *expression["all"][place + 1 :]]}
        label, operator, value = node.words(names) if isinstance(node, Condition) else ("", "", node.sentence(names))
        without = f"{rest}&{_as_query(language.to_query(others))}".strip("&")
        chips.append({"label": label, "operator": operator, "value": value, "without": without})
    return {"chips": chips, "sentence": parsed.sentence(names), "rest": rest}


def _query_without(request: HttpRequest, *names: str) -> str:
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name not in names:
            query.setlist(name, values)
    return query.urlencode()


def _alike(request: HttpRequest) -> list[Item]:
    """Of a search that found nothing: the items whose titles are like what was typed, typing errors included."""
    return alike(request.member, request.product, request.GET.get("q", ""))


def _opened(request: HttpRequest) -> int | None:
    """The number of the item whose drawer is open; whether there is such an item shows when it is fetched."""
    number = request.GET.get("open", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
