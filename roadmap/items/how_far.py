"""How far an item has come, and from where that is known, as its page says it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import ngettext

from roadmap.models import Category, Item, Requirement
from roadmap.models.dates import ProgressFrom
from roadmap.plans.progress import Counted, progress_of
from ui.words import gettext as _

NOTHING: Counted = (0, 0)


def counts_of(item: Item) -> tuple[Counted, Counted]:
    """Items below and requirements: how many count, how many of them are done. `counts_later`, where the item's page has both at hand,
    answers without asking again."""
    later: Any = item.__dict__.get("counts_later")
    if later is not None:
        counts: tuple[Counted, Counted] = later()
        return counts
    below = item.children.exclude(status__category=Category.DROPPED)
    shipped = Count("pk", filter=Q(status__category=Category.SHIPPED))
    items = below.aggregate(count=Count("pk"), done=shipped) if item.is_epic else {}
    required = Requirement.objects.filter(item=item).aggregate(count=Count("pk"), done=Count("done_at"))
    return (items.get("count", 0), items.get("done", 0)), (required["count"], required["done"])


def told(item: Item) -> str:
    """“40% · 2 of 5 items below shipped”."""
    if item.status.category == Category.SHIPPED:
        return _("100%, shipped")
    if item.progress_from == ProgressFrom.HAND:
        return _("Set by hand")
    items, requirements = counts_of(item)
    percent = progress_of(item.progress_from, None, shipped=False, items=items, requirements=requirements)
    by_items = item.progress_from == ProgressFrom.ITEMS or (item.progress_from == ProgressFrom.AUTO and items[0])
    count, done = items if by_items else requirements
    if not count:
        return _nothing_counted(item)
    if by_items:
        words = ngettext(
            "%(percent)d%% · %(done)d of %(count)d item below shipped",
            "%(percent)d%% · %(done)d of %(count)d items below shipped", count,
        )  # fmt: skip
    else:
        words = ngettext(
            "%(percent)d%% · %(done)d of %(count)d requirement done",
            "%(percent)d%% · %(done)d of %(count)d requirements done", count,
        )  # fmt: skip
    return words % {"percent": percent, "done": done, "count": count}


def _nothing_counted(item: Item) -> str:
    if item.progress_from == ProgressFrom.ITEMS:
        return _("From items below, of which there are none")
    if item.progress_from == ProgressFrom.REQUIREMENTS:
        return _("From requirements, of which there are none")
    return _("Automatic") if item.progress is not None else _("Automatic, nothing to count yet")


def takes_number(item: Item) -> bool:
    """Whether the number that is set by hand is what counts of this item."""
    if item.status.category == Category.SHIPPED:
        return False
    if item.progress_from == ProgressFrom.AUTO and item.progress is not None:
        return not any(count for count, _done in counts_of(item))
    return item.progress_from == ProgressFrom.HAND
