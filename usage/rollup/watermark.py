"""How far a product's figures are complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from accounts.together import Together
from products.models import Product
from usage import sql


def complete_through(product_id: int, today: date | None = None) -> date | None:
    """The last day that is over and rolled up and has nothing older waiting; None while there is none.

    Never later than the last event: of days after it nobody knows whether they were quiet or have yet to be told.
    `today` is the product's, for who knows it already.
    """
    if today is None:
        today = Product.objects.with_deleted().select_related("workspace").get(pk=product_id).workspace.today()
    return through(*sql.row(COMPLETE.format(product="%s"), today, product_id, product_id))


def complete_and_waiting_later(
    product_id: int, today: date, together: Together
) -> Callable[[], tuple[date | None, int]]:
    """The same, and how many events are stored but not rolled up yet, when it is wanted: asked together with what else a page shows."""
    values = [product_id, today, product_id, product_id]
    later = together.ask_sql(COMPLETE_AND_WAITING, values, "date", "date", "bigint")

    def found() -> tuple[date | None, int]:
        [(first, last, waiting)] = later()
        return through(first, last), waiting

    return found


def values_of_measured(item: int, today: date) -> list[Any]:
    """For OF_MEASURED, which asks the same for the product of an item that is measured."""
    return [today, item, item]


def through(first: date | None, last: date | None) -> date | None:
    return last if first is not None and last is not None and last >= first else None


COMPLETE = """
SELECT min(day), least(max(day), %s::date - 1,
    (SELECT min(day) - 1 FROM usage_batchday WHERE product_id = {product} AND rolled_at IS NULL))
FROM usage_daybitmap WHERE product_id = {product} AND scope = 0
"""
COMPLETE_AND_WAITING = f"""
SELECT complete.*, (SELECT coalesce(sum(n), 0)::bigint FROM usage_batchday WHERE product_id = %s AND rolled_at IS NULL)
FROM ({COMPLETE.format(product="%s")}) complete
"""
OF_MEASURED = COMPLETE.format(product="(SELECT product_id FROM usage_usagekeyitem WHERE item_id = %s LIMIT 1)")
