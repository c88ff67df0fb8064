"""Who is signed in, with the workspaces they belong to: one statement, where Django would read the person by themselves first."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import Member, User
from accounts.places import places
from accounts.prepared import Prepared
from accounts.together import Together

MEMBERSHIPS = Prepared(
    lambda user: (
        Member.objects.current()
        .filter(user=user)
        .annotate(places=places.seen_by_each())
        .select_related("workspace", "user")
        .order_by("workspace__name", "pk")
    )
)


def memberships_of(request: HttpRequest, beside: Callable[[Together, int], None] | None = None) -> list[Member]:
    """The current memberships of the person who is signed in, by name of the workspace; none for anybody else.

    `beside(together, user's id)` may ask for more in the same statement.

    Where the session vouches for the person, they are `request.user` from now on. Where it does not, by a password that was changed or a
    secret that was rotated, Django's own look at the session decides, and ends it or renews it.
    """
    person = request.session.get(SESSION_KEY)
    if person is None:
        return []
    together = Together()
    memberships = together.ask(MEMBERSHIPS, int(person))
    if beside is not None:
        beside(together, int(person))
    members = memberships()
    if members and session_vouches_for(request, members[0].user):
        request.user = members[0].user
    return members if request.user.is_authenticated else []


def session_vouches_for(request: HttpRequest, user: User) -> bool:
    """What `django.contrib.auth.get_user` asks before it believes a session."""
    session = request.session
    return (
        user.is_active
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )
