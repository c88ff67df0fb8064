from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import presence
from accounts.access import member_required
from accounts.forms.tokens import TokenForm
from accounts.models import ApiToken
from accounts.prepared import Prepared
from config import clock
from ui.pages import render_page

PAGE = 100
VALID = Prepared(
    lambda member, now: ApiToken.objects.visible_to(member).valid(now).select_related("member__user")[:PAGE]
)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required()
def index(request: HttpRequest) -> HttpResponse:
    """One's own tokens, for admins everybody's. A new one's secret is in this answer and never again."""
    form, issued = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        issued = ApiToken.issue(request.member, chosen["name"], chosen["scope"], form.expires_at, by=request.actor)
        form = TokenForm()
    shown = VALID.rows(request.member, now := clock.now())
    used = presence.last_used(shown)
    context = {
        "form": form,
        "rows": [(token, used[token.pk]) for token in shown],
        "total": len(shown) if len(shown) < PAGE else ApiToken.objects.visible_to(request.member).valid(now).count(),
        "issued": issued[0] if issued else None,
        "secret": issued[1] if issued else "",
    }
    response = render_page(request, "accounts/tokens/index.html", context, 422 if form.is_bound else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@member_required()
def revoke(request: HttpRequest, token: str) -> HttpResponse:
    row = get_object_or_404(ApiToken.objects.visible_to(request.member).select_related("workspace"), public_id=token)
    row.revoke(by=request.actor)
    messages.success(request, _("The token %(name)s was revoked.") % {"name": row.name})
    return redirect("accounts:tokens", request.workspace.slug)
