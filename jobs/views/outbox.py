from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from accounts.administrator import is_administrator
from jobs.models import Mail
from ui.pages import render_page

SHOWN = 100


@require_safe
@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """What would have been sent if there were a mail server: for the installation's administrator alone."""
    if settings.EMAIL_URL or not is_administrator(request.user):
        raise Http404
    return render_page(request, "jobs/outbox.html", {"mails": Mail.objects.in_outbox()[:SHOWN]})
