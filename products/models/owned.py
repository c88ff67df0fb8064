from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.lookups import OneOf, given
from accounts.models import Member
from accounts.refusals import Refused
from products.models.product import Product, seen_products


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows of a product, or of the workspace where `product` is empty."""

    def visible_to(self, member: Member) -> Self:
        """Rows of visible products; rows without a product are for all members."""
        seen = Product.objects.seen_through(member)
        return self.filter(Q(product=None) | seen, workspace=member.workspace_id)

    def visible_at(self, product: Product, member: Member) -> Self:
        """As `visible_to(member).of(product)`, for statements whose plans are kept: planned alike whether members see few products or many, and
        whether these are small or large. That the product is one of theirs is asked once, not of each row."""
        if member.memory is None:
            return self.visible_to(member).of(product)
        seen = OneOf(product.pk, [one.pk for one in seen_products(member)])
        return self.filter(seen, workspace=member.workspace_id, product=given(product.pk))

    def of(self, product: Product) -> Self:
        return self.filter(product=product)


def refuse_foreign(row: Any, other: Any) -> None:
    """Raise Refused when `row` would point to what belongs to another product than its own."""
    if other is not None and other.product_id not in (None, row.product_id):
        raise Refused(_("“%(name)s” belongs to another product. Choose one of this product.") % {"name": other})
