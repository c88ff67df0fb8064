"""Where a person lands: `/` leads on."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import WORKSPACE_COOKIE, public, signed_in, to_sign_in
from accounts.forms.parts import currencies, zones
from accounts.forms.workspaces import NewWorkspaceForm
from accounts.models import Member, User, Workspace


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The last workspace; without one what to do; signed out the sign-in page, or how to set up a new installation."""
    if not request.user.is_authenticated:
        if not Workspace.objects.exists():
            return render(request, "accounts/home/not_set_up.html")
        return to_sign_in(request)
    member = last_membership(request)
    if member is None:
        return render(request, "accounts/home/no_workspace.html", {"may_create": settings.WORKSPACE_CREATION})
    return redirect(member.workspace)


@signed_in
@require_safe
def you(request: HttpRequest) -> HttpResponse:
    """The person's own settings, in the workspace that they used last. Pages outside of any workspace link here."""
    member = last_membership(request)
    return redirect("accounts:you", member.workspace.slug) if member else redirect("accounts:home")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_workspace(request: HttpRequest) -> HttpResponse:
    """Another workspace, for everybody with an account where the operator allows that."""
    if not settings.WORKSPACE_CREATION:
        raise Http404
    form = NewWorkspaceForm(request.POST or None, initial={"time_zone": "UTC", "week_start": 1, "currency": "EUR"})
    if request.method == "POST" and form.is_valid():
        return redirect(Workspace.found(**form.values, owner=request.user))
    context = {"form": form, "zones": zones(), "currencies": currencies()}
    return render(request, "accounts/home/new_workspace.html", context, status=422 if form.is_bound else 200)


def last_membership(request: HttpRequest) -> Member | None:
    """The workspace that this browser showed last, else the one this person used last, else the newest."""
    person: User = request.user  # type: ignore[assignment]
    members = list(Member.objects.current().filter(user=person).select_related("workspace").order_by("-joined_at"))
    if not members:
        return None
    wanted = request.COOKIES.get(WORKSPACE_COOKIE)
    here = next((member for member in members if member.workspace.slug == wanted), None)
    before = next((member for member in members if member.workspace_id == person.last_workspace_id), None)
    chosen = here or before or members[0]
    if chosen.workspace_id != person.last_workspace_id:
        User.objects.filter(pk=person.pk).update(last_workspace=chosen.workspace_id)
    return chosen
