from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.models import Member
from lifecycle.models import Condition, Criterion, Decision, Gate
from lifecycle.models.decision import Promise
from listing.api import NounSerializer, Related


class CriterionSerializer(NounSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    judged_by = serializers.CharField(source="judged_by.public_id", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Criterion
        fields = ["id", "version", "weight", "text", "note", "state", "judged_by", "judged_at"]
        read_only_fields = fields


class GateSerializer(NounSerializer):
    """A gate with what it asks for. `review_on` is the day of its review; decisions are made at `decisions`."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = serializers.CharField(source="product.key", read_only=True)
    stage_before = serializers.CharField(read_only=True)
    stage_after = serializers.CharField(read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta:
        model = Gate
        fields = ["id", "version", "product", "number", "stage_before", "stage_after", "review_on", "criteria"]
        read_only_fields = ["number"]


class ConditionSerializer(NounSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    lead = Related(Member, required=False, allow_null=True)

    class Meta:
        model = Condition
        fields = ["id", "version", "text", "due_on", "lead", "met_at"]
        read_only_fields = ["met_at"]


class DecisionSerializer(NounSerializer):
    """What a gate decided. It is read and made, never changed: another decision may follow.

    A go with conditions lists them; a go names what is missing while it is refused (422).
    """

    id = serializers.CharField(source="public_id", read_only=True)
    gate = Related(Gate)
    product = serializers.CharField(source="product.key", read_only=True)
    decided_by = serializers.CharField(source="decided_by.public_id", read_only=True, default=None, allow_null=True)
    conditions = ConditionSerializer(many=True, required=False)

    class Meta:
        model = Decision
        fields = [
            "id", "version", "gate", "product", "number", "kind", "reason", "conditions", "decided_by", "decided_at",
            "evidence",
        ]  # fmt: skip
        read_only_fields = ["number", "decided_at", "evidence"]

    def validate_conditions(self, conditions: list[dict[str, Any]]) -> list[Promise]:
        return [Promise(one["text"], one["due_on"], one.get("lead")) for one in conditions]
