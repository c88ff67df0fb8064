"""The backlog of a product: a table in the order of rank, or of any column."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from listing.pages import Page, Sort, page_of
from listing.panels import facts_for
from roadmap.filters import item_language
from roadmap.forms import ItemForm
from roadmap.models import Item
from roadmap.views.items import whole_item
from ui.pages import render_page

NULLABLE = {"score", "reach", "impact", "confidence", "effort", "starts_on", "ends_on"}
SORTABLE = {"rank", "title", "number", "status__position", *NULLABLE}


@member_required()
def backlog(request: HttpRequest) -> HttpResponse:
    """First 50 rows, the rest as one scrolls (`after`); filters, sort and the open drawer live in the query string."""
    language = item_language(request.workspace, request.product)
    rows = Item.objects.visible_to(request.member).of(request.product).for_rows()
    context = {"sort": request.GET.get("sort", "rank"), "refusal": ""}
    expression = language.from_query(request.GET)
    try:
        rows = rows.filter(language.compile(expression))
        page = page_of(rows, _sorts(context["sort"]), request.GET.get("after", ""))
    except Refused as refusal:
        context["refusal"], page = str(refusal), Page([], "")
    for item in page.rows:
        item.product = request.product
    facts_for("item", page.rows, request.member)
    template = (
        "roadmap/backlog/_rows.html" if request.GET.get("after") and request.htmx else "roadmap/backlog/backlog.html"
    )
    return render_page(
        request,
        template,
        {
            "page": page,
            "conditions": expression["all"],
            "language": language,
            "may_edit": request.member.may(Role.MANAGER, at=request.product),
            "may_add": request.member.may(Role.CONTRIBUTOR, at=request.product),
            "editor": _editor(request),
            "open": _opened(request),
            **context,
        },
    )


def _sorts(text: str) -> list[Sort]:
    chosen = Sort.parse(text, NULLABLE)
    if chosen.name not in SORTABLE:
        chosen = Sort("rank")
    return [chosen] if chosen.name == "rank" else [chosen, Sort("rank")]


def _editor(request: HttpRequest) -> ItemForm:
    """An empty form, whose widgets the page uses as the editors of its cells."""
    form = ItemForm(instance=Item(product=request.product, workspace=request.workspace))
    form.limit_choices(request.member, request.product)
    return form


def _opened(request: HttpRequest) -> dict[str, object] | None:
    number = request.GET.get("open", "")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return None
    items = Item.objects.visible_to(request.member).of(request.product).for_rows()
    return whole_item(request, get_object_or_404(items, number=number))
