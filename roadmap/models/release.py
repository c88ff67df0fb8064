from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.editable import Editable, refuse_backward_span
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.status import Category, Status
from roadmap.slips import refuse_unexplained_slip


class Release(Editable):
    """A version of a product, with its dates. Dates are days, both ends included."""

    noun = "release"
    refusals = {"release_name_is_unique": _("This product has a release of that name. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="releases")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="releases")
    name = models.CharField(_("release"), max_length=80)
    description = models.TextField(_("description"), blank=True, max_length=8000)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("release day"), null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["ends_on", "pk"]
        constraints = [
            workspace_key("release_workspace_key"),
            models.UniqueConstraint(
                fields=["product", "name"], condition=models.Q(deleted_at=None), name="release_name_is_unique"
            ),
            SameWorkspace(field="product", target="products_product", name="release_product_same_workspace"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="release_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def plan(cls, product: Product, name: str, *, by: Actor | Change, **fields: Any) -> Release:
        return cls.add(product.workspace, by=by, product=product, name=name, **fields)

    def prepare(self, names: set[str], change: Change) -> None:
        refuse_backward_span(self.starts_on, self.ends_on)

    def refuse_unexplained(self, fields: dict[str, Any], reason: str | None) -> None:
        if "ends_on" in fields and self.released_at is None:
            refuse_unexplained_slip(self.product, self.name, self.ends_on, fields["ends_on"], reason)

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    def ship(self, *, by: Actor | Change) -> int:
        """It is out: from now on it counts as released, and what is in build in it is shipped. Returns how many items.

        Repeating it does no harm. Items in another category stay where they are, for a person to decide.
        """
        with Change.open("release.shipped", by=by, workspace=self.workspace) as change:
            self._lock()
            shipped = self._ship_items(change)
            if self.released_at is None:
                self.released_at = change.at
                self.save(update_fields=["released_at"])
            self.change_id = change.pk
            self._tell(change)
        return shipped

    def _ship_items(self, change: Change) -> int:
        """Set-based, so that undo turns all of it back as one change."""
        status = Status.objects.filter(workspace=self.workspace_id, category=Category.SHIPPED).first()
        if status is None:
            raise Refused(_("This workspace has no status for shipped items. Add one in its settings."))
        building = self.items.filter(status__category=Category.BUILDING)
        return building.update(status=status, shipped_at=change.at)
