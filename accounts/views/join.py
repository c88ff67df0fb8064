"""Getting in by a link: the set-up of an installation, an invitation, and sign-up where an operator opened it."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import View, public
from accounts.forms.parts import NewPasswordForm, currencies, zones
from accounts.forms.sign_up import SignUpForm
from accounts.forms.workspaces import NewWorkspaceForm, SetUpForm
from accounts.models import Invitation, OneTimeLink, User
from accounts.models.link import Purpose
from accounts.refusals import Refused
from accounts.signing_up import is_open, mail_link

FIRST = {"time_zone": "UTC", "week_start": 1, "currency": "EUR"}


def by_link(view: View) -> View:
    """A page that a secret in its address opens: never stored, and slow to guess."""

    @public
    @sensitive_post_parameters("password")
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not ratelimit.consume(request, action="reset_password_from_key"):
            return ratelimit.respond_429(request)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded


@by_link
def set_up(request: HttpRequest, secret: str) -> HttpResponse:
    """The owner makes the first workspace of this installation, and their account unless they are signed in."""
    link = OneTimeLink.by_secret(Purpose.SET_UP, secret)
    if link is None:
        return unusable(request)
    known = request.user if request.user.is_authenticated else None
    form = (NewWorkspaceForm if known else SetUpForm)(request.POST or None, initial=FIRST)
    if request.method == "POST" and form.is_valid():
        owner = known or form.owner()
        try:
            workspace = link.set_up(**form.values, owner=owner)
        except Refused:
            return unusable(request)
        if known is None:
            login(request, owner)
        return redirect(workspace)
    context = {"form": form, "zones": zones(), "currencies": currencies(), "known": known}
    return render(request, "accounts/join/set_up.html", context, status=422 if form.is_bound else 200)


@by_link
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation: a new person names themselves and chooses a password, a known one accepts."""
    invitation = Invitation.by_secret(secret)
    if invitation is None:
        return unusable(request)
    if request.user.is_authenticated:
        return _join_as(request, invitation, request.user)  # type: ignore[arg-type]
    if User.objects.filter(email__iexact=invitation.email).exists():
        return render(request, "accounts/join/sign_in_first.html", {"invitation": invitation})
    form = NewPasswordForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        try:
            member = invitation.accept_as_newcomer(form.cleaned_data["person"], form.cleaned_data["password"])
        except Refused:
            return unusable(request)
        login(request, member.user)
        return redirect(invitation.workspace)
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/join/newcomer.html", context, status=422 if form.is_bound else 200)


def _join_as(request: HttpRequest, invitation: Invitation, person: User) -> HttpResponse:
    fits = person.email.lower() == invitation.email.lower()
    if request.method == "POST" and fits:
        try:
            invitation.accept(person)
        except Refused:
            return unusable(request)
        return redirect(invitation.workspace)
    context = {"invitation": invitation, "fits": fits}
    return render(request, "accounts/join/accept.html", context, status=422 if request.method == "POST" else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether or not the address has an account."""
    if not is_open():
        return render(request, "accounts/join/closed.html")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="signup") or not ratelimit.consume(
            request, action="reset_password", key=email
        ):
            return ratelimit.respond_429(request)
        mail_link(email)
        return render(request, "accounts/join/mailed.html", {"email": email})
    return render(request, "accounts/join/sign_up.html", {"form": form}, status=422 if form.is_bound else 200)


@by_link
def finish_sign_up(request: HttpRequest, secret: str) -> HttpResponse:
    if not is_open():
        raise Http404
    link = OneTimeLink.by_secret(Purpose.SIGN_UP, secret)
    if link is None:
        return unusable(request)
    form = NewPasswordForm(request.POST or None, email=link.email)
    if request.method == "POST" and form.is_valid():
        try:
            person = link.sign_up(form.cleaned_data["person"], form.cleaned_data["password"])
        except Refused:
            return unusable(request)
        login(request, person)
        return redirect("accounts:home")
    context = {"form": form, "email": link.email}
    return render(request, "accounts/join/finish_sign_up.html", context, status=422 if form.is_bound else 200)


def unusable(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, used, revoked, expired and replaced links."""
    return render(request, "accounts/join/unusable.html", status=404)
