from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock


class ProductLineQuerySet(models.QuerySet["ProductLine"]):
    def visible_to(self, member: Member) -> ProductLineQuerySet:
        """Lines are for all members; the products in them are not."""
        return self.filter(workspace=member.workspace_id)


class ProductLine(Editable):
    """A branch of the portfolio tree."""

    noun = "product_line"
    refusals = {"product_line_name_is_unique": _("There is, or was, a product line of this name. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="product_lines")
    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ProductLineQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="product_line_name_is_unique"),
            workspace_key("productline_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin; its products stay, without a line."""
        with Change.open("product_line.deleted", by=by, workspace=self.workspace) as change:
            self.products.update(line=None)
            super().delete_softly(by=change)
