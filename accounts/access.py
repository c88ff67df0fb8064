"""Who may do what, in one place. Nothing else compares roles.

Pages: `@member_required(Role.MANAGER)` turns the workspace in the URL into `request.member`, and a place in the URL
(a product's key) into `request.product`, before it asks for the role. Strangers get 404, members without the role 403,
the signed-out are sent to the sign-in page. `@public` marks what anybody may open; a URL that is marked as neither
fails the build (tests/test_access.py walks them all).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from accounts import presence
from accounts.actors import Actor
from accounts.models import Member
from accounts.places import Guarded, places
from accounts.roles import Role
from accounts.signed_in import memberships_of
from accounts.together import Later, Together

View = Callable[..., HttpResponse]
READING = ("GET", "HEAD", "OPTIONS")


def require(member: Member, role: Role, at: Guarded | None = None) -> None:
    """Raise PermissionDenied (403) unless the role that holds for `member` at `at` reaches `role`."""
    if not member.may(role, at=at):
        raise PermissionDenied


def member_required(role: Role = Role.VIEWER) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, workspace: str, **arguments: Any) -> HttpResponse:
            asked: dict[str, Later] = {}
            memberships = memberships_of(request, partial(_ask_places, asked, workspace, arguments))
            if not request.user.is_authenticated:
                return to_sign_in(request)
            member = member_at(workspace, memberships)
            request.memberships = memberships  # the workspace switcher on the same page needs them
            request.member, request.workspace, request.actor = member, member.workspace, Actor.of(member)
            remember_while_reading(request, member)
            place = _resolve_places(request, member, arguments, asked)
            require(member, role, at=place)
            request.place = place
            presence.note(member)
            with timezone.override(member.zone):
                response = view(request, **arguments)
            return _keep_workspace(request, response)

        guarded.access = role
        return guarded

    return decorate


def member_at(slug: str, memberships: Iterable[Member]) -> Member:
    """The one of them in the workspace `slug`; Http404 if there is none."""
    for member in memberships:
        if member.workspace.slug == slug:
            return member
    raise Http404


def remember_while_reading(request: HttpRequest, member: Member) -> None:
    """A request that only reads asks once what `member` may see: nothing of its own doing can change that."""
    if request.method in READING:
        remember(member)


def remember(member: Member) -> None:
    """For what changes rows but nobody's reach, as an item's fields: ask once what `member` may see."""
    member.memory = {}
    if hasattr(member, "places"):
        places.remember(member, member.places)


def roles_to_give(member: Member) -> list[Role]:
    """The workspace roles that `member` may give to others: admins any but owner, owners all."""
    if not member.may(Role.ADMIN):
        return []
    return [role for role in Role if role < Role.OWNER or member.may(Role.OWNER)]


def may_look_after(member: Member, other: Member) -> bool:
    """Whether `member` may change the role of `other` or remove them: admins look after all but owners."""
    return member.may(Role.OWNER) or (member.may(Role.ADMIN) and not other.may(Role.OWNER))


def public(view: View) -> View:
    """Anybody may open this page; the view itself reads through `.public()` or checks a secret."""
    view.access = "public"
    return view


def signed_in(view: View) -> View:
    """Any person with an account, whatever workspaces they belong to."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.access = "signed in"
    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """A whole-page redirect, also for htmx, so that the sign-in page is never swapped into a card."""
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        back = request.headers.get("HX-Current-URL", "/")
        path = "/" + back.split("/", 3)[3] if back.count("/") >= 3 else "/"
        response["HX-Redirect"] = redirect_to_login(path, resolve_url("account_login")).url
        return response
    return redirect_to_login(request.get_full_path(), resolve_url("account_login"))


WORKSPACE_COOKIE = "workspace"


def _keep_workspace(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`/` leads to the workspace that this browser showed last."""
    if request.COOKIES.get(WORKSPACE_COOKIE) != request.workspace.slug and response.status_code < 400:
        response.set_cookie(
            WORKSPACE_COOKIE,
            request.workspace.slug,
            max_age=timedelta(days=365),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def _ask_places(
    asked: dict[str, Later], workspace: str, arguments: dict[str, Any], together: Together, user: int
) -> None:
    """What the address names is read with the person: one statement less on every page of a product."""
    for argument, ask in places.askers.items():
        if argument in arguments:
            asked[argument] = ask(together, user, workspace, arguments[argument])


def _resolve_places(
    request: HttpRequest, member: Member, arguments: dict[str, Any], asked: dict[str, Later]
) -> Guarded | None:
    place = None
    for argument, (attribute, resolve) in places.resolvers.items():
        if argument in arguments:
            found = [asked[argument]()] if argument in asked else []
            place = resolve(member, arguments.pop(argument), *found)
            setattr(request, attribute, place)
    return place
