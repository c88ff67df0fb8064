from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required, roles_to_give
from accounts.forms.members import InvitationForm
from accounts.models import Invitation
from accounts.models.invitation import link_of
from accounts.refusals import Refused
from accounts.roles import Role
from ui.pages import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.ADMIN)
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None, giver=request.member)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        with transaction.atomic():
            written = [
                Invitation.write(
                    request.workspace,
                    email,
                    chosen["role"],
                    job_title=chosen["job_title"],
                    team=chosen["team"],
                    by=request.actor,
                )
                for email in chosen["emails"]
            ]
        if not settings.EMAIL_URL:
            return _hand_over(request, written)
        number = len(chosen["emails"])
        messages.success(
            request,
            ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", number) % {"n": number},
        )
        return redirect("accounts:members", request.workspace.slug)
    return render_page(request, "accounts/members/invite.html", {"form": form}, 422 if form.is_bound else 200)


@require_POST
@member_required(Role.ADMIN)
def send_again(request: HttpRequest, invitation: str) -> HttpResponse:
    row = _pending(request, invitation)
    try:
        secret = row.send_again(by=request.actor)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if not settings.EMAIL_URL:
            return _hand_over(request, [(row, secret)])
        messages.success(
            request, _("A new link is on its way to %(email)s. The old one has stopped working.") % {"email": row.email}
        )
    return redirect("accounts:members", request.workspace.slug)


@require_POST
@member_required(Role.ADMIN)
def revoke(request: HttpRequest, invitation: str) -> HttpResponse:
    row = _pending(request, invitation)
    row.revoke(by=request.actor)
    messages.success(request, _("The invitation of %(email)s was revoked.") % {"email": row.email})
    return redirect("accounts:members", request.workspace.slug)


def _hand_over(request: HttpRequest, written: list[tuple[Invitation, str]]) -> HttpResponse:
    """Without a mail server the links go from hand to hand: they are in this answer to who invited, and never again."""
    links = [(invitation.email, link_of(secret)) for invitation, secret in written]
    response = render_page(request, "accounts/members/links.html", {"links": links})
    response["Cache-Control"] = "private, no-store"
    return response


def _pending(request: HttpRequest, public_id: str) -> Invitation:
    """Who could not give its role may not have its link either: it lets whoever opens it first become an owner."""
    invitations = (
        Invitation.objects.visible_to(request.member).pending().select_related("workspace", "invited_by__user")
    )
    row = get_object_or_404(invitations, public_id=public_id)
    if row.role not in roles_to_give(request.member):
        raise PermissionDenied(_("Only an owner makes, changes or removes owners."))
    return row
