"""Statements that are composed once: Django builds the text of a query anew each time, which costs more than its answer.

    open_items = Prepared(lambda member, product: Item.objects.visible_to(member).of(product).open())
    sql, values = open_items.statement(request.member, request.product)

The queryset is built with stand-ins for member and product; where their ids stand in its parameters, the true ones are put
later. Everything else in it must be the same for everybody: a moment or a day among its parameters is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from accounts.access import places
from accounts.models import Member

#: Ids that no row will ever have.
MEMBER, WORKSPACE, PRODUCT, SEEN = (-9_000_000_000_000_000_000 - n for n in range(4))


class Prepared:
    """`build(member)` or `build(member, product)` gives the queryset; it may ask for the member's role, nothing else."""

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self._texts: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}

    def statement(self, member: Member, *at: Any) -> tuple[str, list[Any]]:
        """SQL and its values for this member (and product)."""
        key = (member.role, len(at))
        if key not in self._texts:
            self._texts[key] = self._compose(member, *at)
        sql, parameters = self._texts[key]
        known = {MEMBER: member.pk, WORKSPACE: member.workspace_id, PRODUCT: at[0].pk if at else None}
        values: list[Any] = []
        for one in parameters:
            if one == [SEEN]:
                values.append(places.seen_ids(member))
            else:
                values.append(known.get(one, one) if isinstance(one, int) else one)
        return sql, values

    def _compose(self, member: Member, *at: Any) -> tuple[str, tuple[Any, ...]]:
        stand_in = Member(pk=MEMBER, workspace_id=WORKSPACE, role=member.role)
        places.pretend_to_see(stand_in, SEEN)
        rows = self.build(stand_in, *(type(one)(pk=PRODUCT, workspace_id=WORKSPACE) for one in at))
        sql, parameters = rows.query.sql_with_params()
        for one in parameters:
            if isinstance(one, dt.date | dt.time):
                raise TypeError("A moment would be frozen into this statement. Compose it each time instead.")
        return sql, tuple(parameters)
