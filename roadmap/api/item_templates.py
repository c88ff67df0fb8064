"""What descriptions begin with."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from listing.api import BY_ADMINS, Creates, Deletes, Edits, NounSerializer
from roadmap.api.item_types import TypeKey
from roadmap.models import ItemTemplate


class ItemTemplateSerializer(NounSerializer):
    """What descriptions of one type begin with; `{title}` and the like are put in."""

    id = serializers.CharField(source="public_id", read_only=True)
    type = TypeKey()

    class Meta:
        model = ItemTemplate
        fields = ["id", "version", "type", "text"]


class ItemTemplateViewSet(Creates, Edits, Deletes):
    """The workspace's templates of descriptions, one for each type of item."""

    model = ItemTemplate
    serializer_class = ItemTemplateSerializer
    place_field = ""
    roles = BY_ADMINS

    def rows(self) -> Any:
        return ItemTemplate.objects.select_related("workspace")

    def perform_create(self, fields: dict[str, Any]) -> ItemTemplate:
        return ItemTemplate.add(self.request.workspace, by=self.actor, **fields)
