"""The score of one item, explained."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import member_required
from roadmap.scores import explained
from roadmap.views.items import item_of
from ui.pages import render_page


@require_safe
@member_required()
def explain(request: HttpRequest, number: int) -> HttpResponse:
    """What every factor contributes, what would pass the next item, and why rank and score disagree: fetched when its section is
    opened, a page of its own without JavaScript."""
    item = item_of(request.member, request.product, number)
    if item is None:
        raise Http404
    around = explained.Around(item, request.member)
    context = {"item": item, "scores": explained.explain(around), "standing": explained.standing(around)}
    return render_page(request, "roadmap/items/score.html", context)
