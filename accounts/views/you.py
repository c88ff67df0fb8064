from __future__ import annotations

from allauth.account.internal.flows.password_change import finalize_password_change
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required
from accounts.forms.parts import zones
from accounts.forms.you import NameAgainForm, PasswordForm, ProfileForm
from accounts.refusals import Refused
from ui.context import theme_of
from ui.pages import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@member_required()
def profile(request: HttpRequest) -> HttpResponse:
    """Name and zone, the look, the password and the second step, keyboard shortcuts, leaving."""
    form = ProfileForm(request.POST or None, initial={"name": request.user.name, "time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        request.user.introduce_yourself(**form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:you", request.workspace.slug)
    return _page(request, 422 if form.is_bound else 200, form=form)


@sensitive_post_parameters()
@require_POST
@member_required()
def password(request: HttpRequest) -> HttpResponse:
    """A new password. It ends every other session and their streams at once."""
    if not ratelimit.consume(request, action="change_password", user=request.user):
        return ratelimit.respond_429(request)
    form = PasswordForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, 422, password=form)
    request.user.set_password(form.cleaned_data["new"])
    request.user.save(update_fields=["password"])
    finalize_password_change(request, request.user)
    return redirect("accounts:you", request.workspace.slug)


@require_POST
@member_required()
def leave(request: HttpRequest) -> HttpResponse:
    """End one's own membership. An invitation brings one back."""
    again = NameAgainForm(request.POST, workspace=request.workspace)
    if again.is_valid():
        try:
            request.member.remove(by=request.actor)
        except Refused as refused:
            again.add_error(None, str(refused))
        else:
            messages.success(request, _("You have left %(name)s.") % {"name": request.workspace.name})
            return redirect("accounts:home")
    return _page(request, 422, again=again)


def _page(
    request: HttpRequest,
    status: int,
    form: ProfileForm | None = None,
    password: PasswordForm | None = None,
    again: NameAgainForm | None = None,
) -> HttpResponse:
    known = {"name": request.user.name, "time_zone": request.user.time_zone}
    context = {
        "form": form or ProfileForm(initial=known),
        "password": password or PasswordForm(user=request.user),
        "again": again or NameAgainForm(workspace=request.workspace),
        "zones": zones(),
        "chosen_theme": theme_of(request) or "system",
        "has_app": Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists(),
    }
    return render_page(request, "accounts/you/profile.html", context, status)
