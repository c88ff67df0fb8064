"""Products as places: what a key in an address, or ids in a history, mean to a member."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from accounts.models import Member
from products.models import Product


def by_key(member: Member, key: str) -> Product:
    """The product with this key that `member` sees; Http404 otherwise."""
    product = Product.objects.visible_to(member).with_role_of(member).filter(key=key.upper()).first()
    if product is None:
        raise Http404
    return product


def by_ids(member: Member, ids: set[int]) -> dict[int, Product]:
    """Those of `ids` that `member` sees, archived ones too: an archiving can be undone by who did it."""
    rows = Product.objects.with_deleted().visible_to(member).with_role_of(member)
    return rows.in_bulk(ids)


def ids(member: Member) -> Any:
    """Of the products that the member sees, for `product_id__in`."""
    return Product.objects.ids_seen_by(member)
