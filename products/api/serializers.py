from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Member
from listing.api import NounSerializer, Related
from products.models import Initiative, KeyResult, Objective, Problem, Product, ProductLine


class ProductSerializer(NounSerializer):
    """A product. Its key is given once; its stage is moved by gates alone; its health is dated when it is said."""

    line = Related(ProductLine, required=False, allow_null=True)
    lead = Related(Member, required=False, allow_null=True)

    class Meta:
        model = Product
        fields = [
            "key", "version", "name", "tagline", "kind", "line", "lead", "vision", "positioning", "business_model",
            "slip_days", "stage", "health", "health_reason", "health_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["stage", "health_at", "created_at"]

    def validate_key(self, key: str) -> str:
        if self.instance is not None and key != self.instance.key:
            raise serializers.ValidationError(_("The key of a product cannot be changed."))
        return key


class ProductLineSerializer(NounSerializer):
    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = ProductLine
        fields = ["id", "version", "name"]


class PartSerializer(NounSerializer):
    """A part of a strategy: of a product, or of the workspace where `product` is null. It stays where it was made."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key", required=False, allow_null=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if self.instance is not None and "product" in fields and fields.pop("product") != self.instance.product:
            raise serializers.ValidationError({"product": _("This stays in its product.")})
        return fields


class ObjectiveSerializer(PartSerializer):
    """A goal. `progress` is the mean of its key results' in percent, null without any."""

    lead = Related(Member, required=False, allow_null=True)
    progress = serializers.DecimalField(max_digits=None, decimal_places=2, read_only=True, allow_null=True)

    class Meta:
        model = Objective
        fields = [
            "id", "version", "product", "name", "description", "lead", "starts_on", "ends_on", "health",
            "health_reason", "health_at", "progress", "created_at",
        ]  # fmt: skip
        read_only_fields = ["health_at", "created_at"]


class KeyResultSerializer(NounSerializer):
    """`progress` is (now − start) ÷ (target − start) in percent. A key result stays in its objective.

    `reads` names a figure of the product that measures it, empty where `now` is typed; `reading` says of whom and when.
    """

    id = serializers.CharField(source="public_id", read_only=True)
    product = serializers.CharField(source="product.key", read_only=True, default=None, allow_null=True)
    objective = Related(Objective)
    progress = serializers.DecimalField(max_digits=None, decimal_places=2, read_only=True)

    class Meta:
        model = KeyResult
        fields = [
            "id", "version", "product", "objective", "name", "unit", "start", "now", "target", "reads", "reading",
            "progress", "created_at",
        ]  # fmt: skip
        read_only_fields = ["reading", "created_at"]

    def validate_objective(self, objective: Objective) -> Objective:
        if self.instance is not None and objective != self.instance.objective:
            raise serializers.ValidationError(_("A key result stays in its objective."))
        return objective


class InitiativeSerializer(PartSerializer):
    objective = Related(Objective, required=False, allow_null=True)
    lead = Related(Member, required=False, allow_null=True)

    class Meta:
        model = Initiative
        fields = [
            "id", "version", "product", "objective", "name", "description", "lead", "starts_on", "ends_on", "health",
            "health_reason", "health_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["health_at", "created_at"]


class ProblemSerializer(PartSerializer):
    class Meta:
        model = Problem
        fields = [
            "id", "version", "product", "statement", "who", "how_big", "would_pay", "exists_today", "state",
            "created_at",
        ]  # fmt: skip
        read_only_fields = ["created_at"]
