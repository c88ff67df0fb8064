"""The score of one item, explained."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import member_required
from roadmap import explained
from roadmap.views.sections import item_at
from ui.pages import render_page


@require_safe
@member_required()
def explain(request: HttpRequest, number: int) -> HttpResponse:
    """What every factor contributes, what would pass the next item, and why rank and score disagree: fetched when its section is
    opened, a page of its own without JavaScript."""
    item = item_at(request, number)
    context = {
        "item": item,
        "scores": explained.explain(item, request.member),
        "standing": explained.standing(item, request.member),
    }
    return render_page(request, "roadmap/items/score.html", context)
