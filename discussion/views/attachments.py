"""Files at a thread that the member sees: attached, fetched, deleted. Given out to be kept, never to be shown as a page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from discussion import subjects
from discussion.models import Attachment, Thread
from discussion.models.attachment import LARGEST, TYPES
from discussion.reading import ATTACHED, Talk
from ui.pages import is_htmx, render_page, toast


@require_POST
@member_required(Role.CONTRIBUTOR)
def attach(request: HttpRequest) -> HttpResponse:
    """All files that were sent, or none: what one of them is refused for is said of it."""
    files = request.FILES.getlist("files")
    if not files:
        return _answer(request, 422, _("Choose a file to attach."))
    try:
        with Change.open("attachment.added", by=request.actor, workspace=request.workspace) as change:
            made = [
                Attachment.attach(request.thread, file.name or "", file, file.size or 0, by=change) for file in files
            ]
    except Refused as refusal:
        return _answer(request, 422, str(refusal))
    return _done(request, change.pk, _("Attached %(name)s") % {"name": ", ".join(one.name for one in made)[:120]})


@require_safe
@member_required()
def fetch(request: HttpRequest, attachment: str) -> FileResponse:
    return given_out(_attachment(request, attachment))


@require_POST
@member_required(Role.CONTRIBUTOR)
def delete(request: HttpRequest, attachment: str) -> HttpResponse:
    row = _attachment(request, attachment)
    if not row.may_be_deleted_by(request.member):
        raise PermissionDenied
    row.delete_softly(by=request.actor)
    return _done(request, row.change_id, _("Deleted %(name)s") % {"name": row})


def given_out(row: Attachment) -> FileResponse:
    """The bytes as a download: whatever is in the file, no browser runs it in our name."""
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def attachments_of(thread: Thread, member: Member, talk: Talk | None = None) -> dict[str, Any]:
    """What the fragment needs. One statement; none where the page has read the `talk`."""
    may_manage = member.may(Role.MANAGER, at=thread)
    rows = talk.files() if talk else ATTACHED.rows(thread.pk)
    for row in rows:
        row.may_delete = may_manage or row.author_id == member.pk
    return {
        "thread": thread,
        "attachments": rows,
        "may_attach": member.may(Role.CONTRIBUTOR, at=thread),
        "kinds": ",".join(f".{kind}" for kind in TYPES),
        "largest": LARGEST // 2**20,
    }


def _attachment(request: HttpRequest, public_id: str) -> Attachment:
    rows = Attachment.objects.filter(thread=request.thread).select_related("workspace", "thread")
    return get_object_or_404(rows, public_id=public_id)


def _answer(request: HttpRequest, status: int, refusal: str = "") -> HttpResponse:
    context = {**attachments_of(request.thread, request.member), "refusal": refusal}
    if not is_htmx(request):
        context["subject"] = subjects.subjects_of([request.thread], request.member)[request.thread.pk]
        return render_page(request, "discussion/attachments.html", context, status)
    return render_page(request, "discussion/_attachments.html", context, status)


def _done(request: HttpRequest, change: int, text: str) -> HttpResponse:
    undo = reverse("changes:undo", args=[request.workspace.slug, change])
    if not is_htmx(request):
        messages.success(request, text, extra_tags=undo)
        return redirect(subjects.subjects_of([request.thread], request.member)[request.thread.pk].url)
    response = toast(_answer(request, 200), text, undo=undo)
    response["X-Change"] = str(change)
    return response
