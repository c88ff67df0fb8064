"""Products as places: what a key in an address, or ids in a history, mean to a member."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, OuterRef, Q, Subquery
from django.http import Http404

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Later, Together
from listing.together import listed
from products.models import Product, ProductRole
from products.models.product import ProductQuerySet, SeenProduct, seen_products


def ask(together: Together, user: int, workspace: str, key: str) -> Later:
    """The product of this key in a workspace, with the role that it gives to the person; whether they see it, `by_key` decides."""
    return together.ask(OF_KEY, user, workspace, key.upper())


def by_key(member: Member, key: str, found: list[Product]) -> Product:
    """The product that `member` sees, of what was found by this key; Http404 otherwise."""
    seen = {SeenProduct._make(row).pk for row in member.places}
    product = next((one for one in found if one.workspace_id == member.workspace_id and one.pk in seen), None)
    if product is None:
        raise Http404
    product.workspace = member.workspace
    if member.memory is not None:
        member.memory["product"] = product
    return product


def _of_key(user: int, workspace: str, key: str) -> ProductQuerySet:
    given = ProductRole.objects.filter(product=OuterRef("pk"), member__user=user, member__removed_at=None)
    return Product.objects.filter(workspace__slug=workspace, key=key).annotate(
        own_role=Subquery(given.values("role")[:1])
    )


OF_KEY = Prepared(_of_key)


def by_ids(member: Member, ids: set[int]) -> dict[int, Product]:
    """Those of `ids` that `member` sees, archived ones too: an archiving can be undone by who did it."""
    known = (member.memory or {}).get("product")
    if known is not None and ids == {known.pk}:
        return {known.pk: known}
    rows = Product.objects.with_deleted().visible_to(member).with_role_of(member)
    return rows.in_bulk(ids)


def through(member: Member, field: str) -> Q:
    """The condition that `field` leads to a product that the member sees."""
    return Product.objects.seen_through(member, field)


def seen_ids(member: Member) -> list[int]:
    """Asked once while a request reads: each statement of a page names them, some several times."""
    memory = member.memory if member.memory is not None else {}
    if "product_ids" not in memory:
        memory["product_ids"] = [product.pk for product in seen_products(member)]
    found: list[int] = memory["product_ids"]
    return found


def seen_by_each() -> Func:
    """Beside each member of a statement: the products they see, as `remember` reads them."""
    return listed(Product.objects.seen_by_outer_member().order_by("name", "pk"), *SeenProduct._fields)


def remember(member: Member, seen: list[list[Any]]) -> None:
    """What the member sees was read with the member: nothing else asks for it while a request reads."""
    if member.memory is not None:
        member.memory["products"] = [SeenProduct._make(row) for row in seen]


def pretend_to_see(member: Member, id: int) -> None:
    """For the composing of a statement with a stand-in for the member."""
    member.memory = {"products": [SeenProduct(id, "", "", "")]}
