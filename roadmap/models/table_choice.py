from __future__ import annotations

from typing import Any

from django.db import models

from accounts.constraints import SameWorkspace
from accounts.models import Member, Workspace
from products.models import Product
from roadmap.models.saved_view import SavedView


class TableChoice(models.Model):
    """How a member last had the table of a product drawn, and the view that opens there first. No history: it is nobody else's."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    columns = models.CharField(max_length=2000, blank=True)
    density = models.CharField(max_length=8, blank=True)
    first_view = models.ForeignKey(SavedView, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "product"], name="table_choice_is_one"),
            SameWorkspace(field="member", target="accounts_member", name="table_choice_member_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="table_choice_product_same_workspace"),
            SameWorkspace(field="first_view", target="roadmap_savedview", name="table_choice_view_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.member} at {self.product}"

    @classmethod
    def keep(cls, member: Member, product: Product, **chosen: Any) -> None:
        """From now on; what is not named stays."""
        cls.objects.update_or_create(
            member=member,
            product=product,
            defaults=chosen,
            create_defaults={"workspace_id": member.workspace_id, **chosen},
        )
