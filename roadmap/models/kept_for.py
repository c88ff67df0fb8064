"""Who turns back changes of what is kept for some: one's own is one's own, what is for others too takes what changing it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import Member, TeamMember
from accounts.roles import Role
from products.models import Product


class KeptFor:
    """For nouns with `owner`, `is_shared` and `team` (see changes.undo.require_undo_right)."""

    @classmethod
    def require_undo(
        cls, ids: list[int], before: Iterable[tuple[list[str], Mapping[str, Any]]], member: Member
    ) -> None:
        """Http404 where a row is out of the member's sight, PermissionDenied where it is not theirs to change, or where it would be
        for a team or for everybody again (`before`: the columns that go back, and the state to which) and they may not keep one for these."""
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
