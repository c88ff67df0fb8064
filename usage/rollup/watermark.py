"""How far a product's figures are complete."""

from __future__ import annotations

from datetime import date

from products.models import Product
from usage import sql


def complete_through(product_id: int, today: date | None = None) -> date | None:
    """The last day that is over and rolled up and has nothing older waiting; None while there is none.

    Never later than the last event: of days after it nobody knows whether they were quiet or have yet to be told.
    `today` is the product's, for who knows it already.
    """
    if today is None:
        today = Product.objects.with_deleted().select_related("workspace").get(pk=product_id).workspace.today()
    first, through = sql.row(
        "SELECT min(day), least(max(day), %s::date - 1,"
        " (SELECT min(day) - 1 FROM usage_batchday WHERE product_id = %s AND rolled_at IS NULL))"
        " FROM usage_daybitmap WHERE product_id = %s AND scope = 0",
        today,
        product_id,
        product_id,
    )
    return through if first is not None and through >= first else None
