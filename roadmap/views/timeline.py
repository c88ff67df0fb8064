"""What is done on a timeline: bars moved to other days or lanes, alone or together, dependencies drawn, who waits moved along.

Each answers with the bars that changed and their arrows; <c-timeline> puts them into the page that is there.
"""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import member_required, remember
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import naming, undo_address
from changes.concurrency import Conflict
from changes.views import came_from
from roadmap.forms import ArrowForm, MovesForm, ScheduleForm
from roadmap.items.unread import schedule_unread
from roadmap.models import Item, ItemLink, LinkKind
from roadmap.plans.questions import Question
from roadmap.plans.slips import asking
from roadmap.timelines.scheduling import move_along, reschedule
from roadmap.views.items import EDITED_WITH_STATUS, item_of
from roadmap.views.plan import item_of as any_item
from roadmap.views.plan import refused
from roadmap.views.spans import changed_bars
from ui import formats
from ui.pages import is_htmx, toast


@require_POST
@member_required(Role.MANAGER)
def schedule(request: HttpRequest, number: int) -> HttpResponse:
    """Move or resize a bar, drop an item onto a lane or take its days away: dates, and what its lane sets."""
    remember(request.member)
    form = ScheduleForm(request.POST, product=request.product, member=request.member)
    if not form.is_valid():
        return refused(_sentences(form))
    try:
        item, change, had_days = _scheduled(request, number, form)
    except Conflict as conflict:
        return refused(_told(conflict), status=409)
    except Refused as refusal:
        return asking(refused(str(refusal)), refusal)
    if not is_htmx(request):
        return redirect(reverse("roadmap:roadmap", args=[request.workspace.slug, request.product.key]))
    text = _("%(title)s is not scheduled now.") % {"title": item.title}
    if item.starts_on is not None:
        span = formats.span(item.starts_on, item.ends_on, request.workspace.today())
        text = _("%(title)s: %(span)s.") % {"title": item.title, "span": span}
    with_tray = not had_days or item.starts_on is None
    return _answer(request, [item], change, text, behind=item, with_tray=with_tray)


def _scheduled(request: HttpRequest, number: int, form: ScheduleForm) -> tuple[Item, int, bool]:
    """The item with its new days, the id of the Change (0 for none), and whether it had days before. Raises Http404, Conflict, Refused."""
    seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
    request.product.workspace = request.workspace
    item = schedule_unread(request.product, number, form.values, seen, reason, by=request.actor)
    if item is not None:
        return item, item.change_id, item.had_days  # type: ignore[attr-defined]
    item = item_of(request.member, request.product, number, EDITED_WITH_STATUS)
    if item is None:
        raise Http404
    had_days = item.starts_on is not None
    return item, item.edit(by=request.actor, seen=seen, reason=reason, **form.values), had_days


@require_POST
@member_required(Role.MANAGER)
def schedule_many(request: HttpRequest) -> HttpResponse:
    """Move bars together: one change, one undo."""
    form = MovesForm(request.POST, product=request.product, member=request.member)
    if not form.is_valid():
        return refused(_sentences(form))
    try:
        change, items = reschedule(
            request.product, form.steps, request.member, form.lane, by=request.actor, reason=form.cleaned_data["reason"]
        )
    except Conflict as conflict:
        return refused(_told(conflict), status=409)
    except Refused as refusal:
        return asking(refused(str(refusal)), refusal)
    if not is_htmx(request):
        return redirect(reverse("roadmap:roadmap", args=[request.workspace.slug, request.product.key]))
    moved = sum(item.change_id == change for item in items)
    text = ngettext("%(count)d item moved.", "%(count)d items moved.", moved) % {"count": moved}
    return _answer(request, items, change, text, with_tray=any(item.starts_on is None for item in items))


@require_POST
@member_required(Role.MANAGER)
def arrow(request: HttpRequest, number: int) -> HttpResponse:
    """The item needs another one from now on: an arrow was drawn from that one's dot to its bar."""
    item = any_item(request, number)
    form = ArrowForm(request.POST, member=request.member)
    if not form.is_valid():
        return refused(_sentences(form))
    needed = form.cleaned_data["needs"]
    try:
        link = ItemLink.add(item, "needs", needed, by=request.actor)
    except Refused as refusal:
        return refused(str(refusal))
    if not is_htmx(request):
        return redirect("roadmap:item", request.workspace.slug, request.product.key, number)
    text = _("%(item)s needs %(needs)s.") % {"item": item.title, "needs": needed.title}
    return _answer(request, [item], link.change_id, text, behind=needed)


@require_POST
@member_required(Role.MANAGER)
def arrow_remove(request: HttpRequest, number: int) -> HttpResponse:
    """The item needs another one no longer: their arrow was taken away. Its days stay as they are."""
    item = any_item(request, number)
    form = ArrowForm(request.POST, member=request.member)
    if not form.is_valid():
        return refused(_sentences(form))
    needed = form.cleaned_data["needs"]
    link = ItemLink.objects.filter(item=item, kind=LinkKind.NEEDS, other=needed).first()
    if link is None:
        return refused(_("This arrow was removed in the meantime."))
    link.item, link.other, link.workspace = item, needed, request.workspace
    link.remove(by=request.actor)
    if not is_htmx(request):
        return redirect("roadmap:item", request.workspace.slug, request.product.key, number)
    text = _("%(item)s needs %(needs)s no longer.") % {"item": item.title, "needs": needed.title}
    return _answer(request, [item], link.change_id, text)


@require_POST
@member_required(Role.MANAGER)
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Move along who waits for the item and would begin before it ends. Nobody does that silently: it was asked for."""
    item = any_item(request, number)
    try:
        change, moved = move_along(item, request.member, by=request.actor)
    except Refused as refusal:
        if is_htmx(request):
            return refused(str(refusal))
        messages.error(request, str(refusal))
        return redirect(came_from(request))
    words = ngettext("%(count)d item moved behind %(title)s.", "%(count)d items moved behind %(title)s.", len(moved))
    text, undo = words % {"count": len(moved), "title": item.title}, undo_address(request, change)
    if is_htmx(request):  # what is on the page hears of it as others do
        return toast(HttpResponse(status=204), text, undo=undo)
    messages.success(request, text, extra_tags=undo)
    return redirect(came_from(request))


def _answer(
    request: HttpRequest,
    items: list[Item],
    change: int,
    text: str,
    *,
    behind: Item | None = None,
    with_tray: bool = False,
) -> HttpResponse:
    """The bars as they are now, what happened in words, with the way back and, where others wait for `behind`, the way on."""
    query = QueryDict(request.POST.get("query", "")[:4000])
    question = Question.of_query(request.member, [request.product.pk], query, request.workspace.today(), None)
    response, plan = changed_bars(request, question, [item.number for item in items], with_tray=with_tray)
    late = sum(need.is_late and need.needs == behind.key for need in plan.needs) if behind is not None else 0
    told, then = _way_on(request, behind, late) if behind is not None and late else ("", None)
    return toast(
        naming(response, change), " ".join(filter(None, [text, told])), undo=undo_address(request, change), then=then
    )


def _way_on(request: HttpRequest, behind: Item, late: int) -> tuple[str, tuple[str, str]]:
    """That so many wait for an item, begin before it ends and were not moved, in words, and the button that moves them, and whoever waits
    for them: its words and address."""
    told = ngettext("%(count)d dependent item was not moved.", "%(count)d dependent items were not moved.", late)
    address = reverse("roadmap:item_follow", args=[request.workspace.slug, behind.product.key, behind.number])
    return told % {"count": late}, (_("Move dependents too"), address)


def _told(conflict: Conflict) -> str:
    who = conflict.change.member.name if conflict.change.member else _("Somebody")
    return _("%(who)s moved this meanwhile, to %(theirs)s. Reload to see it, then move it again.") % {
        "who": who,
        "theirs": conflict.theirs,
    }


def _sentences(form: Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
