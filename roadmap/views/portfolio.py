"""The portfolio roadmap: every product that a member sees, a row each."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse

from accounts.access import member_required
from accounts.roles import Role
from products.models import Health, ProductLine
from products.views.portfolio import visible_products
from roadmap.plans.designs import month_after
from roadmap.portfolio import marks
from roadmap.portfolio.drawing import PortfolioDrawing
from roadmap.portfolio.rows import as_they_were, portfolio_of
from roadmap.views import comparing
from roadmap.views.past import Looked
from ui.pages import render_page

HEALTHS = (Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK, Health.NOT_SET)


@member_required()
def portfolio(request: HttpRequest) -> HttpResponse:
    """`line` shows the products of one product line, `at` the quarters from that day on, `as_of` how all stood at the end of a past day, `compare`
    what changed in their plans."""
    products, today = visible_products(request), request.workspace.today()
    lines = {product.line.public_id: product.line for product in products if product.line_id and product.line}
    line: ProductLine | None = lines.get(request.GET.get("line", ""))
    shown = [product for product in products if line is None or product.line_id == line.pk]
    if comparing.wanted(request):
        return comparing.page(request, comparing.Place(shown, None, at=request.workspace))
    looked = Looked.of(request)
    if looked.moment is not None:
        shown = as_they_were(shown, looked.moment)
    day = looked.day or today
    with looked.back(*marks.tables):
        at = _day(request.GET.get("at", ""), day)
        found = portfolio_of(request.member, shown, at, day, is_past=looked.is_past)
    context = {
        "portfolio": found,
        "drawn": PortfolioDrawing(found, request.workspace.slug),
        "lines": sorted(lines.values(), key=lambda one: one.name.casefold()),
        "line": line,
        "healths": [(one.value, found.count(one)) for one in HEALTHS],
        "earlier": month_after(found.first, -3).isoformat(),
        "later": month_after(found.first, 3).isoformat(),
        "there_are_products": bool(products),
        "may_add": request.member.may(Role.MANAGER),
        "query": request.GET,
        "refusal": looked.refusal,
        **looked.context([one.pk for one in shown], request.workspace),
    }
    return render_page(request, "roadmap/portfolio/portfolio.html", context)


def _day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 1990 <= day.year <= 2200 else otherwise
