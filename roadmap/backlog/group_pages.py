"""Pages of a table in groups, each read from those groups alone that it reaches into.

Rows stand in the order of their groups, which no index has: to find the first fifty, all of the backlog was put in order. Within one group they
stand in an order that an index may have, and how many rows each group has is known from the groups' heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from accounts.models import Member
from listing.pages import SIZE, Page, Sort, cut
from products.models import Product
from roadmap.backlog.grouping import NONE, Group, Grouping
from roadmap.backlog.rows import IN_GROUP, PAGES, with_places


def can_be_read_so(grouping: Grouping, groups: Sequence[Group], within: str | None) -> bool:
    """Not where groups are numbers, days, or an own field's values; nor where the group is gone in which the page before ended."""
    return grouping.is_named_by_text and (within is None or within in _open(groups))


def _open(groups: Sequence[Group]) -> list[str]:
    return [one.token for one in groups if not one.is_folded]


def page_in_groups(
    member: Member,
    product: Product,
    condition: Q,
    grouping: Grouping,
    groups: Sequence[Group],
    sorts: list[Sort],
    *,
    after: str = "",
    within: str | None = None,
    more: tuple[str, ...] = (),
) -> Page[Any]:
    """50 rows after the cursor, whose row was `within` a group; of folded groups none. Raises Refused on a broken cursor."""
    ahead = [one for one in groups if not one.is_folded]
    ahead = ahead[_open(groups).index(within) if within is not None else 0 :]
    more, found = with_places(more, sorts), []
    if ahead and (after or ahead[0].count > SIZE):
        found = _in_one(member, product, condition, grouping, ahead.pop(0), sorts, after, more)
    if ahead and len(found) <= SIZE:
        wanted = SIZE + 1 - len(found)
        filtered = condition & grouping.inside(_reached(ahead, wanted))
        found += PAGES.found(member, product, sorts=sorts, most=wanted, variant=(filtered, more))
    return cut(found, sorts)


def _in_one(
    member: Member,
    product: Product,
    condition: Q,
    grouping: Grouping,
    group: Group,
    sorts: list[Sort],
    after: str,
    more: tuple[str, ...],
) -> list[Any]:
    asked = {"sorts": sorts, "most": SIZE + 1, "after": after, "fixed": len(grouping.sorts)}
    if group.token == NONE:
        return PAGES.found(member, product, **asked, variant=(condition & grouping.inside([NONE]), more))
    return IN_GROUP.found(member, product, group.token, **asked, variant=(grouping.path, condition, more))


def _reached(groups: Sequence[Group], wanted: int) -> list[str]:
    """As many groups as have so many rows."""
    names = []
    for group in groups:
        names.append(group.token)
        wanted -= group.count
        if wanted <= 0:
            break
    return names
