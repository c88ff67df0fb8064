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
from roadmap.models import SavedView
from roadmap.views.items import backlog_of


@require_POST
@member_required()
def add(request: HttpRequest) -> HttpResponse:
    """Keep the filters that the page had. For everybody only by managers."""
    form = SavedViewForm(request.POST, instance=SavedView(product=request.product, workspace=request.workspace))
    back = f"{backlog_of(request)}?{SavedView.kept(request.POST.get('query', ''))}"
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(back)
    if form.cleaned_data.get("is_shared"):
        require(request.member, Role.MANAGER, at=request.product)
    try:
        view = SavedView.add(
            request.workspace, by=request.actor, product=request.product, owner=request.member, **form.values
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    undo = reverse("changes:undo", args=[request.workspace.slug, view.change_id])
    messages.success(request, _("The view “%(name)s” is kept") % {"name": view}, extra_tags=undo)
    return redirect(back)


@require_POST
@member_required()
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    rows = SavedView.objects.visible_to(request.member).of(request.product).select_related("workspace", "product")
    view = get_object_or_404(rows, public_id=public_id)
    if not view.may_be_changed_by(request.member):
        raise PermissionDenied
    view.delete_softly(by=request.actor)
    undo = reverse("changes:undo", args=[request.workspace.slug, view.change_id])
    messages.success(request, _("The view “%(name)s” is gone") % {"name": view}, extra_tags=undo)
    return redirect(backlog_of(request))
