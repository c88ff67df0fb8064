"""Share links: made and revoked by members, opened by their audience without an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required, public
from accounts.attempts import Attempts
from accounts.prepared import Prepared
from accounts.roles import Role
from changes.models import Change
from roadmap.forms import ShareForm
from roadmap.models import ShareLink
from roadmap.shared_map import SharedMap
from roadmap.sharing import shared_roadmap
from ui.errors import answer
from ui.pages import render_page

PASS_LASTS = timedelta(hours=12)
PASSWORDS = Attempts("share", seconds=600)
LISTED = 100
NEWEST = Prepared(
    lambda member, product: ShareLink.objects.visible_to(member).of(product).select_related("workspace")[:LISTED]
)
CHANGES = Prepared(
    lambda member, ids: Change.objects.visible_to(member).filter(pk__among=ids).select_related("member__user")
)


@member_required(Role.MANAGER)
def shares(request: HttpRequest) -> HttpResponse:
    """The product's links, and the form of a new one."""
    form = ShareForm(request.POST or None, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        link = ShareLink.open_to(request.product, by=request.actor, **form.values)
        messages.success(request, _("The link for %(audience)s is open") % {"audience": link.audience})
        return redirect("roadmap:shares", request.workspace.slug, request.product.key)
    context = {"form": form, "links": _links(request), "origin": request.build_absolute_uri("/")[:-1]}
    return render_page(request, "roadmap/shares/shares.html", context, status=422 if form.errors else 200)


def _links(request: HttpRequest) -> list[Any]:
    """The newest first, each with its `last` change: who opened or revoked it, and when."""
    links: list[Any] = NEWEST.rows(request.member, request.product)
    by_id = {one.pk: one for one in CHANGES.rows(request.member, [link.change_id for link in links])} if links else {}
    for link in links:
        link.last = by_id.get(link.change_id)
    return links


@require_POST
@member_required(Role.MANAGER)
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    links = ShareLink.objects.visible_to(request.member).of(request.product).select_related("workspace")
    link = get_object_or_404(links, public_id=public_id)
    link.revoke(by=request.actor)
    messages.success(request, _("The link for %(audience)s is closed") % {"audience": link.audience})
    return redirect("roadmap:shares", request.workspace.slug, request.product.key)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The roadmap for the holder of the link. Unknown, expired and revoked links are one and the same 404."""
    link = ShareLink.opened_by(token)
    if link is None:
        return _guarded(answer(request, 404, _("This link is not open. Ask the person who sent it for a new one.")))
    if link.password_hash and not _has_pass(request, link):
        return _guarded(
            _ask_password(request, link), referrer="same-origin"
        )  # a form without any has the origin “null"
    if request.method == "POST":
        return redirect("roadmap_public:shared", token)
    today, roadmap = link.workspace.today(), shared_roadmap(link)
    drawn = SharedMap(roadmap, product=link.product.name, stage=link.product.stage, today=today)
    context = {"link": link, "roadmap": roadmap, "drawn": drawn, "today": today, "workspace": link.workspace}
    return _guarded(render(request, "roadmap/shares/shared.html", context))


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


def _guarded(response: HttpResponse, referrer: str = "no-referrer") -> HttpResponse:
    """Found by no search engine, told to no other site, kept by no cache."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = referrer
    response["Cache-Control"] = "private, no-store"
    return response
