from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models import Item


class UsageKey(Versioned):
    """The stable name by which events speak of a feature, and the items whose use it measures."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="usage_keys")
    public_id = PublicIdField()
    key = models.CharField(_("key in the events"), max_length=200, db_collation="C")
    name = models.CharField(_("name on screen"), max_length=80, blank=True)
    items = models.ManyToManyField(Item, through="UsageKeyItem", related_name="usage_keys", verbose_name=_("items"))
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
        cls, product: Product, key: str, items: Sequence[Item], *, name: str | None = None, by: Actor | Change
    ) -> UsageKey:
        """From now on `key` measures exactly `items`. `name` is what screens show; None leaves it as it is.

        Raises Refused when an item belongs to another product.
        """
        if any(item.product_id != product.pk for item in items):
            raise Refused(_("Choose items of this product only."))
        with Change.open("usage_key.linked", by=by, workspace=product.workspace) as change:
            row, _made = cls.objects.select_for_update().get_or_create(
                product=product, key=key, defaults={"workspace": product.workspace, "created_at": change.at}
            )
            if name is not None and name != row.name:
                row.name = name
                row.save(update_fields=["name"])
            row.links.exclude(item__in=items).delete()
            linked = set(row.links.values_list("item_id", flat=True))
            UsageKeyItem.objects.bulk_create(
                UsageKeyItem(workspace=product.workspace, product=product, usage_key=row, item=item)
                for item in {item.pk: item for item in items}.values()
                if item.pk not in linked
            )
            change.tell("usage_key", row.public_id, product_id=product.pk)
        return row


class UsageKeyItem(Versioned):
    """That a usage key measures an item."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    usage_key = models.ForeignKey(UsageKey, on_delete=models.CASCADE, related_name="links")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="usage_links")

    objects = OwnedQuerySet.as_manager()

    undoable = False

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["usage_key", "item"], name="usage_key_measures_item_once"),
            SameWorkspace(field="product", target="products_product", name="usagekeyitem_product_same_workspace"),
            SameWorkspace(field="usage_key", target="usage_usagekey", name="usagekeyitem_key_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="usagekeyitem_item_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.usage_key_id} measures {self.item_id}"
