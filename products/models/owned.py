from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.refusals import Refused
from products.models.product import Product


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows of a product, or of the workspace where `product` is empty."""

    def visible_to(self, member: Member) -> Self:
        """Rows of visible products; rows without a product are for all members."""
        seen = Product.objects.seen_through(member)
        return self.filter(Q(product=None) | seen, workspace=member.workspace_id)

    def of(self, product: Product) -> Self:
        return self.filter(product=product)


def refuse_foreign(row: Any, other: Any) -> None:
    """Raise Refused when `row` would point to what belongs to another product than its own."""
    if other is not None and other.product_id not in (None, row.product_id):
        raise Refused(_("“%(name)s” belongs to another product. Choose one of this product.") % {"name": other})
