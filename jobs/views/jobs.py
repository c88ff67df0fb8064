from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.administrator import is_administrator
from accounts.refusals import Refused
from accounts.roles import Role
from jobs import registry
from jobs.models import Job, State
from ui.pages import render_page

SHOWN = 50


@require_safe
@member_required()
def show(request: HttpRequest, job: str) -> HttpResponse:
    """The progress of one job. Its inner part asks for itself again until the job is over."""
    row = get_object_or_404(visible(request).select_related("workspace", "member__user"), public_id=job)
    return render_page(request, "jobs/show.html", {"job": row})


@require_POST
@member_required()
def stop(request: HttpRequest, job: str) -> HttpResponse:
    row = get_object_or_404(visible(request), public_id=job)
    try:
        row.stop(by=request.actor)
    except Refused as no:
        row.refresh_from_db()
        return render_page(request, "jobs/show.html", {"job": row, "refused": no}, status=422, aim="#job")
    return redirect("jobs:show", request.workspace.slug, row.public_id)


@require_safe
@member_required(Role.ADMIN)
def index(request: HttpRequest) -> HttpResponse:
    """What runs, waits or was parked in the workspace; the installation's administrator also sees Cradle's own."""
    rows = overseen(request).select_related("member__user")
    ended = rows.filter(state__in=[State.DONE, State.FAILED, State.STOPPED])
    context = {
        "parked": rows.filter(state=State.PARKED)[:SHOWN],
        "unfinished": rows.unfinished()[:SHOWN],
        "ended": ended.exclude(state=State.DONE, kind__in=registry.quiet_kinds())[:SHOWN],
        "keeps_mail": not settings.EMAIL_URL and is_administrator(request.user),
    }
    return render_page(request, "jobs/index.html", context)


@require_POST
@member_required(Role.ADMIN)
def retry(request: HttpRequest, job: str) -> HttpResponse:
    row = get_object_or_404(overseen(request), public_id=job)
    try:
        row.retry(by=request.actor)
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("“%(job)s” is tried again.") % {"job": row})
    return redirect("jobs:index", request.workspace.slug)


def visible(request: HttpRequest):  # type: ignore[no-untyped-def]  # request.member is set by the decorator
    return Job.objects.visible_to(request.member)


def overseen(request: HttpRequest):  # type: ignore[no-untyped-def]
    rows = Job.objects.visible_to(request.member)
    return rows | Job.objects.filter(workspace=None) if is_administrator(request.user) else rows
