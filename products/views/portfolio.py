"""The home of a workspace: its products along the lifecycle, what needs attention, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from accounts.access import member_required
from accounts.prepared import Prepared
from accounts.roles import Role
from accounts.together import Together
from config import clock
from listing.panels import panels_later
from products import agenda, attention, briefs, finding_rows, landing, lifeline_cards, line_rows
from products.agenda import Entry
from products.attention import Finding
from products.models import Health, Product
from ui import stages
from ui.pages import render_page

#: A column shows this many whole cards; where there are more, a line for each, and what is beyond folds away.
WHOLE_CARDS = 2
LINES = 8
DOTS = 6
MOST_FINDINGS = 8
MOST_ENTRIES = 14
AHEAD = timedelta(weeks=8)
WORST_FIRST = [Health.OFF_TRACK, Health.AT_RISK, Health.NOT_SET, Health.ON_TRACK]


@dataclass(frozen=True)
class Column:
    """A stage with its products, worst health first: as cards, as lines, and folded."""

    stage: stages.Stage
    cards: Sequence[Product]
    lines: Sequence[Product]
    folded: Sequence[Product]

    @property
    def count(self) -> int:
        return len(self.cards) + len(self.lines) + len(self.folded)


@member_required()
def portfolio(request: HttpRequest) -> HttpResponse:
    """`?layout=table` lists the products by product line instead."""
    products = visible_products(request)
    instead = landing.when_empty(request) if not products else None
    if instead is not None:
        return instead
    today, member, together = request.workspace.today(), request.member, Together.of_page(request)
    brief = briefs.briefs_later(member, products, together)
    findings = attention.findings_later(member, products, together)
    entries = agenda.entries_later(member, products, today, today + AHEAD, together)
    panels = panels_later("portfolio.head", request.workspace.pk, member, together)
    brief()
    found, coming = findings(), entries()
    layout = "table" if request.GET.get("layout") == "table" else "lifecycle"
    context = {
        "products": products,
        "head_panels": panels(),
        "layout": layout,
        **_along_the_lifecycle(products, request.workspace.slug, today),
        "lines": _lines(products, request.workspace.slug, today) if layout == "table" else [],
        **_wanting_attention(found, today),
        **_coming(coming, today),
        "first_name": member.name.split()[0],
        "greeting": _greeting(request),
        "off_track": sum(product.health == Health.OFF_TRACK for product in products),
        "at_risk": sum(product.health == Health.AT_RISK for product in products),
        "may_add": member.may(Role.MANAGER),
        "today": today,
    }
    return render_page(request, "products/portfolio/portfolio.html", context)


def _along_the_lifecycle(products: Sequence[Product], slug: str, today: date) -> dict[str, Any]:
    columns = _columns(products)
    return {
        "columns": columns,
        "columns_drawn": [(column, lifeline_cards.cards(column.cards, slug, today)) for column in columns],
        "dots": [dot for column in columns for dot in _dots(column)],
    }


def _lines(products: Sequence[Product], slug: str, today: date) -> list[tuple[str, int, SafeString]]:
    """Product lines with how many products they have, and these drawn."""
    return [(name, len(those), line_rows.rows(those, slug, today)) for name, those in _by_line(products)]


def _wanting_attention(found: Sequence[Finding], today: date) -> dict[str, Any]:
    """The first few, and what folds away."""
    first, more = found[:MOST_FINDINGS], found[MOST_FINDINGS:]
    return {
        "count": len(found),
        "findings": first,
        "finding_rows": finding_rows.rows(first, today),
        "more_findings": more,
        "more_finding_rows": finding_rows.rows(more, today),
    }


def _coming(entries: Sequence[Entry], today: date) -> dict[str, Any]:
    return {
        "agenda": agenda.by_day(entries[:MOST_ENTRIES]),
        "more_entries": max(0, len(entries) - MOST_ENTRIES),
        "gates_soon": sum(one.kind == "gate" and one.on <= today + timedelta(weeks=1) for one in entries),
    }


def visible_products(request: HttpRequest) -> list[Product]:
    """The member's products with lead and line, asked once per request: the page and its sidebar share them."""
    if not hasattr(request, "visible_products"):
        request.visible_products = VISIBLE.rows(request.member)
        Product.objects.remember_seen(request.member, request.visible_products)
    return request.visible_products


VISIBLE = Prepared(
    lambda member: (
        Product.objects.visible_to(member)
        .select_related("lead__user", "line")
        .defer("vision", "positioning", "business_model")
        .order_by("name", "pk")
    )
)


def _columns(products: Sequence[Product]) -> list[Column]:
    columns = []
    for stage in stages.STAGES:
        here = [product for product in products if product.stage == stage.key]
        here.sort(key=lambda product: (WORST_FIRST.index(Health(product.health)), product.name))
        if len(here) <= WHOLE_CARDS:
            columns.append(Column(stage, here, [], []))
        else:
            lines = LINES if len(here) > LINES + 1 else len(here)
            columns.append(Column(stage, [], here[:lines], here[lines:]))
    return columns


def _dots(column: Column) -> list[dict[str, Any]]:
    """Marks on the curve, spread over the stage; what does not fit is counted in the last one."""
    here = [*column.cards, *column.lines, *column.folded]
    shown = here if len(here) <= DOTS else here[: DOTS - 1]
    places = len(shown) + (len(here) > len(shown))
    dots = []
    for place in range(places):
        x = column.stage.number - 1 + (place + 1) / (places + 1)
        product = shown[place] if place < len(shown) else None
        dots.append(
            {
                "x": stages.percent_across(x),
                "y": round(stages.height(x), 2),
                "stage": column.stage.key,
                "name": product.name if product else "",
                "more": 0 if product else len(here) - len(shown),
            }
        )
    return dots


def _by_line(products: Sequence[Product]) -> list[tuple[str, list[Product]]]:
    """Product lines by name with their products; those without a line come last, as ""."""
    by_name: dict[str, list[Product]] = {}
    for product in products:
        by_name.setdefault(product.line.name if product.line else "", []).append(product)
    return sorted(by_name.items(), key=lambda pair: (pair[0] == "", pair[0].casefold()))


def _greeting(request: HttpRequest) -> str:
    """morning, afternoon or evening, by the workspace's clock."""
    hour = request.workspace.local(clock.now()).hour
    return "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
