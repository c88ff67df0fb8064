"""The installation's administrator: who set it up, and so may see what belongs to no workspace."""

from __future__ import annotations

from typing import Any

from accounts.models import Member, User
from accounts.prepared import Prepared
from accounts.roles import Role


def administrator() -> User | None:
    """The first owner of the first workspace; None while there is no workspace with an owner."""
    owner = FIRST_OWNER.first()
    return owner.user if owner else None


FIRST_OWNER = Prepared(
    lambda: (
        Member.objects.current()
        .filter(role=Role.OWNER)
        .select_related("user")
        .order_by("workspace_id", "joined_at", "pk")[:1]
    )
)


def is_administrator(user: Any) -> bool:
    """Whether this person, or AnonymousUser, is the administrator."""
    return user.is_authenticated and user == administrator()
