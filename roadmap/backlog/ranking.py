"""Many items to one place in the order: the top, the bottom, a position, or beside another item; in the order they had."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.refusals import Refused
from changes.models import Change
from products.models import Product
from products.models.product import ItemCounter
from roadmap.backlog import ranks
from roadmap.models import Item
from roadmap.models.item_ranks import spread_ranks

TOP, BOTTOM = "top", "bottom"
AT_ONCE = 500  #: more are moved by a job, with progress


def put(
    rows: Any,
    product: Product,
    *,
    by: Actor | Change,
    place: str = "",
    after: Item | None = None,
    before: Item | None = None,
) -> tuple[int, list[Item]]:
    """Move `rows` together. `place` is top, bottom or a position from 1 on; else right after `after` or right before `before`.

    Ranks are computed under the product's lock and written in one statement. Returns the Change's id, 0 where they stand there already, and
    the items.
    """
    with Change.open("item.ranked", by=by, workspace=product.workspace, quiet=True) as change:
        ItemCounter.objects.select_for_update().get(product=product.pk)
        items = list(rows.order_by("rank").only("pk", "number", "product", "rank"))
        if not items:
            raise Refused(_("Choose the items that you want to move first."))
        ids = [item.pk for item in items]
        low, high = _gap(product, ids, place, after, before)
        if all(ranks.lies_between(item.rank, low, high) for item in items):
            return 0, items
        fresh = ranks.several_between(low, high, len(ids))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE roadmap_item SET rank = fresh.rank FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, rank)"
                " WHERE roadmap_item.id = fresh.id",
                [ids, fresh],
            )
        if max(map(len, fresh)) > ranks.LONGEST:
            spread_ranks(product.pk)
        for number in [item.number for item in items] if len(items) <= 20 else ["*"]:
            change.tell("item", number, product_id=product.pk)
    return change.pk, items


def _gap(
    product: Product, moved: list[int], place: str, after: Item | None, before: Item | None
) -> tuple[str | None, str | None]:
    """The ranks between which they go; None is the respective end."""
    others = Item.objects.with_deleted().of(product).exclude(pk__in=moved)
    there = others.filter(deleted_at=None)
    if place == BOTTOM:
        return others.order_by("-rank").values_list("rank", flat=True).first(), None
    anchor = after or before
    if anchor is not None:
        rank = there.filter(pk=anchor.pk).values_list("rank", flat=True).first()
        if rank is None:
            raise Refused(_("The item beside that place is gone. Reload the backlog and try again."))
    else:
        position = _position(place)
        rank = there.order_by("rank").values_list("rank", flat=True)[position - 1 : position].first()
        if rank is None:  # behind the last one
            return others.order_by("-rank").values_list("rank", flat=True).first(), None
    if after is not None:
        return rank, others.filter(rank__gt=rank).order_by("rank").values_list("rank", flat=True).first()
    return others.filter(rank__lt=rank).order_by("-rank").values_list("rank", flat=True).first(), rank


def refuse_impossible(place: str, beside: Item | None) -> None:
    """Raises Refused for what is no place, before a job is asked to put items there."""
    if beside is None and place != BOTTOM:
        _position(place)


def _position(place: str) -> int:
    if place == TOP:
        return 1
    if not (place.isascii() and place.isdigit() and int(place[:9]) >= 1 and len(place) < 10):
        raise Refused(_("A position is a number from 1 on."))
    return int(place)
