"""Scorecards, and by which of them products score."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.refusals import Refused
from accounts.roles import Role
from listing.api import BY_ADMINS, Creates, Deletes, Edits, NounSerializer, Related
from listing.bodies import Body
from products.models import Product
from roadmap.models import ProductScoring, Scorecard, known_factors
from roadmap.scores.factors import Factor
from roadmap.scores.factors import Role as Does
from roadmap.scores.own_cards import OWN_KINDS

#: What a factor does to the sum; named FactorRole in the schema (settings).
ROLES = [(one.value, one.value) for one in Does]


@extend_schema_field({"type": "object", "additionalProperties": True})
class FactorValues(serializers.Field[Any, Any, Any, Any]):
    """What is filled in for the factors of the workspace's scorecards, by their keys (see /scorecards/), null for nothing; those that
    are not sent stay as they are. Reach, impact, confidence and effort are fields of the item itself; what is measured is read only."""

    def to_representation(self, value: Any) -> dict[str, Any]:
        return {key: value[key] for key in self._known() if key in value}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("An object of values by the keys of factors."))
        values = {}
        for key, raw in data.items():
            factor = self._known().get(key)
            if factor is None or factor.is_column:
                raise serializers.ValidationError(_("There is no factor “%(key)s”.") % {"key": str(key)[:40]})
            try:
                values[key] = factor.read(raw)
            except Refused as refusal:
                raise serializers.ValidationError(str(refusal)) from refusal
        return values

    def _known(self) -> dict[str, Factor]:
        """Asked once for a list."""
        if "known_factors" not in self.context:
            self.context["known_factors"] = known_factors(self.context["request"].workspace)
        known: dict[str, Factor] = self.context["known_factors"]
        return known


class FactorSerializer(Body):
    """`key` of reach, impact, confidence or effort takes that field of items, `live` a figure that is measured; else it is typed in for
    each item. `low` and `high` are its range, where the kind does not say it."""

    key = serializers.CharField(required=False, max_length=40)
    name = serializers.CharField(required=False, max_length=60)
    kind = serializers.CharField(required=False, help_text=", ".join(OWN_KINDS))
    role = serializers.ChoiceField(ROLES, required=False)
    weight = serializers.FloatField(required=False)
    low = serializers.FloatField(required=False)
    high = serializers.FloatField(required=False, allow_null=True)
    live = serializers.CharField(required=False, max_length=40)
    unit = serializers.CharField(required=False, max_length=20)
    levels = serializers.JSONField(read_only=True)
    points = serializers.JSONField(read_only=True)

    def to_representation(self, instance: Any) -> Any:
        return {"levels": [], "points": [], **instance}


class ScorecardSerializer(NounSerializer):
    """A way to score. Those of the workspace's own are weighted; the ready-made ones keep their factors."""

    id = serializers.CharField(source="public_id", read_only=True)
    factors = FactorSerializer(many=True)
    words = serializers.CharField(source="formula.words", read_only=True)

    class Meta:
        model = Scorecard
        fields = ["id", "version", "name", "method", "factors", "words", "created_at"]
        read_only_fields = ["method", "created_at"]

    def validate_factors(self, factors: Any) -> list[dict[str, Any]]:
        return [dict(one) for one in factors]


class ScoringSerializer(NounSerializer):
    """Of products that chose; the others score by RICE."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    scorecard = Related(Scorecard)
    second = Related(Scorecard, required=False, allow_null=True)

    class Meta:
        model = ProductScoring
        fields = ["id", "version", "product", "scorecard", "second"]


class ScorecardViewSet(Creates, Edits, Deletes):
    """The scorecards of the workspace."""

    model = Scorecard
    serializer_class = ScorecardSerializer
    place_field = ""
    roles = BY_ADMINS

    def rows(self) -> Any:
        return Scorecard.objects.select_related("workspace")

    def perform_create(self, fields: dict[str, Any]) -> Scorecard:
        return Scorecard.add(self.request.workspace, by=self.actor, **fields)  # type: ignore[attr-defined]


class ScoringViewSet(Creates):
    """Choose by which scorecard a product scores (POST, as often as you like), and read what was chosen. A product's items are
    scored at once, or by a job where there are many."""

    model = ProductScoring
    serializer_class = ScoringSerializer
    roles = {"list": Role.VIEWER, "retrieve": Role.VIEWER, "create": Role.MANAGER}

    def rows(self) -> Any:
        return ProductScoring.objects.select_related("product", "scorecard", "second")

    def perform_create(self, fields: dict[str, Any]) -> ProductScoring:
        self.require_at(fields["product"])
        return ProductScoring.choose(fields["product"], fields["scorecard"], fields.get("second"), by=self.actor)
