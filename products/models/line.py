from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from changes.models import Deletable, DeletableManager, Versioned


class ProductLineQuerySet(models.QuerySet["ProductLine"]):
    def visible_to(self, member: Member) -> ProductLineQuerySet:
        """Lines are for all members; the products in them are not."""
        return self.filter(workspace=member.workspace_id)


class ProductLine(Versioned, Deletable):
    """A branch of the portfolio tree."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="product_lines")
    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=80)

    objects = DeletableManager.hiding(ProductLineQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="product_line_name_is_unique"),
            workspace_key("productline_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name
