"""What a roadmap is filtered by, and how it is displayed: two menus that send one to another address of the same page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import member_required
from listing.builder import Builder
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.models import CustomField, FieldKind
from roadmap.plans.designs import PARAMETERS, Colours, Design, Lanes, Layout, Precision, Shown
from roadmap.views.roadmaps import products_of, roadmap_of
from ui.pages import is_htmx, render_page


@require_safe
@member_required()
def filters(request: HttpRequest) -> HttpResponse:
    """Of a product's roadmap."""
    return _filters(request, _of_product(request), [request.product])


@require_safe
@member_required()
def filters_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """Of a kept roadmap."""
    roadmap = roadmap_of(request, public_id)
    products = products_of(request.member, roadmap)
    page = reverse("roadmap:roadmap_kept", args=[request.workspace.slug, roadmap.public_id])
    return _filters(request, page, products)


@require_safe
@member_required()
def display(request: HttpRequest) -> HttpResponse:
    """Lanes, colours, precision, horizon and what cards show, of a product's roadmap."""
    return _display(request, _of_product(request))


@require_safe
@member_required()
def display_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same of a kept roadmap."""
    roadmap = roadmap_of(request, public_id)
    return _display(request, reverse("roadmap:roadmap_kept", args=[request.workspace.slug, roadmap.public_id]))


def _of_product(request: HttpRequest) -> str:
    return reverse("roadmap:roadmap", args=[request.workspace.slug, request.product.key])


def _filters(request: HttpRequest, page: str, products: list[Product]) -> HttpResponse:
    """The filter builder; from its first press on it sends itself, and `do` says which button was pressed."""
    one = products[0] if len(products) == 1 else None
    language, status = item_language(request.workspace, one, among=products), 200
    query = request.GET.copy()
    for name in ("open", "column", "lane", "after", *(one for one in request.GET if language.is_filter(one))):
        query.pop(name, None)
    rest = query.urlencode()
    if "rest" in request.GET:
        builder, rest = Builder.read(language, request.GET), QueryDict(request.GET["rest"]).urlencode()
        press = request.GET.get("do", "")
        if press == "show" and builder.is_right():
            chosen = QueryDict(rest, mutable=True)
            for name, value in language.to_query(builder.expression()):
                chosen.appendlist(name, value)
            return _show(request, f"{page}?{_said(chosen)}")
        status = 422 if press == "show" else 200
        builder.act(press)
    else:
        builder = Builder.of(language, language.from_query(request.GET))
        builder.is_right()
        if not builder.lines and not builder.kept:
            builder.act("add:0")
    context = {"builder": builder, "rest": rest, "clear": f"{page}?{_said(QueryDict(rest))}", "action": request.path}
    return render_page(request, "roadmap/plan/filters.html", context, status=status)


def _said(query: QueryDict) -> str:
    """With a layout in any case: an address that says nothing shows a kept roadmap as it is kept."""
    said = query.copy()
    said.setdefault("layout", Layout.TIMELINE.value)
    return said.urlencode()


def _show(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)


def _display(request: HttpRequest, page: str) -> HttpResponse:
    design = Design.of(request.GET)
    rest = [(name, value) for name, values in request.GET.lists() for value in values if name not in PARAMETERS]
    fields = list(CustomField.objects.filter(workspace=request.workspace))
    context: dict[str, Any] = {
        "page": page,
        "design": design,
        "rest": [(name, value) for name, value in rest if name not in ("column", "lane", "after", "open")],
        "lanes": [*Lanes.choices, *((one.key, one.name) for one in fields if one.kind == FieldKind.SELECT)],
        "colours": Colours.choices,
        "precisions": Precision.choices,
        "shows": [*Shown.choices, *((one.key, one.name) for one in fields)],
    }
    return render_page(request, "roadmap/plan/display.html", context)
