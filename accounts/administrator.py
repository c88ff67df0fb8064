"""The installation's administrator: who set it up, and so may see what belongs to no workspace."""

from __future__ import annotations

from typing import Any

from accounts.models import Member, User
from accounts.roles import Role


def administrator() -> User | None:
    """The first owner of the first workspace; None while there is no workspace with an owner."""
    owners = Member.objects.current().filter(role=Role.OWNER).select_related("user")
    owner = owners.order_by("workspace_id", "joined_at", "pk").first()
    return owner.user if owner else None


def is_administrator(user: Any) -> bool:
    """Whether this person, or AnonymousUser, is the administrator."""
    return user.is_authenticated and user == administrator()
