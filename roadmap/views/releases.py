"""Releases as columns of a board, and the release itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import member_required, remember
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from roadmap.forms import ReleaseColumnForm, ReleaseForm
from roadmap.models import Category, Item, Release
from roadmap.plans.slips import ReasonWanted
from roadmap.releases.board import Drawing, columns_for, summed
from roadmap.views.plan import beside, item_of, refused, told
from roadmap.views.release_page import to_page
from ui.pages import in_dialog, is_htmx, lead_to, render_page

SETTLED = (Category.SHIPPED, Category.DROPPED)


@member_required()
def board(request: HttpRequest) -> HttpResponse:
    """Open releases by day, what is not planned last; `released=1` shows the past ones too."""
    past = request.GET.get("released") == "1"
    columns = columns_for(request.member, request.product, with_past=past)
    may_edit = request.member.may(Role.MANAGER, at=request.product)
    context = {
        "columns": columns,
        "drawn": _drawing(request, may_edit).columns(columns),
        "may_edit": may_edit,
        "past": past,
    }
    return render_page(request, "roadmap/releases/board.html", context)


def _drawing(request: HttpRequest, may_edit: bool) -> Drawing:
    return Drawing(
        request.workspace.slug, request.product.key, may_edit=may_edit, today=request.workspace.today(),
        token=get_token(request),
    )  # fmt: skip


@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    """A dialog on the board, a page without JavaScript."""
    blank = Release(product=request.product, workspace=request.workspace)
    if request.method != "POST":
        return render_page(request, "roadmap/releases/add.html", {"form": _form(request, blank)})
    form = _form(request, blank)
    form.require("name")
    if form.is_valid():
        try:
            release = Release.plan(request.product, by=request.actor, **form.values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(name)s is planned") % {"name": release.name}, extra_tags=_undo(request, release)
            )
            return _to_board(request)
    return in_dialog(request, "roadmap/releases/add.html", {"form": form}, 422)


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    release = _release(request, public_id)
    form = _form(request, release)
    if request.method != "POST":
        return render_page(request, "roadmap/releases/edit.html", {"form": form, "release": release})
    status, conflict = 422, None
    if form.is_valid():
        try:
            change = release.edit(by=request.actor, seen=form.seen_version, reason=form.why, **form.values)
        except Conflict as met:
            status, conflict = 409, met
        except ReasonWanted as wanted:
            form.ask(str(wanted))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
            return to_page(request, release)
    context = {"form": form, "release": release, "conflict": conflict}
    return render_page(request, "roadmap/releases/edit.html", context, status=status)


@require_POST
@member_required(Role.MANAGER)
def ship(request: HttpRequest, public_id: str) -> HttpResponse:
    release = _release(request, public_id)
    try:
        count = release.ship(by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _to_board(request)
    text = ngettext("%(name)s is out, with %(count)d item", "%(name)s is out, with %(count)d items", count)
    told = text % {"name": release.name, "count": count}
    open_ones = Item.objects.visible_to(request.member).filter(release=release).exclude(status__category__in=SETTLED)
    left = open_ones.count()
    if left:
        staying = ngettext(
            "%(n)d item in it is not done and stays there.", "%(n)d items in it are not done and stay there.", left
        )
        told = f"{told}. {staying % {'n': left}}"
    messages.success(request, told, extra_tags=_undo(request, release))
    return _to_board(request)


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    release = _release(request, public_id)
    release.delete_softly(by=request.actor)
    messages.success(request, _("%(name)s is deleted") % {"name": release.name}, extra_tags=_undo(request, release))
    return _to_board(request)


@require_POST
@member_required(Role.MANAGER)
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Drop a card into a release's column, beside another card. The answer are the heads of both columns: what they hold now."""
    remember(request.member)
    item = item_of(request, number)
    form = ReleaseColumnForm(
        request.POST,
        items=beside(request),
        releases=Release.objects.visible_to(request.member).of(request.product),
    )
    if not form.is_valid():
        return refused(" ".join(error for errors in form.errors.values() for error in errors))
    chosen, earlier = form.cleaned_data, item.release
    try:
        change = item.arrange(by=request.actor, after=chosen["after"], before=chosen["before"], release=chosen["list"])
    except Refused as refusal:
        return refused(str(refusal))
    where = chosen["list"].name if chosen["list"] else _("not planned")
    text = _("%(key)s: %(where)s") % {"key": item.key, "where": where}
    frozen = [
        one for one in (earlier, chosen["list"]) if one is not None and one.is_frozen and earlier != chosen["list"]
    ]
    if frozen:
        text += ". " + _("The scope of %(name)s is frozen: its page lists this change.") % {"name": frozen[0].name}
    response = told(request, item, text, change)
    if is_htmx(request):
        columns = {one.pk if one is not None else None for one in (earlier, chosen["list"])}
        response.status_code = 200
        response.content = _drawing(request, True).heads(summed(request.member, request.product, columns))
    return response


def _form(request: HttpRequest, release: Release) -> ReleaseForm:
    form = ReleaseForm(request.POST if request.method == "POST" else None, instance=release)
    form.limit_choices(request.member)
    return form


def _release(request: HttpRequest, public_id: str) -> Release:
    return get_object_or_404(
        Release.objects.visible_to(request.member).of(request.product).select_related("workspace"), public_id=public_id
    )


def _undo(request: HttpRequest, release: Release) -> str:
    return undo_address(request, release.change_id)


def _to_board(request: HttpRequest) -> HttpResponse:
    return lead_to(request, "roadmap:releases", request.workspace.slug, request.product.key)
