"""The dated markers of timelines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from products.models import Product
from roadmap.api.parts import PLANNING
from roadmap.models import Milestone


class MilestoneSerializer(NounSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")

    class Meta:
        model = Milestone
        fields = ["id", "version", "product", "name", "day", "created_at"]
        read_only_fields = ["created_at"]

    def validate_product(self, product: Product) -> Product:
        if self.instance is not None and product != self.instance.product:
            raise serializers.ValidationError(_("A milestone stays in its product."))
        return product


class MilestoneViewSet(Creates, Edits, Deletes):
    """The dated markers of the timelines."""

    model = Milestone
    serializer_class = MilestoneSerializer
    roles = PLANNING

    def rows(self) -> Any:
        return Milestone.objects.select_related("product", "workspace")

    def perform_create(self, fields: dict[str, Any]) -> Milestone:
        product = fields.pop("product")
        self.require_at(product)
        return Milestone.add(product.workspace, by=self.actor, product=product, **fields)
