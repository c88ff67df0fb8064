"""What follows when an item gets another status, or comes back from the bin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from changes.models import Change
from roadmap.models.item_columns import PROPOSED_HORIZON
from roadmap.models.status import Category

if TYPE_CHECKING:
    from roadmap.models.item import Item


#: What items (ids) that came back take along, within the same Change: how much of it had to give way.
on_return: list[Callable[[list[int], Change], int]] = []


def came_back(ids: list[int], change: Change) -> int:
    return sum(take_along(ids, change) for take_along in on_return)


def follow_status(item: Item, change: Change, *, horizon_given: bool = False) -> dict[str, Any]:
    """Shipping day and proposed horizon follow the status. Sets them; returns what was set."""
    category = Category(item.status.category)
    followed: dict[str, Any] = {}
    if category == Category.SHIPPED and item.shipped_at is None:
        followed["shipped_at"] = change.at
    elif category != Category.SHIPPED and item.shipped_at is not None:
        followed["shipped_at"] = None
    if not horizon_given and not item.horizon and category in PROPOSED_HORIZON:
        followed["horizon"] = PROPOSED_HORIZON[category]
    for name, value in followed.items():
        setattr(item, name, value)
    return followed
