from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.administrator import is_administrator
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from jobs import registry
from jobs.models import Job, JobQuerySet, State
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
    administers, together = is_administrator(request.user), Together.of_page(request)
    context: dict[str, Any] = {
        name: together.ask(rows, request.member, variant=(administers,))
        for name, rows in (("parked", PARKED), ("unfinished", UNFINISHED), ("ended", ENDED))
    }
    context["keeps_mail"] = not settings.EMAIL_URL and administers
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


def visible(request: HttpRequest) -> JobQuerySet:
    return Job.objects.visible_to(request.member)


def overseen(request: HttpRequest) -> JobQuerySet:
    return _overseen(request.member, is_administrator(request.user))


def _overseen(member: Member, administers: bool) -> JobQuerySet:
    rows = Job.objects.visible_to(member)
    return rows | Job.objects.filter(workspace=None) if administers else rows


def _listed(rows: JobQuerySet) -> JobQuerySet:
    """With what a line shows."""
    return rows.select_related("member__user").defer("arguments", "steps", "result")[:SHOWN]


def _ended(member: Member, administers: bool) -> JobQuerySet:
    rows = _overseen(member, administers).filter(state__in=[State.DONE, State.FAILED, State.STOPPED])
    return _listed(rows.exclude(state=State.DONE, kind__in=registry.quiet_kinds()))


PARKED = Prepared(lambda member, administers: _listed(_overseen(member, administers).filter(state=State.PARKED)))
UNFINISHED = Prepared(lambda member, administers: _listed(_overseen(member, administers).unfinished()))
ENDED = Prepared(_ended)
