"""Comments: read, said, edited, deleted; and watching. All of them at a thread that the member sees."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.models import Member
from accounts.roles import Role
from accounts.together import Together
from changes.answers import naming
from changes.concurrency import Conflict
from discussion import subjects
from discussion.edits import edits_of
from discussion.forms import CommentForm
from discussion.models import Comment, Thread
from discussion.models.comment import as_posted
from discussion.reading import Talk
from ui.pages import is_htmx, render_page, toast

MOST_PEOPLE = 8


@require_safe
@member_required()
def show(request: HttpRequest) -> HttpResponse:
    return render_page(request, "discussion/thread.html", whole_thread(request))


@require_POST
@member_required(Role.CONTRIBUTOR)
def comment(request: HttpRequest) -> HttpResponse:
    form = CommentForm(request.POST, instance=Comment(thread=request.thread))
    form.require("body")
    if not form.is_valid():
        return _answer(request, status=422, form=form)
    row = Comment.post(request.thread, form.cleaned_data["body"], by=request.actor)
    return _done(request, row.change_id)


@require_POST
@member_required(Role.CONTRIBUTOR)
def preview(request: HttpRequest) -> HttpResponse:
    """How the text would look once it is posted. Without scripts the page with the text still in its box.

    `comment` says which of one's own is being edited. Nothing is stored.
    """
    edited = _comment(request, request.POST["comment"]) if request.POST.get("comment") else None
    if edited is not None and not edited.may_be_edited_by(request.member):
        raise PermissionDenied
    form = CommentForm(request.POST, instance=edited or Comment(thread=request.thread))
    form.require("body")
    valid = form.is_valid()
    shown: dict[str, Any] = {
        "form": form,
        "preview": as_posted(form.cleaned_data["body"], request.thread) if valid else "",
    }
    if is_htmx(request):
        return render_page(request, "discussion/_preview.html", shown, 200 if valid else 422)
    if edited is not None:
        shown = {"editing": edited, "edit_form": form, "edit_preview": shown["preview"]}
    return _answer(request, status=200 if valid else 422, **shown)


@require_safe
@member_required()
def edits(request: HttpRequest, comment: str) -> HttpResponse:
    """The thread, with what one of its comments said before opened below it."""
    row = _comment(request, comment)
    return _answer(request, opened=row, edits=edits_of(row))


@member_required(Role.CONTRIBUTOR)
def edit(request: HttpRequest, comment: str) -> HttpResponse:
    """The form in the comment's place, and what it sends. Only for its author."""
    row = _comment(request, comment)
    if not row.may_be_edited_by(request.member):
        raise PermissionDenied
    if request.method != "POST":
        return _answer(request, editing=row, edit_form=CommentForm(instance=row))
    form = CommentForm(request.POST, instance=row)
    form.require("body")
    if not form.is_valid():
        return _answer(request, status=422, editing=row, edit_form=form)
    try:
        change = row.edit(by=request.actor, seen=form.seen_version, body=form.cleaned_data["body"])
    except Conflict as conflict:
        return _answer(request, status=409, editing=row, edit_form=form, conflict=conflict)
    return _done(request, change)


@require_POST
@member_required(Role.CONTRIBUTOR)
def delete(request: HttpRequest, comment: str) -> HttpResponse:
    row = _comment(request, comment)
    if not row.may_be_deleted_by(request.member):
        raise PermissionDenied
    row.delete_softly(by=request.actor)
    undo = reverse("changes:undo", args=[request.workspace.slug, row.change_id])
    if is_htmx(request):
        return toast(_done(request, row.change_id), _("Comment deleted."), undo=undo)
    messages.success(request, _("Comment deleted."), extra_tags=undo)
    return _done(request, row.change_id)


@require_POST
@member_required()
def watch(request: HttpRequest) -> HttpResponse:
    if request.POST.get("watch") == "1":
        request.thread.watch(request.member)
    else:
        request.thread.unwatch(request.member)
    return _done(request)


@require_safe
@member_required(Role.CONTRIBUTOR)
def people(request: HttpRequest) -> HttpResponse:
    """Whom one may mention here: up to eight members whose name begins with `q` and who see the thread."""
    wanted = request.GET.get("q", "").replace("\0", "")[:60]
    members = Member.objects.current().visible_to(request.member).select_related("user")
    likely = members.filter(user__name__istartswith=wanted).order_by("user__name")[: 4 * MOST_PEOPLE]
    return render_page(request, "discussion/_people.html", {"people": request.thread.seen_by(likely)[:MOST_PEOPLE]})


def whole_thread(request: HttpRequest, **more: Any) -> dict[str, Any]:
    thread = request.thread
    return {
        "thread": thread,
        "subject": subjects.subjects_of([thread], request.member)[thread.pk],
        **thread_context(thread, request.member),
        **more,
    }


def thread_context(thread: Thread, member: Member, talk: Talk | None = None) -> dict[str, Any]:
    """What the fragment needs. One statement, however many comments; none where the page has read the `talk`.

    There is a `form` only where something is wrong with it: an empty one is written in the template.
    """
    talk = talk or Talk.of(thread, member, Together())
    return {
        "comments": talk.comments(),
        "watched": talk.is_watched(),
        "may_comment": member.may(Role.CONTRIBUTOR, at=thread),
    }


def _comment(request: HttpRequest, public_id: str) -> Comment:
    rows = Comment.objects.filter(thread=request.thread).with_people()
    return get_object_or_404(rows, public_id=public_id.replace("\0", ""))


def _answer(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    return render_page(
        request, "discussion/thread.html", whole_thread(request, **more), status=status, aim="#discussion"
    )


def _done(request: HttpRequest, change: int = 0) -> HttpResponse:
    """The thread as it is now. The browser that did it need not fetch it once more when the stream tells of it."""
    if not is_htmx(request):
        return redirect("discussion:thread", request.workspace.slug, request.thread.public_id)
    return naming(render_page(request, "discussion/thread.html", whole_thread(request)), change)
