from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Workspace
from accounts.roles import Role
from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from listing.conditions import Field
from listing.filters import Language
from products.models import Product
from roadmap.models import Baseline, Roadmap
from roadmap.models.baseline import may_keep


class BaselineSerializer(NounSerializer):
    """A moment of plans with a name: of a `product`'s, of a kept `roadmap`'s, or, without either, of the portfolio's. `day` is of the workspace's
    zone and means its end; without it, it is now."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key", required=False, allow_null=True)
    roadmap = Related(Roadmap, required=False, allow_null=True)
    day = serializers.DateField(required=False)
    made_by = serializers.CharField(source="made_by.public_id", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Baseline
        fields = ["id", "version", "product", "roadmap", "name", "day", "moment", "made_by", "created_at"]
        read_only_fields = ["moment", "created_at"]

    def validate_product(self, product: Product | None) -> Product | None:
        return self._staying("product", product)

    def validate_roadmap(self, roadmap: Roadmap | None) -> Roadmap | None:
        return self._staying("roadmap", roadmap)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("product") is not None and given.get("roadmap") is not None:
            raise serializers.ValidationError(_now("A baseline is of a product or of a roadmap. Name one of the two."))
        return given

    def _staying(self, name: str, place: Any) -> Any:
        if self.instance is not None and place != getattr(self.instance, name):
            raise serializers.ValidationError(_now("A baseline stays where it is."))
        return place


class BaselineViewSet(Creates, Edits, Deletes):
    """Baselines: named days of roadmaps, `?product=DSP` for those of one product. Those of products and of the portfolio take a manager, those of
    a kept roadmap whoever may change it."""

    model = Baseline
    serializer_class = BaselineSerializer
    roles = dict.fromkeys(("list", "retrieve", "create", "partial_update", "destroy"), Role.VIEWER)

    def rows(self) -> Any:
        return Baseline.objects.select_related("product", "roadmap", "workspace", "made_by")

    def language(self) -> Language | None:
        return Language.of(self.request.workspace, Field("product", _("Product"), "choice", "product__key"))

    def perform_create(self, fields: dict[str, Any]) -> Baseline:
        product, roadmap = fields.pop("product", None), fields.pop("roadmap", None)
        place = product or roadmap or self.member.workspace
        self._require(place)
        return Baseline.keep(place, by=self.actor, **fields)

    def perform_update(self, row: Baseline, fields: dict[str, Any], seen: int | None) -> None:
        self._require(row.place)
        for name in ("product", "roadmap"):
            fields.pop(name, None)
        row.edit(by=self.actor, seen=seen, **fields)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self._require(self.get_object().place)
        return super().destroy(request, *args, **kwargs)

    def _require(self, place: Product | Roadmap | Workspace) -> None:
        if not may_keep(self.member, place):
            raise exceptions.PermissionDenied
