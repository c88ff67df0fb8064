"""Naming an item by typing: its key, or words of its title."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Case, Q, When

from accounts.models import Member
from accounts.prepared import Prepared
from products.models import Product
from roadmap.backlog.searching import words_in
from roadmap.models import Item, ItemAlias

MOST = 12
#: What whoever puts items in an order wants to know of them.
BESIDE = ("change_id", "workspace_id", "product_id", "number", "title", "rank")
NUMBERED = Prepared(
    lambda member, product, numbers: (
        Item.objects.visible_to(member).of(product).filter(number__among_some=numbers).only(*BESIDE)
    )
)

NEIGHBOURS = Prepared(
    lambda member, product, numbers, moved: (
        Item.objects.visible_to(member)
        .of(product)
        .filter(number__among_some=numbers)
        .only(*BESIDE)
        .with_neighbours(Item.objects.with_deleted().filter(product=product).exclude(number=moved))
    )
)


def numbered(member: Member, product: Product, *typed: Any, moved: int | None = None) -> dict[int, Item]:
    """Items of the product by number, those that `member` sees, with what `BESIDE` names; what is no number is left out.
    One statement. Where the item of number `moved` is to be put beside another, each comes with its neighbours."""
    numbers = [int(one) for one in map(str, typed) if one.isascii() and one.isdigit() and len(one) < 10]
    if not numbers:
        return {}
    if moved is None:
        rows = NUMBERED.rows(member, product, sorted(set(numbers)))
    else:
        rows = NEIGHBOURS.rows(member, product, sorted(set(numbers)), moved)
    found = {item.number: item for item in rows}
    for item in found.values():
        item.product, item.workspace = product, member.workspace
    return found


def item_once(member: Member, product: str, number: int) -> Item | None:
    """The item that had this key before it was moved to another product, if `member` sees both products."""
    if number >= 2**31:
        return None
    left = (
        ItemAlias.objects.visible_to(member).keyed(product, number).select_related("item__product", "item__workspace")
    )
    alias = left.first()
    return alias.item if alias is not None else None


def of_key(rows: Any, product: str, number: int, member: Member | None) -> Item | None:
    """The item of `rows` with this key, or else, for `member`, the one that had it before it was moved."""
    item: Item | None = rows.filter(product__key=product.upper(), number=number).first()
    if item is None and member is not None and (once := item_once(member, product, number)) is not None:
        item = rows.filter(pk=once.pk).first()
    return item


KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{0,9})-([0-9]{1,9})(?![A-Za-z0-9])")


def item_named(rows: Any, text: str, near: Product | None = None, member: Member | None = None) -> Item | None:
    """The item of `rows` whose key `text` begins with (“DSP-12 Live ETA”), or which had it, for `member`; a bare number means one of `near`."""
    text = text.strip()
    match = KEY.match(text)
    if match:
        return of_key(rows.select_related("product"), match[1], int(match[2]), member)
    digits = text.removeprefix("#")
    if near is not None and digits.isascii() and digits.isdigit() and len(digits) < 10:
        return rows.filter(product=near, number=int(digits)).select_related("product").first()
    return None


def found_in(rows: Any, typed: str, near: Product, member: Member) -> list[Item]:
    """A few items that `typed` may mean, those of `near` first. One statement."""
    typed = typed.strip()[:200].replace("\0", "")
    match = KEY.match(typed)
    if match:
        found = of_key(rows.select_related("product"), match[1], int(match[2]), member)
        return [found] if found is not None else []
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        rows = rows.filter(Q(product=near, number=int(typed)) | words_in(typed))
    elif typed:
        rows = rows.filter(words_in(typed))
    elsewhere = Case(When(product=near, then=0), default=1)
    return list(rows.select_related("product").order_by(elsewhere, "product__key", "rank")[:MOST])
