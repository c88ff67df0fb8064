"""What an audience will see of a link before it opens, and what of it becomes visible for the first time.

A new link is compared with all that the product's links ever showed, an open one with what it showed when somebody looked last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Member
from roadmap.models import Item, SharedField, SharedPrecision, ShareLink
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
    hidden: int
    hidden_fields: list[str]
    internal: int
    mark: str

    @property
    def is_wider(self) -> bool:
        return bool(self.new_items or self.new_fields)

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


def check(link: ShareLink, member: Member) -> Check:
    """Of a link as it would be; it need not be saved. Four statements, however many items and links there are."""
    roadmap = shared_roadmap(link)
    fields = sorted(link.exposes)
    others = list(ShareLink.objects.of(link.product).exclude(pk=link.pk).values_list("checked_items", "checked_fields"))
    ever_items, ever_fields = _union(items for items, _f in others), _union(names for _i, names in others)
    known_items = set(link.checked_items) if link.pk else ever_items
    known_fields = set(link.checked_fields) if link.pk else ever_fields
    fresh = [pk for pk in roadmap.items if pk not in known_items]
    rows = Item.objects.visible_to(member).of(link.product)
    named = {row["pk"]: row for row in rows.filter(pk__among=fresh).values("pk", "number", "title")}
    shown = set(roadmap.items)
    everything = list(rows.open().values_list("pk", "is_internal"))
    return Check(
        roadmap=roadmap,
        items=sorted(shown),
        fields=fields,
        new_items=[{**named[pk], "ever": pk in ever_items} for pk in fresh if pk in named],
        new_fields=[_new_field(name, roadmap) for name in fields if name not in known_fields],
        hidden=sum(pk not in shown for pk, _internal in everything),
        hidden_fields=[str(one.label) for one in SharedField if one not in link.fields],
        internal=sum(internal for _pk, internal in everything),
        mark=sha256(repr((sorted(shown), fields, link.layout, link.grouped_by)).encode()).hexdigest()[:32],
    )


def _union(lists: Iterable[Iterable[Any]]) -> set[Any]:
    return {one for each in lists for one in each}


#: What a card calls a field.
ON_CARDS = {
    SharedField.DESCRIPTION: "text", SharedField.DATES: "when", SharedField.OBJECTIVE: "goal", SharedField.STATUS: "status",
}  # fmt: skip


def _new_field(name: str, roadmap: SharedRoadmap) -> NewField:
    kind, _colon, precision = name.partition(":")
    field = SharedField(kind)
    label = str(field.label)
    if precision:
        label = _("Dates by the %(precision)s") % {"precision": str(SharedPrecision(precision).label).lower()}
    on_card = ON_CARDS.get(field, field.value)
    return NewField(name, label, sum(on_card in card for _lane, _column, card in roadmap.cards))
