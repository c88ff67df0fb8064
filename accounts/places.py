"""Things that have a role of their own, and who sees them: products. Filled in by their app, so that accounts need not know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q, TextField, Value

if TYPE_CHECKING:
    from accounts.models import Member
    from accounts.roles import Role
    from accounts.together import Later, Together


class Guarded(Protocol):
    """A thing that may give members another role for itself: a product."""

    def role_given_to(self, member: Member) -> Role | None: ...


class Places:
    """Things that have a role of their own: products. Filled in AppConfig.ready(), so that accounts need not know them."""

    def __init__(self) -> None:
        self.resolvers: dict[str, tuple[str, Callable[..., Guarded]]] = {}
        self.askers: dict[str, Callable[[Together, int, str, str], Later]] = {}
        self.visible: Callable[[Member, set[int]], dict[int, Guarded]] = lambda member, ids: {}
        #: The condition that a field of this name leads to something that the member sees.
        self.through: Callable[[Member, str], Q] = lambda member, field: Q(pk__in=[])
        self.seen_ids: Callable[[Member], list[int]] = lambda member: []
        #: What each of the members of a statement sees, as a column of it: where a member is read, this needs no statement of its own.
        self.seen_by_each: Callable[[], Any] = lambda: Value(None, output_field=TextField())
        #: Such a column's value is kept for the member who is reading.
        self.remember: Callable[[Member, Any], None] = lambda member, seen: None
        #: For a stand-in (accounts/prepared.py): from now on it sees one place, with this id.
        self.pretend_to_see: Callable[[Member, int], None] = lambda member, id: None

    def register(
        self,
        argument: str,
        attribute: str,
        resolve: Callable[..., Guarded],
        ask: Callable[[Together, int, str, str], Later] | None = None,
    ) -> None:
        """URL argument → request attribute. `resolve(member, value)` returns what the member may see, else raises Http404.

        Where `ask(together, user, workspace's slug, value)` reads the place along with the memberships of the person, seen by them or not,
        `resolve` gets the rows too.
        """
        self.resolvers[argument] = (attribute, resolve)
        if ask is not None:
            self.askers[argument] = ask


places = Places()
