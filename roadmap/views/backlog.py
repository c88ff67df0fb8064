"""The backlog of a product: a table in the order of rank, or of any column."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from listing.builder import Builder
from listing.conditions import Condition, Group
from listing.filters import Language
from listing.pages import Page
from roadmap import bulk, table
from roadmap.filters import item_language
from roadmap.models import ItemType, SavedView
from roadmap.models.item import Impact
from roadmap.table import Sheet
from roadmap.views.items import backlog_of
from ui.pages import is_htmx, render_page


@member_required()
def backlog(request: HttpRequest) -> HttpResponse:
    """First 50 rows, the rest as one scrolls (`after`); filters, sort and the open drawer live in the query string."""
    language = item_language(request.workspace, request.product)
    sorts = table.sorts_of(request.GET.get("sort", "rank"), request.workspace)
    after = request.GET.get("after", "")
    expression, refusal, page = language.from_query(request.GET), "", Page[Any]([], "")
    parsed = None
    try:
        parsed = language.parse(expression)
        page = table.page_of_rows(request.member, request.product, parsed.compile(), sorts, after)
    except Refused as no:
        refusal = str(no)
    sheet = Sheet(
        request.member,
        request.product,
        may_edit=request.member.may(Role.MANAGER, at=request.product),
        columns=table.shown_first(request.product),
        by_rank=len(sorts) == 1,
        highest=max((row.score for row in page.rows if row.score is not None), default=1),
    )
    context = {
        "page": page,
        "sheet": sheet,
        "rows": sheet.draw(page.rows),
        "query": _query_without(request, "open", "after"),
    }
    if after and request.htmx:
        return render_page(request, "roadmap/backlog/_rows.html", context)
    context |= {
        "refusal": refusal,
        "sort": request.GET.get("sort", "") if len(sorts) > 1 else "",
        "filtered": _filtered(request, language, expression, parsed),
        "heads": _heads(request, sheet),
        **_views(request),
        "statuses": table.statuses.rows(request.member) if sheet.may_edit else [],
        "impacts": Impact.choices,
        "factor_editors": table.factor_editors(request.product) if sheet.may_edit else "",
        "types": ItemType.choices,
        "may_edit": sheet.may_edit,
        "bulk_fields": [(name, language.fields[name].label) for name in bulk.FIELDS],
        "may_add": request.member.may(Role.CONTRIBUTOR, at=request.product),
        "open": _opened(request),
    }
    return render_page(request, "roadmap/backlog/backlog.html", context, status=422 if refusal else 200)


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
    return _query_without(request, *(name for name in request.GET if language.is_filter(name)), "after", "open")


def _cleaned(query: str) -> str:
    return QueryDict(query).urlencode()


def _as_query(pairs: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()


def _views(request: HttpRequest) -> dict[str, Any]:
    """The questions that are asked of a backlog every day, then those that people keep: label and query; which one this is,
    and whether it could be kept."""
    asked = SavedView.kept(request.GET.urlencode())
    views: list[dict[str, Any]] = [
        {"label": _("All items"), "query": ""},
        {"label": _("Mine"), "query": f"lead={request.member.public_id}"},
        {"label": _("Now"), "query": "horizon=now"},
        {"label": _("Not scored"), "query": "score.empty=1"},
        {"label": _("No release"), "query": "release.empty=1"},
    ]
    for saved in SAVED.rows(request.member, request.product):
        views.append({"label": saved.name, "query": saved.query, "saved": saved})
    known = next((view for view in views if view["query"] == asked), None)
    filtered = SavedView.kept(_query_without(request, "sort"))  # in another order it is still the same question
    lit = known or next((view for view in views if view["query"] == filtered), None)
    saved = known.get("saved") if known else None
    if saved is not None:
        saved.product = request.product
    return {
        "views": [{**view, "current": view is lit} for view in views],
        "keep": asked if known is None else "",
        "saved": saved if saved is not None and saved.may_be_changed_by(request.member) else None,
    }


SAVED = Prepared(lambda member, product: SavedView.objects.visible_to(member).of(product))


def _heads(request: HttpRequest, sheet: Sheet) -> list[dict[str, Any]]:
    """The columns' heads: label, whether and how the list is ordered by it, and the query that orders it so (again: turns it)."""
    sort = request.GET.get("sort", "")
    rest = _query_without(request, "open", "after", "sort")
    heads = []
    for column in sheet.columns:
        downwards = sort == f"-{column.name}" if sort.removeprefix("-") == column.name else "num" in column.css
        lit = sort.removeprefix("-") == column.name
        turned = downwards != lit
        heads.append(
            {
                "column": column,
                "order": ("descending" if downwards else "ascending") if lit else "",
                "query": f"{rest}&sort={'-' if turned else ''}{column.name}".lstrip("&") if column.sort else "",
            }
        )
    return heads


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
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


def _opened(request: HttpRequest) -> int | None:
    """The number of the item whose drawer is open; whether there is such an item shows when it is fetched."""
    number = request.GET.get("open", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
