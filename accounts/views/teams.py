from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import member_required
from accounts.forms.teams import TeamForm
from accounts.models import Member, Team
from accounts.roles import Role
from accounts.teams import listed
from ui.pages import render_page


@require_safe
@member_required()
def index(request: HttpRequest) -> HttpResponse:
    context = {"teams": listed(request.member), "may_manage": request.member.may(Role.ADMIN)}
    return render_page(request, "accounts/teams/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.ADMIN)
def new(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None, by=request.member)
    if request.method == "POST" and form.is_valid():
        Team.form(request.workspace, form.cleaned_data["name"], form.cleaned_data["members"], by=request.actor)
        messages.success(request, _("The team %(name)s was made.") % {"name": form.cleaned_data["name"]})
        return redirect("accounts:teams", request.workspace.slug)
    return render_page(request, "accounts/teams/edit.html", {"form": form, "team": None}, 422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.ADMIN)
def edit(request: HttpRequest, team: str) -> HttpResponse:
    row = _team(request, team)
    present = Member.objects.visible_to(request.member).filter(team_memberships__team=row)
    form = TeamForm(request.POST or None, initial={"name": row.name, "members": present}, by=request.member, team=row)
    if request.method == "POST" and form.is_valid():
        row.become(form.cleaned_data["name"], form.cleaned_data["members"], by=request.actor)
        messages.success(request, _("The team %(name)s was changed.") % {"name": row.name})
        return redirect("accounts:teams", request.workspace.slug)
    return render_page(request, "accounts/teams/edit.html", {"form": form, "team": row}, 422 if form.is_bound else 200)


@require_POST
@member_required(Role.ADMIN)
def dissolve(request: HttpRequest, team: str) -> HttpResponse:
    row = _team(request, team)
    row.dissolve(by=request.actor)
    messages.success(request, _("The team %(name)s is gone.") % {"name": row.name})
    return redirect("accounts:teams", request.workspace.slug)


def _team(request: HttpRequest, public_id: str) -> Team:
    return get_object_or_404(Team.objects.visible_to(request.member).select_related("workspace"), public_id=public_id)
