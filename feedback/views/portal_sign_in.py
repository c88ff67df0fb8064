"""Contacts sign in with a one-time code by mail. Nobody learns from it who is known here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.attempts import Attempts
from feedback import guests
from feedback.forms.portal import AddressForm, CodeForm
from feedback.guests import PortalRequest, portal_page
from feedback.models import Contact, PortalCode
from ui.pages import render_page

CODES_SENT = Attempts("portal-send")
CODES_TRIED = Attempts("portal-code")


@portal_page(door=True)
def sign_in(request: PortalRequest) -> HttpResponse:
    """Ask for a code. The answer is the same whoever has the address."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not CODES_SENT.count(request, _key(request, email)):
            return _too_many(request, form)
        PortalCode.send(request.portal, email)
        response = redirect(_code_page(request))
        guests.remember_address(request, response, email)
        return response
    status = 422 if request.method == "POST" else 200
    return _page(request, "sign_in", form, status)


@portal_page(door=True)
def code(request: PortalRequest) -> HttpResponse:
    """Try a code for the address it was asked for."""
    email = guests.address_asked(request)
    if not email:
        return redirect("portal:sign_in", request.portal.workspace.slug)
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "code", form, 422 if request.method == "POST" else 200, email=email)
    if not CODES_TRIED.count(request, _key(request, email)):
        return _too_many(request, form, "code", email=email)
    if not PortalCode.redeem(request.portal, email, form.cleaned_data["code"]):
        form.add_error("code", _("This code is wrong, used or too old. Check it, or ask for a new one."))
        return _page(request, "code", form, 422, email=email)
    CODES_TRIED.forget(_key(request, email))
    response = redirect(guests.way_back(request))
    guests.sign_in(request, response, Contact.come_in(request.portal.workspace, email))
    guests.forget_address(request, response)
    return response


@require_POST
@portal_page(door=True)
def sign_out(request: PortalRequest) -> HttpResponse:
    response = redirect(guests.home(request))
    guests.sign_out(request, response)
    return response


def _key(request: PortalRequest, email: str) -> str:
    return f"{request.portal.workspace_id}:{email.lower()}"


def _code_page(request: PortalRequest) -> str:
    url = reverse("portal:code", args=[request.portal.workspace.slug])
    back = guests.way_back(request)
    return url if back == guests.home(request) else f"{url}?{urlencode({'next': back})}"


def _too_many(request: PortalRequest, form: AddressForm | CodeForm, page: str = "sign_in", **more: str) -> HttpResponse:
    form.add_error(None, _("Too many tries. Wait a quarter of an hour, then try again."))
    response = _page(request, page, form, 429, **more)
    response["Retry-After"] = str(CODES_TRIED.seconds)
    return response


def _page(request: PortalRequest, page: str, form: AddressForm | CodeForm, status: int, **more: str) -> HttpResponse:
    context = {"form": form, "portal": request.portal, "next": guests.way_back(request), **more}
    return render_page(request, f"portal/{page}.html", context, status=status)
