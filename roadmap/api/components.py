"""The parts of products."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from products.models import Product
from roadmap.api.parts import PLANNING
from roadmap.models import Component


class ComponentSerializer(NounSerializer):
    """A named part of a product. `archived`: its items keep it, no other item gets it."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    lead = Related(Member, required=False, allow_null=True)
    archived = serializers.BooleanField(source="is_archived", read_only=True)

    class Meta:
        model = Component
        fields = ["id", "version", "product", "name", "lead", "archived", "created_at"]
        read_only_fields = ["created_at"]

    def validate_product(self, product: Product) -> Product:
        if self.instance is not None and product != self.instance.product:
            raise serializers.ValidationError(_("A component stays in its product."))
        return product


class ComponentViewSet(Creates, Edits, Deletes):
    """The parts of products. One that items have is archived, or deleted with `?to=`, the component that its items get."""

    model = Component
    serializer_class = ComponentSerializer
    roles = {**PLANNING, "restore": Role.MANAGER}

    def rows(self) -> Any:
        return Component.objects.select_related("product", "workspace", "lead__user")

    def perform_create(self, fields: dict[str, Any]) -> Component:
        product = fields.pop("product")
        self.require_at(product)
        return Component.add(product.workspace, by=self.actor, product=product, **fields)

    @extend_schema(parameters=[OpenApiParameter("to", str, description="The id of the component that its items get.")])
    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        row = self.get_object()
        wanted = request.query_params.get("to", "").replace("\0", "")
        to = self.get_queryset().of(row.product).filter(public_id=wanted).first() if wanted else None
        if wanted and to is None:
            raise Refused(_("There is no component with the id in `to`."))
        row.remove(by=self.actor, to=to)
        return Response(status=204)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], takes_body=False)
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Out of the archive."""
        row = self.get_object()
        row.take_up(by=self.actor)
        return self._answer(row)
