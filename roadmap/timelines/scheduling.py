"""New days for many items at once: one Change, and so one undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import check_unseen_changes
from changes.models import Change
from changes.writing import changed_since, differing
from products.models import Product
from roadmap.models import Item
from roadmap.models.dates import keep_to_quarters
from roadmap.timelines.dependencies import Span, pushed
from roadmap.timelines.needs import OPEN_NEEDS, Need

TOLD = 20  #: of so many items each is told by itself
MOST = 500  #: bars that are moved together
MOVE = (
    "UPDATE roadmap_item SET starts_on = fresh.starts_on, ends_on = fresh.ends_on"
    " FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS fresh (id, starts_on, ends_on) WHERE roadmap_item.id = fresh.id"
)


@dataclass(frozen=True)
class Step:
    """An item's new days, both or neither, and the version of it that the person saw."""

    number: int
    starts_on: date | None
    ends_on: date | None
    seen: int | None = None


def reschedule(
    product: Product,
    steps: Sequence[Step],
    member: Member,
    lane: Mapping[str, Any],
    *,
    by: Actor | Change,
    reason: str | None = None,
) -> tuple[int, list[Item]]:
    """Give each item of `product` that `member` sees its new days, and all of them what their new lane sets (objective, release):
    the change (0 where all of them have it already), and the items as they are then.

    Locks them in the order of their ids. Raises Conflict where somebody moved one since it was seen, Refused where one is gone or
    would end before it starts, or slips farther than is passed over in silence without a `reason` (see roadmap/plans/slips.py): then none moves.
    """
    if len(steps) > MOST:
        raise Refused(_("These are too many to move together. Choose at most %(most)d.") % {"most": MOST})
    with Change.open("item.edited", by=by, workspace=product.workspace, reason=reason or "") as change:
        items = {item.number: item for item in _locked(product, [step.number for step in steps], member)}
        moved = []
        for step in steps:
            item = items.get(step.number)
            if item is None:
                raise Refused(_("One of these items is gone. Reload the page and choose anew."))
            check_unseen_changes(item, step.seen, {"starts_on": step.starts_on, "ends_on": step.ends_on, **lane})
            item.product = product
            item.refuse_unexplained_slip({"ends_on": step.ends_on}, reason)
            earlier = dict(vars(item))
            item.starts_on, item.ends_on = step.starts_on, step.ends_on
            keep_to_quarters(item)
            if changed_since(item, earlier, ("starts_on", "ends_on")) or differing(item, lane):
                moved.append(item)
            if item.starts_on and item.ends_on and item.ends_on < item.starts_on:
                raise Refused(_("The end lies before the start. Choose an end on or after the start."))
        if not moved:
            return 0, list(items.values())
        with connection.cursor() as cursor:
            cursor.execute(
                MOVE, [list(one) for one in zip(*((i.pk, i.starts_on, i.ends_on) for i in moved), strict=True)]
            )
        if lane:
            Item.objects.filter(pk__among=[item.pk for item in moved]).update(**lane)
        for item in moved:
            item.change_id = change.pk
        for number in [item.number for item in moved] if len(moved) <= TOLD else ["*"]:
            change.tell("item", number, product_id=product.pk)
    return change.pk, list(items.values())


def waiting_for(item: Item, member: Member) -> dict[str, Span]:
    """By key, the items that wait for `item`, directly or not, and would begin too early: with the days on which they would begin
    after it, and after one another. What `member` does not see stays out, and what is shipped or dropped."""
    if item.starts_on is None or item.ends_on is None:
        return {}
    needs = [Need._make(row) for row in OPEN_NEEDS.rows(member)]
    spans = {one.item: one.span for one in needs} | {one.needs: one.needed_span for one in needs}
    spans[item.key] = Span(item.starts_on, item.ends_on)
    return pushed(spans, [(one.needs, one.item) for one in needs], {item.key})


def move_along(item: Item, member: Member, *, by: Actor | Change) -> tuple[int, list[Item]]:
    """Move all who wait for `item` and would begin too early to after it, as one change, in every product where `member` may.

    Raises Refused when there are none, or none that they may move.
    """
    with Change.open(
        "item.edited", by=by, workspace=item.workspace, reason=_("It waits for %(title)s.") % {"title": item.title}
    ) as change:
        found: dict[str, list[Step]] = defaultdict(list)
        for key, span in waiting_for(item, member).items():
            product, _dash, number = key.rpartition("-")
            found[product].append(Step(int(number), span.starts_on, span.ends_on))
        if not found:
            raise Refused(_("Nothing that waits for this begins too early any more."))
        products = Product.objects.visible_to(member).filter(key__in=found)
        movable = [product for product in products if member.may(Role.MANAGER, at=product)]
        if not movable:
            raise Refused(_("What waits for this belongs to products whose plans you may not change."))
        moved: list[Item] = []
        for product in movable:
            moved += reschedule(product, found[product.key], member, {}, by=change)[1]
    return change.pk, moved


def _locked(product: Product, numbers: Iterable[int], member: Member) -> list[Item]:
    rows = Item.objects.visible_to(member).of(product).filter(number__in=sorted(set(numbers)))
    return list(
        rows.select_related("status").defer("search", "description").order_by("pk").select_for_update(of=("self",))
    )
