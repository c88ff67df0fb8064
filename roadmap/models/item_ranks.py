"""The texts by which items stand in one total order of their product (roadmap/backlog/ranks.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.prepared import Prepared
from accounts.refusals import Refused
from changes.writing import write
from products.models.product import ItemCounter
from roadmap.backlog import ranks

if TYPE_CHECKING:
    from roadmap.models.item import Item

#: Whoever draws numbers or ranks of a product holds this row.
COUNTER = Prepared(lambda product: ItemCounter.objects.filter(product=product).select_for_update())


class Order:
    """Who stands where. `items` gives the queryset of all items."""

    def __init__(self, items: Callable[[], Any]) -> None:
        #: The highest rank of a product.
        self.last = Prepared(
            lambda product: items().filter(product=product).order_by("-rank").values_list("rank", flat=True)[:1]
        )
        #: The lowest, but for one item.
        self.first = Prepared(
            lambda product, pk: items().others(product, pk).order_by("rank").values_list("rank", flat=True)[:1]
        )
        #: Those of an item, unless it is in the bin, and of the one beyond it.
        self.beside = Prepared(
            lambda product, pk, anchor, upwards: (
                items().others(product, pk).beside(anchor, upwards).values_list("rank", flat=True)
            )
        )

    def gap(self, item: Item, after: Item | None, before: Item | None) -> tuple[str | None, str | None]:
        """The ranks between which an item stands right after the one, or right before the other, or first. Raises Refused."""
        anchor = after or before
        if anchor is None:
            return None, self.first.first(item.product_id, item.pk)
        upwards = after is not None
        found: list[str | None] = self.beside.rows(item.product_id, item.pk, anchor.pk, variant=(upwards,))
        if not found:
            raise Refused(_("The item beside that place is gone. Reload the backlog and try again."))
        rank, neighbour = [*found, None][:2]
        return (rank, neighbour) if upwards else (neighbour, rank)


def put_between(item: Item, low: str | None, high: str | None) -> bool:
    """Give an item a rank between these two, unless it has one. Under the counter's lock."""
    try:
        item.refresh_from_db(fields=["rank"], from_queryset=type(item)._base_manager.filter(product=item.product_id))
    except ObjectDoesNotExist:
        raise Refused(_("This item is gone from this backlog. Reload it and try again.")) from None
    if ranks.lies_between(item.rank, low, high):
        return False
    item.rank = ranks.between(low, high)
    write(item, ["rank"])
    if len(item.rank) > ranks.LONGEST:
        spread_ranks(item.product_id)
        item.refresh_from_db(fields=["rank"])
    return True


def spread_ranks(product_id: int) -> None:
    """Give all items of a product, those in the bin too, short ranks again in the same order. Under the counter's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM roadmap_item WHERE product_id = %s ORDER BY rank", [product_id])
        rows = [row for (row,) in cursor.fetchall()]
        cursor.execute(
            "UPDATE roadmap_item SET rank = fresh.rank FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, rank)"
            " WHERE roadmap_item.id = fresh.id",
            [rows, ranks.several_between(None, None, len(rows))],
        )


def find_room(rows: Any, ids: list[int]) -> None:
    """A rank that was turned back may be taken by now: put the item right after the one that has it. `rows` are all items,
    those in the bin too. One statement where none is taken."""
    same = rows.filter(product=OuterRef("product"), rank=OuterRef("rank")).exclude(pk=OuterRef("pk"))
    for item in rows.filter(Exists(same), pk__among=ids).order_by("rank"):
        of_product = rows.filter(product=item.product_id)
        if of_product.filter(rank=item.rank).exclude(pk=item.pk).exists():
            following = of_product.filter(rank__gt=item.rank).order_by("rank").values_list("rank", flat=True).first()
            item.rank = ranks.between(item.rank, following)
            item.save(update_fields=["rank"])
