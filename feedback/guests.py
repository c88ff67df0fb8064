"""Who is at the portal: the holder of a portal cookie. It has nothing to do with members' sessions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts.access import public
from feedback.models import Contact, Portal, PortalSession
from feedback.models.sign_in import CODE_LASTS, SESSION_LASTS

COOKIE = "portal_guest"
ADDRESS = "portal_address"

View = Callable[..., HttpResponse]


class PortalRequest(HttpRequest):
    """What `portal_page` makes of a request."""

    portal: Portal
    guest: Any  # a Contact, or None where nobody is signed in


def portal_page(*, signed_in: bool = False, door: bool = False) -> Callable[[View], View]:
    """A page of the portal: sets `request.portal` and `request.guest` (a Contact or None).

    A closed portal does not exist (404). Of a private one the signed-out see the sign-in pages alone (`door`);
    `signed_in` sends them there from a public one too.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, workspace: str, **arguments: Any) -> HttpResponse:
            portal = Portal.at(workspace)
            if portal is None:
                raise Http404
            request.portal, request.guest = portal, guest_of(request, portal)
            if request.guest is None and not door and (signed_in or not portal.is_public):
                return to_sign_in(request)
            response = view(request, **arguments)
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        return public(guarded)

    return decorate


def guest_of(request: HttpRequest, portal: Portal) -> Contact | None:
    secret = request.COOKIES.get(COOKIE, "")
    return PortalSession.contact_of(secret, portal) if secret else None


def sign_in(request: PortalRequest, response: HttpResponse, contact: Contact) -> None:
    """A new secret at every sign-in; an older one of this browser ends."""
    sign_out(request, response)
    _set(request, response, COOKIE, PortalSession.start(contact), int(SESSION_LASTS.total_seconds()))


def sign_out(request: PortalRequest, response: HttpResponse) -> None:
    PortalSession.end(request.COOKIES.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path=home(request))


def remember_address(request: PortalRequest, response: HttpResponse, email: str) -> None:
    """Which address the code was asked for, until it expires. Whoever changes the cookie needs that address's code."""
    _set(request, response, ADDRESS, email, int(CODE_LASTS.total_seconds()))


def address_asked(request: PortalRequest) -> str:
    return request.COOKIES.get(ADDRESS, "")[:254]


def forget_address(request: PortalRequest, response: HttpResponse) -> None:
    response.delete_cookie(ADDRESS, path=home(request))


def to_sign_in(request: PortalRequest) -> HttpResponse:
    """To the sign-in page and afterwards back; a whole page also for htmx."""
    back = request.get_full_path() if request.method == "GET" else home(request)
    url = f"{reverse('portal:sign_in', args=[request.portal.workspace.slug])}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def way_back(request: PortalRequest) -> str:
    """Where `next` leads, if that is a page of this portal."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(home(request))
    return wanted if own else home(request)


def home(request: PortalRequest) -> str:
    return reverse("portal:ideas", args=[request.portal.workspace.slug])


def _set(request: PortalRequest, response: HttpResponse, name: str, value: str, seconds: int) -> None:
    """Only for this portal's pages, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        name, value, max_age=seconds, path=home(request), httponly=True, samesite="Lax", secure=request.is_secure()
    )
