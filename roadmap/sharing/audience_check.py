"""What an audience will see of a link before it opens, and what of it becomes visible for the first time.

A new link is compared with all that links of its products ever showed, an open one with what it showed when somebody looked last. A field is
known where every one of the products was shown with it; a product of an open link where it is shown now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Member
from roadmap.models import Item, SharedField, SharedPrecision, ShareLink
from roadmap.models.share_choices import SENSITIVE
from roadmap.models.share_parts import Part
from roadmap.sharing.cards import SharedRoadmap, shared_roadmap

LISTED = 5


@dataclass
class NewField:
    """A field that becomes visible, and on how many items."""

    name: str
    label: str
    count: int


@dataclass
class Check:
    """`items` and `fields` are all that the link shows; the `new_` ones are those that it did not show at the last check.

    `mark` names what was looked at: a link opens only with the mark of what it would show.
    """

    roadmap: SharedRoadmap
    items: list[int]
    fields: list[str]
    new_items: list[dict[str, Any]]
    new_fields: list[NewField]
    new_products: list[Part]
    hidden: int
    hidden_fields: list[str]
    internal: int
    mark: str

    @property
    def is_wider(self) -> bool:
        return bool(self.new_items or self.new_fields or self.new_products)

    @property
    def sensitive(self) -> list[NewField]:
        """What is said whenever the link shows it, looked at before or not."""
        return [_new_field(name, self.roadmap) for name in SENSITIVE if name in self.fields]

    @property
    def listed(self) -> list[dict[str, Any]]:
        return self.new_items[:LISTED]

    @property
    def more(self) -> int:
        return max(0, len(self.new_items) - LISTED)

    def terms(self, link: ShareLink | None = None) -> dict[str, Any]:
        """What is kept of it with the link: what was visible once is not new when it comes back."""
        earlier_items, earlier_fields = (link.checked_items, link.checked_fields) if link is not None else ([], [])
        return {
            "checked_items": sorted({*earlier_items, *self.items}),
            "checked_fields": sorted({*earlier_fields, *self.fields}),
        }


def check(link: ShareLink, member: Member, before: ShareLink | None = None) -> Check:
    """Of a link as it would be; it need not be saved. `before` is the one that would be changed. A few statements, however many items,
    products and links there are."""
    roadmap, parts = shared_roadmap(link), link.parts
    fields, products = sorted(link.exposes), [part.pk for part in parts]
    ever = Ever.of(link, products)
    known_items = set(link.checked_items) if link.pk else ever.items
    known_fields = set(link.checked_fields) if link.pk else ever.fields
    known_products = {part.pk for part in (before or link).parts} if link.pk else ever.products
    fresh = [pk for pk in roadmap.items if pk not in known_items]
    rows = Item.objects.visible_to(member).filter(product__among=products)
    named = {row["pk"]: row for row in rows.filter(pk__among=fresh).values("pk", "number", "title", "product__key")}
    shown = sorted(set(roadmap.items))
    counted = rows.open().aggregate(
        hidden=Count("pk", filter=~Q(pk__among=shown)), internal=Count("pk", filter=Q(is_internal=True))
    )
    looked_at = (
        shown,
        fields,
        link.layout,
        link.grouped_by,
        *([] if link.product_id else [products, link.title]),
    )
    return Check(
        roadmap=roadmap,
        items=shown,
        fields=fields,
        new_items=[
            {**named[pk], "key": named[pk]["product__key"], "ever": pk in ever.items} for pk in fresh if pk in named
        ],
        new_fields=[_new_field(name, roadmap) for name in fields if name not in known_fields],
        new_products=[] if link.product_id else [part for part in parts if part.pk not in known_products],
        hidden=counted["hidden"],
        hidden_fields=[str(one.label) for one in SharedField if one not in link.fields],
        internal=counted["internal"],
        mark=sha256(repr(looked_at).encode()).hexdigest()[:32],
    )


@dataclass
class Ever:
    """What other links of these products ever showed."""

    items: set[int]
    fields: set[str]
    products: set[int]

    @classmethod
    def of(cls, link: ShareLink, products: list[int]) -> Ever:
        """One statement. Fields are those that each of the products was shown with."""
        mine = Q(product__among=products) | Q(of_products__overlap=products)
        others = ShareLink.objects.filter(mine, workspace=link.workspace_id).exclude(pk=link.pk)
        told = list(others.values_list("product", "of_products", "checked_items", "checked_fields"))
        fields: dict[int, set[str]] = {product: set() for product in products}
        for product, several, _items, names in told:
            for pk in [product] if product else several:
                fields.setdefault(pk, set()).update(names)
        return cls(
            items=_union(items for _product, _several, items, _names in told),
            fields=set.intersection(*(fields[product] for product in products)) if products else set(),
            products=_union([product] if product else several for product, several, _items, _names in told),
        )


def _union(lists: Iterable[Iterable[Any]]) -> set[Any]:
    return {one for each in lists for one in each}


#: What a card calls a field.
ON_CARDS = {
    SharedField.DESCRIPTION: "text", SharedField.DATES: "when", SharedField.OBJECTIVE: "goal", SharedField.STATUS: "status",
    SharedField.PROBLEM: "need",
}  # fmt: skip


def _new_field(name: str, roadmap: SharedRoadmap) -> NewField:
    kind, _colon, precision = name.partition(":")
    if kind not in SharedField.values:
        return NewField(name, roadmap.own.get(name, name), sum(name in card for _lane, _column, card in roadmap.cards))
    field = SharedField(kind)
    label = str(field.label)
    if precision:
        label = _("Dates by the %(precision)s") % {"precision": str(SharedPrecision(precision).label).lower()}
    on_card = ON_CARDS.get(field, field.value)
    return NewField(name, label, sum(on_card in card for _lane, _column, card in roadmap.cards))
