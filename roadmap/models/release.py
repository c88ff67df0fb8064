from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from changes.models import Deletable, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet


class Release(Versioned, Deletable):
    """A version of a product, with its dates. Dates are days, both ends included."""

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
            SameWorkspace(field="product", target="products_product", name="release_product_same_workspace"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="release_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name
