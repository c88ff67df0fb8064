from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.item import Item
from roadmap.models.item_following import came_back


class LinkKind(models.TextChoices):
    """How `item` stands to `other`, as it is stored."""

    NEEDS = "needs", _("needs")
    RELATES = "relates", _("relates to")
    DUPLICATES = "duplicates", _("is a duplicate of")


#: The two readings of each kind, by the word that a person chooses: (kind, whether the ends change places).
WORDS = {
    "needs": (LinkKind.NEEDS, False, _("Needs")),
    "blocks": (LinkKind.NEEDS, True, _("Blocks")),
    "relates": (LinkKind.RELATES, False, _("Relates to")),
    "duplicates": (LinkKind.DUPLICATES, False, _("Duplicate of")),
    "duplicated": (LinkKind.DUPLICATES, True, _("Has duplicate")),
}


class ItemLinkQuerySet(OwnedQuerySet):
    def between_visible(self, member: Member) -> ItemLinkQuerySet:
        """Links whose two items the member sees; what is in the bin has none."""
        seen = Product.objects.seen_through
        both = seen(member, "item__product") & seen(member, "other__product")
        return self.filter(both, workspace=member.workspace_id, item__deleted_at=None, other__deleted_at=None)


class ItemLink(Versioned):
    """`item` needs `other` (which blocks it and must end before), relates to it, or is a duplicate of it.

    Both belong to the workspace; the product is the item's. A relation has no direction: the older item is `item`.
    """

    told_as = "item"

    #: Filled by apps to the right: what hangs on a duplicate goes over to the one it duplicates, within the same Change.
    passing_on: list[Callable[[Item, Item, Change], None]] = []

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind, default=LinkKind.NEEDS)
    other = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="links_here")

    objects = ItemLinkQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["item", "kind", "other"], name="item_link_once"),
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(kind=LinkKind.DUPLICATES), name="duplicate_of_one_item"
            ),
            models.CheckConstraint(condition=~models.Q(item=models.F("other")), name="no_item_is_linked_to_itself"),
            SameWorkspace(field="product", target="products_product", name="itemlink_product_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="itemlink_item_same_workspace"),
            SameWorkspace(field="other", target="roadmap_item", name="itemlink_other_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.other_id}"

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """A link that came back may be one to what is a duplicate by now."""
        rows = cls.objects.filter(pk__among=ids, kind=LinkKind.DUPLICATES)
        if items := list(rows.values_list("item", flat=True)):
            came_back(items, by)

    @classmethod
    def following(cls, version: Any) -> frozenset[str]:
        """The product is its item's, and goes with it."""
        return frozenset({"product_id"})

    @classmethod
    def add(cls, item: Item, word: str, other: Item, *, by: Actor | Change) -> ItemLink:
        """Link two items by one of WORDS. A duplicate passes on what hangs on it, its own duplicates too: there are no chains of them.
        Repeating it does no harm.

        Raises Refused with the path when a circle of items that block each other would close, and when an item would
        be a duplicate of two. Locks the workspace against other links meanwhile.
        """
        kind, turned, _label = WORDS[word]
        item, other = _in_order(kind, item, other) if not turned else (other, item)
        with Change.open("link.added", by=by, workspace=item.workspace) as change:
            Workspace.objects.select_for_update(no_key=True).get(pk=item.workspace_id)
            if item.pk == other.pk:
                raise Refused(_now("An item cannot be linked to itself. Choose another one."))
            there = cls.objects.filter(item=item, kind=kind, other=other).first()
            if there is not None:
                return there
            if kind == LinkKind.DUPLICATES:  # nobody sees, and so nobody removes, a link to what is in the bin
                cls.objects.filter(item=item, kind=kind).exclude(other__deleted_at=None).delete()
            cls._refuse(kind, item, other, change)
            made = cls(workspace=item.workspace, product=item.product, item=item, kind=kind, other=other)
            made.save()
            made.change_id = change.pk
            if kind == LinkKind.DUPLICATES:
                cls._pass_duplicates_on(item, other, change)
                for pass_on in cls.passing_on:
                    pass_on(item, other, change)
            made._tell(change)
        return made

    @classmethod
    def closes_a_circle(cls, item: Item, needs: Item) -> bool:
        return item.pk == needs.pk or bool(cls._path(needs, item))

    def remove(self, *, by: Actor | Change) -> None:
        """What a duplicate passed on stays where it is; undoing the link brings it back."""
        with Change.open("link.removed", by=by, workspace=self.workspace) as change:
            self.delete()
            self.change_id = change.pk
            self._tell(change)

    @classmethod
    def _refuse(cls, kind: str, item: Item, other: Item, change: Change) -> None:
        if kind == LinkKind.NEEDS:
            path = cls._path(other, item)
            if path:
                circle = _now(" blocks ").join(_keys([path[0], *reversed(path)], change))
                raise Refused(_now("That would be a circle: %(path)s.") % {"path": circle})
        if kind == LinkKind.DUPLICATES:
            told = {"item": item.key, "other": other.key}
            if cls.objects.filter(item=item, kind=kind).exists():
                raise Refused(_now("%(item)s is a duplicate of another item already. Remove that link first.") % told)
            if cls.objects.filter(item=other, kind=kind, other__deleted_at=None).exists():
                raise Refused(_now("%(other)s is itself a duplicate. Link to the item that it duplicates.") % told)

    @classmethod
    def _pass_duplicates_on(cls, item: Item, other: Item, change: Change) -> None:
        """What was a duplicate of `item` is one of `other` now, what is in the bin too."""
        passed = cls.objects.filter(kind=LinkKind.DUPLICATES, other=item)
        told = list(passed.values_list("item__number", "product_id"))
        passed.update(other=other)
        for number, product in told:
            change.tell("item", number, product_id=product)

    def _tell(self, change: Change) -> None:
        for end in (self.item, self.other):
            change.tell("item", end.number, product_id=end.product_id)

    @classmethod
    def _path(cls, start: Item, goal: Item) -> list[int]:
        """The items along which `start` already needs `goal`; empty when it does not."""
        edges: dict[int, list[int]] = {}
        pairs = cls.objects.filter(workspace=start.workspace_id, kind=LinkKind.NEEDS)
        for item_id, other_id in pairs.values_list("item_id", "other_id"):
            edges.setdefault(item_id, []).append(other_id)
        trail: dict[int, int | None] = {start.pk: None}
        queue = [start.pk]
        for node in queue:
            for following in edges.get(node, ()):
                if following not in trail:
                    trail[following] = node
                    queue.append(following)
        if goal.pk not in trail or start.pk == goal.pk:
            return []
        nodes: list[int] = []
        step: int | None = goal.pk
        while step is not None:
            nodes.insert(0, step)
            step = trail[step]
        return nodes


def _keys(path: list[int], change: Change) -> list[str]:
    """The keys of the items on a path; those that whoever asks does not see are left unnamed."""
    items = Item.objects.with_deleted().filter(pk__in=path).select_related("product")
    if change.member is not None:
        items = items.visible_to(change.member)
    known = {item.pk: item.key for item in items}
    return [known.get(node, "…") for node in path]


def _in_order(kind: Any, item: Item, other: Item) -> tuple[Item, Item]:
    """A relation is the same from both sides, so it is stored from one."""
    if kind == LinkKind.RELATES and other.pk < item.pk:
        return other, item
    return item, other
