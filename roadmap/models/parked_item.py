from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.release import Release

if TYPE_CHECKING:
    from roadmap.models.item import Item


class ParkedItem(Editable):
    """An item in the parking lot of a release: proposed for it, or set aside from it, and not in it."""

    noun = "parked_item"
    refusals = {"item_parked_once": _("This item is in the parking lot of this release already.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="parked", editable=False)
    item = models.ForeignKey("roadmap.Item", on_delete=models.CASCADE, related_name="parked_at", editable=False)
    reason = models.CharField(_("why"), max_length=280, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            workspace_key("parkeditem_workspace_key"),
            models.UniqueConstraint(
                fields=["release", "item"], condition=models.Q(deleted_at=None), name="item_parked_once"
            ),
            SameWorkspace(field="product", target="products_product", name="parkeditem_product_same_workspace"),
            SameWorkspace(field="release", target="roadmap_release", name="parkeditem_release_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="parkeditem_item_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} at {self.release_id}"

    @classmethod
    def park(cls, release: Release, item: Item, reason: str, *, by: Actor | Change) -> ParkedItem:
        """Propose `item` for `release`; one that is in it is set aside from it."""
        if item.product_id != release.product_id:
            raise Refused(_("This item belongs to another product. Choose one of this product."))
        with Change.open("item.parked", by=by, workspace=release.workspace) as change:
            if item.release_id == release.pk:
                item.edit(by=change, release=None, iteration=None)
            return cls.add(
                release.workspace, by=change, product=release.product, release=release, item=item,
                reason=reason.strip(),
            )  # fmt: skip

    def take_in(self, *, by: Actor | Change) -> None:
        """Into the release, out of the parking lot."""
        with Change.open("item.taken_in", by=by, workspace=self.workspace) as change:
            self.item.edit(by=change, release=self.release)
            self.delete_softly(by=change)
