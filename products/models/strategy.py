from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from changes.models import Deletable, DeletableManager, Versioned
from config import clock
from products.models.owned import OwnedQuerySet
from products.models.product import Product


class Objective(Versioned, Deletable):
    """A measurable goal of a product, or of the workspace where there is no product."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="objectives")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="objectives")
    name = models.CharField(_("goal"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=8000)
    lead = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            workspace_key("objective_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="objective_product_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="objective_lead_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name


class KeyResult(Versioned, Deletable):
    """What will be true when the objective is met. Progress = (now − start) ÷ (target − start)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="key_results")
    name = models.CharField(_("key result"), max_length=160)
    unit = models.CharField(_("unit"), max_length=16, blank=True)
    start = models.DecimalField(_("start"), max_digits=14, decimal_places=2, default=Decimal(0))
    now = models.DecimalField(_("now"), max_digits=14, decimal_places=2, default=Decimal(0))
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(target=models.F("start")), name="target_differs_from_start"),
            SameWorkspace(field="objective", target="products_objective", name="keyresult_objective_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="keyresult_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name


class Initiative(Versioned, Deletable):
    """A strategic bet with a time span, under an objective."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="initiatives")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="initiatives")
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.SET_NULL, related_name="initiatives"
    )
    name = models.CharField(_("initiative"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=8000)
    lead = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            workspace_key("initiative_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="initiative_product_same_workspace"),
            SameWorkspace(field="objective", target="products_objective", name="initiative_objective_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="initiative_lead_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name
