from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required
from accounts.forms.parts import currencies, zones
from accounts.forms.workspaces import SettingsForm
from accounts.forms.you import NameAgainForm
from accounts.refusals import Refused
from accounts.roles import Role
from ui.pages import render_page

FIELDS = ("name", "time_zone", "week_start", "currency", "accent", "slip_days")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.ADMIN)
def settings(request: HttpRequest) -> HttpResponse:
    workspace = request.workspace
    form = SettingsForm(request.POST or None, initial={name: getattr(workspace, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            workspace.edit(**form.values, by=request.actor)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:workspace", workspace.slug)
    return _page(request, form, NameAgainForm(workspace=workspace), 422 if form.is_bound else 200)


@require_POST
@member_required(Role.OWNER)
def close(request: HttpRequest) -> HttpResponse:
    again = NameAgainForm(request.POST, workspace=request.workspace)
    if not again.is_valid():
        form = SettingsForm(initial={name: getattr(request.workspace, name) for name in FIELDS})
        return _page(request, form, again, 422)
    request.workspace.close(by=request.actor)
    messages.success(request, _("%(name)s was deleted.") % {"name": request.workspace.name})
    return redirect("accounts:home")


def _page(request: HttpRequest, form: SettingsForm, again: NameAgainForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "again": again,
        "settled": request.workspace.settled(),
        "zones": zones(),
        "currencies": currencies(),
        "may_close": request.member.may(Role.OWNER),
    }
    return render_page(request, "accounts/workspace/settings.html", context, status)
