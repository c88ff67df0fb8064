from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Member
from listing.api import NounSerializer, Related
from products.models import Initiative, Objective, Problem, Product
from roadmap.models import Item, Release, Status


class ItemSerializer(NounSerializer):
    """An item. `key` is its address; related rows are given by key or public id."""

    key = serializers.CharField(read_only=True)
    product = Related(Product, slug_field="key")
    status = Related(Status, required=False)
    status_name = serializers.CharField(source="status.name", read_only=True)
    lead = Related(Member, required=False, allow_null=True)
    release = Related(Release, required=False, allow_null=True)
    objective = Related(Objective, required=False, allow_null=True)
    initiative = Related(Initiative, required=False, allow_null=True)
    problem = Related(Problem, required=False, allow_null=True)
    score = serializers.DecimalField(max_digits=20, decimal_places=2, read_only=True)
    parent = serializers.CharField(source="parent.key", read_only=True, default=None)

    class Meta:
        model = Item
        fields = [
            "key", "version", "product", "number", "type", "title", "description", "status", "status_name", "lead",
            "reach", "impact", "confidence", "effort", "score", "release", "objective", "initiative", "problem",
            "parent", "horizon", "starts_on", "ends_on", "tags", "shipped_at", "created_at", "source", "source_id",
            "source_data",
        ]  # fmt: skip
        read_only_fields = ["number", "shipped_at", "created_at", "source", "source_id", "source_data"]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """What belongs to a product stays in it: a release of another product is refused."""
        product = fields.get("product") or self.instance.product
        if self.instance is not None and "product" in fields and fields.pop("product") != self.instance.product:
            raise serializers.ValidationError({"product": _("An item is moved to another product by its own verb.")})
        for name in ("release", "objective", "initiative", "problem"):
            related = fields.get(name)
            if related is not None and related.product_id not in (product.pk, None):
                raise serializers.ValidationError({name: _("This belongs to another product.")})
        start, end = (fields.get(name, getattr(self.instance, name, None)) for name in ("starts_on", "ends_on"))
        if start and end and end < start:
            raise serializers.ValidationError({"ends_on": _("The end lies before the start.")})
        return fields
