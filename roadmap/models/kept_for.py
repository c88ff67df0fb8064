"""Who turns back changes of what is kept for some: one's own is one's own, what is for others too takes what changing it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import Member, TeamMember
from accounts.roles import Role
from changes.models import Change
from products.models import Product

#: What the filters of all that is kept follow, see kept_filters.
FOLLOWED = {"item_type.removed", "status.removed"}


class KeptFor:
    """For nouns with `owner`, `is_shared` and `team` (see changes.undo.require_undo_right)."""

    @classmethod
    def require_undo(
        cls, change: Change, ids: list[int], before: Iterable[tuple[list[str], Mapping[str, Any]]], member: Member
    ) -> None:
        """Nothing where they only followed what was removed: whoever may bring that back does so with them. Else Http404 where a row is out of the member's sight, PermissionDenied where it is not theirs to change, or where it would be
        for a team or for everybody again (`before`: the columns that go back, and the state to which) and they may not keep one for these."""
        if _first_of(change).verb in FOLLOWED:
            return
        known = cls.objects.with_deleted()  # type: ignore[attr-defined]
        others = list(known.filter(pk__in=ids).exclude(owner=member.pk))
        seen = set(known.visible_to(member).filter(pk__in=[row.pk for row in others]).values_list("pk", flat=True))
        if any(row.pk not in seen for row in others):
            raise Http404
        if not all(row.may_be_changed_by(member) for row in others):
            raise PermissionDenied
        for columns, state in before:
            if not {"is_shared", "team_id"}.intersection(columns):
                continue
            product = Product.objects.filter(pk=state["product_id"]).first() if "product_id" in state else None
            if state["is_shared"] and not member.may(Role.MANAGER, at=product):
                raise PermissionDenied
            if state["team_id"] and not TeamMember.objects.filter(team=state["team_id"], member=member.pk).exists():
                raise PermissionDenied


def _first_of(change: Change) -> Change:
    """What an undo, or an undo of one, is about."""
    while change.undoes is not None:
        change = change.undoes
    return change
