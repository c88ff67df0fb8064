"""Share links as their audience opens them, without an account. Unknown, expired and revoked ones are one and the same 404."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from accounts.attempts import Attempts
from roadmap.exporting import FORMATS
from roadmap.models import OpeningKind, ShareLink, ShareOpening
from roadmap.sharing.page import SharedPage
from roadmap.sharing.slides import slides_of
from ui.errors import answer

PASS_LASTS = timedelta(hours=12)
PASSWORDS = Attempts("share", seconds=600)
LinkView = Callable[..., HttpResponse]


def opened(view: LinkView) -> Callable[..., HttpResponse]:
    """`view(request, link, …)` for an open link whose password, if it has one, was given; else what is said instead."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **arguments: Any) -> HttpResponse:
        link = ShareLink.opened_by(token)
        if link is None:
            return closed(request)
        if link.password_hash and not _has_pass(request, link):
            return redirect("roadmap_public:shared", token)
        return kept_safe(view(request, link, **arguments), link)

    return guarded


@public
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The roadmap for the holder of the link."""
    link = ShareLink.opened_by(token)
    if link is None:
        return closed(request)
    if link.password_hash and not _has_pass(request, link):
        return kept_safe(_ask_password(request, link), link)
    if request.method == "POST":
        return kept_safe(redirect("roadmap_public:shared", token), link)
    if request.headers.get("X-Look") != "again":
        ShareOpening.note(link, OpeningKind.PAGE)
    page = SharedPage(link)
    return kept_safe(_unless_known(request, page), link)


@public
@require_safe
def embed(request: HttpRequest, token: str) -> HttpResponse:
    """The roadmap within a page of one of the sites that the link names. A password is never asked for in a frame: whose page
    is around it, its reader cannot see; and the cookie of one who gave it does not go to other sites' frames."""
    link = ShareLink.opened_by(token)
    if link is None or not link.sites:
        return closed(request)
    if link.password_hash:
        response = render(request, "roadmap/shares/elsewhere.html", {"link": link})
    else:
        ShareOpening.note(link, OpeningKind.EMBED)
        response = render(
            request, "roadmap/shares/shared.html", {"page": SharedPage(link), "link": link, "is_embed": True}
        )
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    response._csp_replace = {"frame-ancestors": link.sites}  # type: ignore[attr-defined]
    return kept_safe(response, link)


@public
@require_safe
@opened
def present(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """The roadmap as slides. Their order is in the address, so that a speaker keeps theirs as a bookmark."""
    ShareOpening.note(link, OpeningKind.PAGE)
    page = SharedPage(link)
    slides = slides_of(page, request.GET.get("order", "")[:200])
    return render(request, "roadmap/shares/present.html", {"page": page, "link": link, "slides": slides})


def closed(request: HttpRequest) -> HttpResponse:
    """The one answer to what does not open, whatever the reason."""
    return kept_safe(answer(request, 404, _("This link is not open. Ask the person who sent it for a new one.")))


def kept_safe(response: HttpResponse, link: ShareLink | None = None) -> HttpResponse:
    """Found by no search engine, told to no other site, in no shared cache. A browser may keep what has no password, and asks each
    time whether it is still so: the answer of a link that was revoked is 404. Its own site is told where a form stood: without that
    the form's origin is “null”, and what it sends is refused."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    may_keep = link is not None and not link.password_hash and response.status_code in (200, 304)
    response["Cache-Control"] = "private, no-cache" if may_keep else "private, no-store"
    return response


def _unless_known(request: HttpRequest, page: SharedPage) -> HttpResponse:
    """The page, or 304 where the browser has this very one."""
    link = page.link
    get_token(request)  # the page has one: it is part of what a browser keeps
    seen = (
        page.body, page.title, page.roadmap.cut_said, str(page.today), link.audience, link.note, str(link.expires_at), link.workspace.name, get_language(),
        request.COOKIES.get("theme", ""), request.META.get("CSRF_COOKIE", ""), str(link.shared_by), link.product.stage if link.product else "",
    )  # fmt: skip
    mark = f'"{sha256(repr(seen).encode()).hexdigest()[:32]}"'
    if not link.password_hash and request.headers.get("If-None-Match", "").removeprefix("W/") == mark:
        response = HttpResponse(status=304)
    else:
        capability = [link.public_id, link.feed_signature]
        context = {
            "page": page, "link": link, "formats": FORMATS.values(), "feed": reverse("roadmap_public:changes", args=capability),
            "calendar": reverse("roadmap_public:calendar", args=capability) if link.allows("dates") else "",
        }  # fmt: skip
        response = render(request, "roadmap/shares/shared.html", context)
    if not link.password_hash:
        response["ETag"] = mark
    return response


def _ask_password(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """Nothing of the workspace is named before the password is right."""
    error, status = "", 200
    if request.method == "POST":
        if not PASSWORDS.count(request, link.public_id):
            error, status = _("Too many tries. Wait ten minutes, then try again."), 429
        elif link.admits(request.POST.get("password", "")[:200]):
            return _let_in(request, link)
        else:
            error, status = _("That is not the password of this link. Check it and try again."), 422
    response = render(request, "roadmap/shares/password.html", {"error": error}, status=status)
    if status == 429:
        response["Retry-After"] = str(PASSWORDS.seconds)
    return response


def _let_in(request: HttpRequest, link: ShareLink) -> HttpResponse:
    PASSWORDS.forget(link.public_id)
    response = redirect("roadmap_public:shared", link.token)
    response.set_cookie(
        _cookie(link), link.pass_value, max_age=int(PASS_LASTS.total_seconds()), httponly=True,
        samesite="Lax", secure=request.is_secure(), path=f"/s/{link.token}/",
    )  # fmt: skip
    return response


def _has_pass(request: HttpRequest, link: ShareLink) -> bool:
    return constant_time_compare(request.COOKIES.get(_cookie(link), ""), link.pass_value)


def _cookie(link: ShareLink) -> str:
    return f"share_{link.public_id}"
