from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.roles import Role
from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from listing.conditions import Field
from listing.filters import Language
from products.models import Product
from roadmap.models import Baseline


class BaselineSerializer(NounSerializer):
    """A moment of a product's plans with a name. `day` is of the workspace's zone and means its end; without it, it is now."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    day = serializers.DateField(required=False)
    made_by = serializers.CharField(source="made_by.public_id", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Baseline
        fields = ["id", "version", "product", "name", "day", "moment", "made_by", "created_at"]
        read_only_fields = ["moment", "created_at"]

    def validate_product(self, product: Product) -> Product:
        if self.instance is not None and product != self.instance.product:
            raise serializers.ValidationError(_now("A baseline stays in its product."))
        return product


class BaselineViewSet(Creates, Edits, Deletes):
    """Baselines: named days of products' roadmaps, `?product=DSP` for those of one."""

    model = Baseline
    serializer_class = BaselineSerializer
    roles = {
        "list": Role.VIEWER, "retrieve": Role.VIEWER, "create": Role.MANAGER, "partial_update": Role.MANAGER,
        "destroy": Role.MANAGER,
    }  # fmt: skip

    def rows(self) -> Any:
        return Baseline.objects.select_related("product", "workspace", "made_by")

    def language(self) -> Language | None:
        return Language.of(self.request.workspace, Field("product", _("Product"), "choice", "product__key"))

    def perform_create(self, fields: dict[str, Any]) -> Baseline:
        product = fields.pop("product")
        self.require_at(product)
        return Baseline.keep(product, by=self.actor, **fields)

    def perform_update(self, row: Baseline, fields: dict[str, Any], seen: int | None) -> None:
        fields.pop("product", None)
        row.edit(by=self.actor, seen=seen, **fields)
