from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.concurrency import Conflict, check_unseen_changes, intended
from changes.models import Change, Version, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models import Item


class UsageKey(Versioned):
    """The stable name by which events speak of a feature, and the items whose use it measures."""

    told_as = "usage_key"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="usage_keys")
    public_id = PublicIdField()
    key = models.CharField(_("key in the events"), max_length=200, db_collation="C")
    name = models.CharField(_("name on screen"), max_length=80, blank=True)
    items = models.ManyToManyField(Item, through="UsageKeyItem", related_name="usage_keys", verbose_name=_("items"))
    linked_at = models.DateTimeField(null=True, editable=False, help_text=_("When its items were last changed."))
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = OwnedQuerySet.as_manager()

    undoable = False

    class Meta(Versioned.Meta):
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["product", "key"], name="usage_key_is_unique"),
            workspace_key("usagekey_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="usagekey_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    @classmethod
    def measure(
        cls,
        product: Product,
        key: str,
        items: Sequence[Item] | None,
        *,
        name: str | None = None,
        seen: int | None = None,
        by: Actor | Change,
    ) -> UsageKey:
        """From now on `key` measures exactly `items`. `name` is what screens show. None leaves either as it is.

        Raises Refused when an item belongs to another product, and Conflict when somebody changed the name or the items
        to something else since version `seen`.
        """
        if any(item.product_id != product.pk for item in items or ()):
            raise Refused(_("Choose items of this product only."))
        with Change.open("usage_key.linked", by=by, workspace=product.workspace) as change:
            row, _made = cls.objects.select_for_update().get_or_create(
                product=product, key=key, defaults={"workspace": product.workspace, "created_at": change.at}
            )
            if items is not None:
                row._link({item.pk: item for item in items}, seen, change)
            if name is not None:
                row._rename(name, seen)
            change.tell("usage_key", row.public_id, product_id=product.pk)
        return row

    def _link(self, wanted: dict[int, Item], seen: int | None, change: Change) -> None:
        linked = {item.pk: item for item in self.items.select_related("product")}
        if wanted.keys() == linked.keys():
            return
        self._refuse_unseen_links(seen, linked.values(), wanted.values())
        self.links.exclude(item__in=wanted).delete()
        UsageKeyItem.objects.bulk_create(
            UsageKeyItem(workspace_id=self.workspace_id, product_id=self.product_id, usage_key=self, item=item)
            for item in wanted.values()
            if item.pk not in linked
        )
        self.linked_at = change.at
        self.save(update_fields=["linked_at"])

    def _rename(self, name: str, seen: int | None) -> None:
        fields = intended(self, seen, {"name": name})
        check_unseen_changes(self, seen, fields)
        if fields and name != self.name:
            self.name = name
            self.save(update_fields=["name"])

    def _refuse_unseen_links(self, seen: int | None, theirs: Iterable[Item], yours: Iterable[Item]) -> None:
        if seen is None or seen == self.change_id:
            return
        linked = Version.objects.of(self).since(seen).filter(columns__contains=["linked_at"])
        newest = linked.select_related("change__member__user").order_by("-pk").first()
        if newest is not None:
            there, wanted = (", ".join(sorted(item.key for item in items)) for items in (theirs, yours))
            raise Conflict("items", there, wanted, newest.change)


class UsageKeyItem(Versioned):
    """That a usage key measures an item."""

    told_as = "usage_key"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    usage_key = models.ForeignKey(UsageKey, on_delete=models.CASCADE, related_name="links")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="usage_links")

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["usage_key", "item"], name="usage_key_measures_item_once"),
            SameWorkspace(field="product", target="products_product", name="usagekeyitem_product_same_workspace"),
            SameWorkspace(field="usage_key", target="usage_usagekey", name="usagekeyitem_key_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="usagekeyitem_item_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.usage_key_id} measures {self.item_id}"
