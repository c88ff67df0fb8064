"""The workspace's types of items in the API, and how items name them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from accounts.refusals import Refused
from listing.api import BY_ADMINS, Creates, Deletes, Edits, NounSerializer
from listing.pages import Sort
from roadmap.models import ItemType, types_of


@extend_schema_field(str)
class TypeKey(serializers.CharField):
    """One of the workspace's types by its key (see /item-types/)."""

    def to_internal_value(self, data: Any) -> str:
        key = super().to_internal_value(data)
        if "types" not in self.context:
            self.context["types"] = {one.key for one in types_of(self.context["request"].workspace.pk)}
        if key not in self.context["types"]:
            raise serializers.ValidationError(_("There is no type of items with this key."))
        return key


class ItemTypeSerializer(NounSerializer):
    """A type of items. `key` is what `type` of an item and filters call it; it never changes. Of `kind` epic are those that
    have others under them. `position` is the place among all, from 0."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = ItemType
        fields = ["id", "version", "key", "name", "kind", "icon", "tone", "position", "created_at"]
        read_only_fields = ["key", "created_at"]


class ItemTypeViewSet(Creates, Edits, Deletes):
    """The workspace's types of items, in order. One that is in use is deleted with `?to=`, the type that its items get."""

    model = ItemType
    serializer_class = ItemTypeSerializer
    place_field = ""
    sorts = [Sort("position"), Sort("pk")]
    roles = BY_ADMINS

    def rows(self) -> Any:
        return ItemType.objects.select_related("workspace")

    def perform_create(self, fields: dict[str, Any]) -> ItemType:
        return ItemType.add(self.request.workspace, by=self.actor, **fields)  # type: ignore[attr-defined]

    @extend_schema(parameters=[OpenApiParameter("to", str, description="The id of the type that its items get.")])
    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = request.query_params.get("to", "").replace("\0", "")
        to = self.get_queryset().filter(public_id=wanted).first() if wanted else None
        if wanted and to is None:
            raise Refused(_("There is no type with the id in `to`."))
        self.get_object().remove(by=self.actor, to=to)
        return Response(status=204)
