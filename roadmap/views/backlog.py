"""The backlog of a product: a table in the order of rank, or of any column."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from listing.filters import LABELS, Language
from listing.pages import Page, Sort, page_of
from listing.panels import facts_for
from roadmap.filters import item_language
from roadmap.forms import ItemForm
from roadmap.models import Item
from roadmap.views.items import whole_item
from ui.pages import render_page

NULLABLE = {"score", "reach", "impact", "confidence", "effort", "starts_on", "ends_on"}
SORTABLE = {"rank", "title", "number", "status__position", *NULLABLE}


#: name to sort by, label, explanation, css
COLUMNS = [
    ("title", _("Item"), "", ""),
    ("status__position", _("Status"), "", ""),
    ("", _("Goal"), "", "lo"),
    ("", _("Release"), "", "lo"),
    ("reach", _("Reach"), _("Reach: accounts (or users) in a quarter"), "num"),
    ("impact", _("Impact"), _("Impact: 0.25 to 3"), "num"),
    ("confidence", _("Conf."), _("Confidence in per cent"), "num"),
    ("effort", _("Effort"), _("Effort in person-weeks"), "num"),
    ("score", _("RICE"), _("Reach × impact × confidence ÷ effort"), "num"),
]
FILTERS = ["status", "type", "lead", "objective", "release", "horizon"]


@member_required()
def backlog(request: HttpRequest) -> HttpResponse:
    """First 50 rows, the rest as one scrolls (`after`); filters, sort and the open drawer live in the query string."""
    language = item_language(request.workspace, request.product)
    rows = Item.objects.visible_to(request.member).of(request.product).for_rows()
    sorts = _sorts(request.GET.get("sort", "rank"))
    context: dict[str, Any] = {"sort": sorts[0], "refusal": ""}
    expression = language.from_query(request.GET)
    try:
        rows = rows.filter(language.compile(expression))
        page = page_of(rows, sorts, request.GET.get("after", ""))
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
            "chips": _chips(request, language, expression["all"]),
            "columns": COLUMNS,
            "filter_fields": [language.fields[name] for name in FILTERS],
            "highest": max((item.score for item in page.rows if item.score is not None), default=1),
            "query": _query_without(request, "open", "after"),
            "may_edit": request.member.may(Role.MANAGER, at=request.product),
            "may_add": request.member.may(Role.CONTRIBUTOR, at=request.product),
            "editor": _editor(request),
            "open": _opened(request),
            **context,
        },
    )


def _chips(request: HttpRequest, language: Language, conditions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each condition in words, with the address of the list without it."""
    chips = []
    for condition in conditions:
        chosen = language.fields[condition["field"]]
        value = condition["value"]
        if chosen.values is not None:
            names = {str(key): label for key, label in chosen.values()}
            values = value if isinstance(value, list) else [value]
            value = ", ".join(str(names.get(str(one), one)) for one in values)
        parameters = [name for name in request.GET if name.partition(".")[0] == chosen.name]
        chips.append(
            {
                "label": chosen.label,
                "operator": LABELS.get(condition["op"], condition["op"]),
                "value": value,
                "without": _query_without(request, *parameters, "after", "open"),
            }
        )
    return chips


def _query_without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


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
