"""From an item to the next one of the list in which somebody found it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import Member
from listing.pages import Sort, beside
from products.models import Product
from roadmap.backlog.rows import annotations_of
from roadmap.models import Item


def item_beside(
    member: Member, product: Product, number: int, condition: Q, sorts: list[Sort], *, before: bool = False
) -> int | None:
    """The number of the item after that with this `number` (or before it) among those of `condition` in this order; None at the end.

    The item itself may have left the list meanwhile. Raises Item.DoesNotExist where `member` does not see it.
    """
    items: Any = Item.objects.visible_to(member).of(product).annotate(**annotations_of(sorts))
    # Rank is a column that is both shown and the last of most orders; `number` is asked for in any case.
    columns = dict.fromkeys(("number", *(sort.name for sort in sorts)))
    rows = items.values_list(*columns, named=True)
    found = beside(rows.filter(condition), sorts, rows.get(number=number), before=before)
    return found.number if found is not None else None
