from __future__ import annotations

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import Refused
from accounts.roles import Role
from listing.api import NAMED, Creates, Edits, NounViewSet
from listing.pages import Sort
from products.models import Product
from usage.api.serializers import FigureSerializer, IngestKeySerializer, RejectedEventSerializer, UsageKeySerializer
from usage.figures import FIGURES, feature_keys
from usage.models import PRODUCT_SCOPE, IngestKey, MetricDay, RejectedEvent, UsageKey
from usage.rollup.watermark import complete_through


class UsageKeyViewSet(Creates, Edits):
    """What the keys of the events measure."""

    model = UsageKey
    serializer_class = UsageKeySerializer
    sorts = [Sort("key"), Sort("public_id")]
    roles = {**NAMED, "create": Role.MANAGER, "partial_update": Role.MANAGER}

    def rows(self) -> Any:
        return UsageKey.objects.select_related("product", "workspace").prefetch_related("items__product")

    def perform_create(self, fields: dict[str, Any]) -> UsageKey:
        product = fields["product"]
        self.require_at(product)
        row = UsageKey.measure(product, fields["key"], fields.get("items"), name=fields.get("name"), by=self.actor)
        return self.rows().get(pk=row.pk)

    def perform_update(self, row: UsageKey, fields: dict[str, Any], seen: int | None) -> None:
        UsageKey.measure(row.product, row.key, fields.get("items"), name=fields.get("name"), seen=seen, by=self.actor)
        row.refresh_from_db(from_queryset=self.rows())


class IngestKeyViewSet(Creates):
    """The write-only keys of products, for those who may manage them. DELETE revokes."""

    model = IngestKey
    serializer_class = IngestKeySerializer
    sorts = [Sort("created_at", descending=True), Sort("public_id")]
    roles = {"list": Role.MANAGER, "retrieve": Role.MANAGER, "create": Role.MANAGER, "destroy": Role.MANAGER}

    def rows(self) -> Any:
        mine = Product.objects.changeable_by(self.member, Role.MANAGER)
        return IngestKey.objects.valid().filter(product__in=mine).select_related("product", "workspace")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The secret joins the answer after it was stored for its Idempotency-Key: nothing keeps it but the caller."""
        self.secret = ""
        response = super().create(request, *args, **kwargs)
        if self.secret:
            response.data = {**response.data, "secret": self.secret}
        return response

    def perform_create(self, fields: dict[str, Any]) -> IngestKey:
        self.require_at(fields["product"])
        key, self.secret = IngestKey.issue(fields["product"], fields["name"], by=self.actor)
        key.refresh_from_db()
        return key

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.get_object().revoke(by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RejectedEventViewSet(NounViewSet):
    """Events that were not counted, newest first, for admins. They have no address of their own: only the list is routed."""

    model = RejectedEvent
    serializer_class = RejectedEventSerializer
    sorts = [Sort("id", descending=True)]
    roles = {"list": Role.ADMIN}
    place_field = ""

    def rows(self) -> Any:
        return RejectedEvent.objects.select_related("product", "batch__ingest_key")


class FigureViewSet(NounViewSet):
    """Figures of a product as tables, such as `/api/v1/usage-figures/DSP/?figure=lifecycle_week`."""

    model = MetricDay
    serializer_class = FigureSerializer
    roles = NAMED
    lookup_field = "key"
    lookup_value_regex = "[A-Za-z0-9]{1,10}"

    @extend_schema(responses=FigureSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Their names and columns."""
        known = [{"figure": name, "columns": figure.columns} for name, figure in FIGURES.items()]
        return Response({"results": known, "next": None})

    @extend_schema(
        parameters=[
            OpenApiParameter("figure", str, enum=[*FIGURES], default="metrics_day"),
            OpenApiParameter(
                "scope", str, description="`*` (default) or the key of a feature; not with adoption_last28."
            ),
            OpenApiParameter("until", date, description="adoption_last28: the last of the 28 days."),
        ]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        product = get_object_or_404(Product.objects.visible_to(self.member), key=kwargs["key"].upper())
        name = request.query_params.get("figure", "metrics_day")
        if name not in FIGURES:
            raise Refused(_("`figure` is one of %(names)s.") % {"names": ", ".join(FIGURES)})
        columns, rows_of = FIGURES[name]
        if name == "adoption_last28":
            rows = rows_of(product, _day(request.query_params.get("until", "")))
        else:
            rows = rows_of(product, self._scope(product))
        return Response({"figure": name, "columns": columns, "rows": rows, "through": complete_through(product.pk)})

    def _scope(self, product: Product) -> int:
        key = self.request.query_params.get("scope", "*")
        if key == "*":
            return PRODUCT_SCOPE
        scope = next((scope for scope, known in feature_keys(product).items() if known == key), None)
        if scope is None:
            raise Refused(_("No event of this product names the feature %(key)s.") % {"key": key[:60]})
        return scope


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_("`until` is a day such as 2026-03-31.")) from None
