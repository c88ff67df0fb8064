from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts import audit_rows
from accounts.access import member_required
from accounts.audit import lines_of
from accounts.roles import Role
from ui.pages import render_page

PAGE = 50
DEEPEST = 200


@require_safe
@member_required(Role.ADMIN)
def log(request: HttpRequest) -> HttpResponse:
    """Who let whom in, and who changed what people may do."""
    asked = request.GET.get("page", "")
    page = max(1, min(int(asked[:6]), DEEPEST)) if asked.isascii() and asked.isdecimal() else 1
    lines = lines_of(request.workspace, skip=(page - 1) * PAGE, limit=PAGE + 1)
    context = {
        "rows": audit_rows.rows(lines[:PAGE]),
        "following": f"?page={page + 1}" if len(lines) > PAGE else "",
        "previous": f"?page={page - 1}" if page > 1 else "",
    }
    return render_page(request, "accounts/security/log.html", context)
