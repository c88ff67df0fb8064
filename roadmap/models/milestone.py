from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Workspace
from changes.editable import Editable
from changes.models import DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet


class Milestone(Editable):
    """A day that matters to a product's plans: a customer's go-live, an end of sale, a fair."""

    noun = "milestone"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="milestones")
    name = models.CharField(_("milestone"), max_length=80)
    day = models.DateField(_("day"))
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["day", "pk"]
        constraints = [
            SameWorkspace(field="product", target="products_product", name="milestone_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name
