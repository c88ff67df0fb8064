"""What was shared with a member, and what changed there since they last looked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import member_required
from lifecycle.lately import lately_for
from ui.pages import render_page


@require_safe
@member_required()
def lately(request: HttpRequest) -> HttpResponse:
    return render_page(request, "lifecycle/lately/lately.html", {"lately": lately_for(request.member)})
