"""The notes of a release: drafted from what was shipped, edited, looked at, published and taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, require
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.answers import undo_address
from changes.concurrency import Conflict
from changes.models import Change
from listing.panels import panels_later
from roadmap.forms.release_notes import NotesForm, PublicLinesForm
from roadmap.models import Category, Item, PublicLine, Release, ReleaseNotes
from roadmap.releases.notes_draft import drafted, shipped_in, shipped_later
from roadmap.releases.page import NOTES
from roadmap.views.release_page import found
from ui.pages import render_page


@member_required()
def notes(request: HttpRequest, public_id: str) -> HttpResponse:
    """`draft=1` fills the form with what was shipped; nothing is kept before it is saved."""
    release = found(request, public_id)
    may_edit = request.member.may(Role.MANAGER, at=request.product)
    if request.method == "POST":
        require(request.member, Role.MANAGER, at=request.product)
        return _save(request, release)
    together = Together.of_page(request)
    stored = together.ask(NOTES, request.member, release)
    shipped_then = shipped_later(release, request.member, together)
    row = _owned(request, release, next(iter(stored()), None))
    form, shipped = NotesForm(instance=row), shipped_then()
    if may_edit and (request.GET.get("draft") == "1" or not row.pk):
        form.initial["text"] = drafted(shipped)
    return _page(request, release, row, form, shipped=shipped)


def _save(request: HttpRequest, release: Release) -> HttpResponse:
    """Keep it, show how it will look, or keep and publish it: as the button says."""
    row = _stored(request, release)
    form = NotesForm(request.POST, instance=row)
    form.require("title", "text")
    form.fields["text"].required = False
    do = request.POST.get("do", "")
    if not form.is_valid():
        return _page(request, release, row, form, status=422)
    if do == "preview":
        return _page(request, release, row, form, preview=form.values)
    try:
        with Change.open("release_notes.written", by=request.actor, workspace=request.workspace) as change:
            kept = ReleaseNotes.write(release, by=change, seen=form.seen_version if row.pk else None, **form.values)
            if do == "publish":
                kept.publish(by=change)
    except Conflict as conflict:
        row.refresh_from_db()
        form.catch_up(row)
        return _page(request, release, row, form, status=409, conflict=conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, release, row, form, status=422)
    text = _("The notes of %(name)s are published") if do == "publish" else _("The draft is kept")
    messages.success(request, text % {"name": release.name} if do == "publish" else text)
    return _to_notes(request, release)


@require_POST
@member_required(Role.MANAGER)
def unpublish(request: HttpRequest, public_id: str) -> HttpResponse:
    release = found(request, public_id)
    row = _stored(request, release)
    if not row.pk:
        raise Http404
    row.unpublish(by=request.actor)
    messages.success(request, _("The notes of %(name)s are not public any more") % {"name": release.name})
    return _to_notes(request, release)


@require_POST
@member_required(Role.MANAGER)
def lines(request: HttpRequest, public_id: str) -> HttpResponse:
    """What people outside read of each shipped item, and which of them are internal."""
    release = found(request, public_id)
    rows = Item.objects.visible_to(request.member).filter(release=release, status__category=Category.SHIPPED)
    form = PublicLinesForm(request.POST, items=list(rows.ranked().select_related("workspace", "product")))
    if not form.is_valid():
        messages.error(request, _("A line has at most 240 characters. Shorten it and save again."))
        return _to_notes(request, release)
    with Change.open("public_lines.said", by=request.actor, workspace=request.workspace) as change:
        PublicLine.say(form.lines, by=change)
    undo = undo_address(request, change.pk or 0)
    messages.success(request, _("Saved. Draft the notes anew to use these lines."), extra_tags=undo)
    return _to_notes(request, release)


def _stored(request: HttpRequest, release: Release) -> ReleaseNotes:
    """The notes, or blank ones that are not stored yet."""
    return _owned(request, release, NOTES.first(request.member, release))


def _owned(request: HttpRequest, release: Release, row: ReleaseNotes | None) -> ReleaseNotes:
    if row is None:
        return ReleaseNotes(workspace=request.workspace, product=request.product, release=release, title=release.name)
    row.workspace, row.product, row.release = request.workspace, request.product, release
    return row


def _page(
    request: HttpRequest, release: Release, row: ReleaseNotes, form: NotesForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    together = Together()
    panels = panels_later("release_notes", request.product.pk, request.member, together)
    context = {
        "release": release,
        "notes": row,
        "form": form,
        "shipped": more.pop("shipped") if "shipped" in more else shipped_in(release, request.member),
        "panels": panels(),
        "may_edit": request.member.may(Role.MANAGER, at=request.product),
        **more,
    }
    return render_page(request, "roadmap/notes/notes.html", context, status)


def _to_notes(request: HttpRequest, release: Release) -> HttpResponse:
    return redirect("roadmap:release_notes", request.workspace.slug, request.product.key, release.public_id)
