"""Views of a backlog that people keep: a name for its filters and order."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, require
from accounts.refusals import Refused
from accounts.roles import Role
from roadmap.forms import SavedViewForm
from roadmap.models import SavedView, TableChoice
from roadmap.views.items import backlog_of


@require_POST
@member_required()
def add(request: HttpRequest) -> HttpResponse:
    """Keep the filters that the page had: for oneself, for a team of one's own, or, by managers, for everybody."""
    form = SavedViewForm(request.POST, instance=SavedView(product=request.product, workspace=request.workspace))
    back = f"{backlog_of(request)}?{SavedView.kept(request.POST.get('query', ''))}"
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(back)
    values = form.values
    if values["is_shared"]:
        require(request.member, Role.MANAGER, at=request.product)
    try:
        SavedView.refuse_scope(request.member, request.product, is_shared=values["is_shared"], team=values["team"])
        view = SavedView.add(
            request.workspace, by=request.actor, product=request.product, owner=request.member, **values
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    undo = reverse("changes:undo", args=[request.workspace.slug, view.change_id])
    messages.success(request, _("The view “%(name)s” is kept") % {"name": view}, extra_tags=undo)
    return redirect(back)


@require_POST
@member_required()
def first(request: HttpRequest, public_id: str) -> HttpResponse:
    """This view opens before any other from now on, for this member at this product; once more, and none does."""
    view = _view(request, public_id)
    kept = TableChoice.objects.filter(member=request.member, product=request.product).values_list(
        "first_view", flat=True
    )
    chosen = None if kept.first() == view.pk else view
    TableChoice.keep(request.member, request.product, first_view=chosen)
    said = _("“%(name)s” opens first from now on") if chosen else _("All items open first again")
    messages.success(request, said % {"name": view} if chosen else said)
    return redirect(f"{backlog_of(request)}?{view.query}")


def _view(request: HttpRequest, public_id: str) -> SavedView:
    rows = SavedView.objects.visible_to(request.member).of(request.product).select_related("workspace", "product")
    return get_object_or_404(rows, public_id=public_id)


@require_POST
@member_required()
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    view = _view(request, public_id)
    if not view.may_be_changed_by(request.member):
        raise PermissionDenied
    view.delete_softly(by=request.actor)
    undo = reverse("changes:undo", args=[request.workspace.slug, view.change_id])
    messages.success(request, _("The view “%(name)s” is gone") % {"name": view}, extra_tags=undo)
    return redirect(backlog_of(request))
