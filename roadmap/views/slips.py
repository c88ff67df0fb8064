"""The question why a plan slips, for a browser that asks it in a dialog (static/js/reason.js)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import member_required
from ui.pages import render_page


@require_safe
@member_required()
def why(request: HttpRequest) -> HttpResponse:
    """The inside of the dialog. What asks, and where the answer goes, the browser knows."""
    return render_page(request, "roadmap/slips/why.html", {})
