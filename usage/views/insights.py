"""How a product is used, for users or accounts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.access import member_required
from accounts.roles import Role
from accounts.together import Together
from ui.pages import render_page
from usage.charts import LifeChart
from usage.drawing import InsightsDrawing
from usage.insights import Insights
from usage.models import Population
from usage.rollup.days import last_day

POPULATIONS = {"accounts": Population.ACCOUNTS, "users": Population.USERS}


@member_required()
def insights(request: HttpRequest) -> HttpResponse:
    of = request.GET.get("of", "accounts")
    of = of if of in POPULATIONS else "accounts"
    told = Insights(
        request.product,
        POPULATIONS[of],
        unbounded=request.GET.get("kept") == "unbounded",
        working_days=request.GET.get("days") == "working",
        together=Together.of_page(request),
    )
    context: dict[str, Any] = {
        "of": of,
        "told": told,
        "waiting": told.waiting,
        "last_day": None if told.through else last_day(request.product.pk),
        "may_connect": request.member.may(Role.MANAGER, at=request.product),
        "in_numbers": request.GET.get("in") == "numbers",
    }
    if told.through is not None:
        context["chart"] = chart = LifeChart.of(told.weeks)
        context["drawn"] = InsightsDrawing(
            told, chart, request.workspace.slug, request.product.key,
            in_numbers=context["in_numbers"], today=request.workspace.today(),
        )  # fmt: skip
    return render_page(request, "usage/insights/insights.html", context)
