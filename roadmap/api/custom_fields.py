"""The workspace's own fields of items. (Their values stand in items.)"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from listing.api import BY_ADMINS, Creates, Deletes, Edits, NounSerializer
from listing.bodies import Body
from roadmap.models import CustomField, FieldKind


class OptionSerializer(Body):
    key = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)


class CustomFieldSerializer(NounSerializer):
    """A field of the workspace's own. `key` is what `fields` of an item and filters call it. A new list takes the names of
    its options; later they are renamed and taken out in the settings, which say what that touches."""

    id = serializers.CharField(source="public_id", read_only=True)
    options = OptionSerializer(many=True, required=False)

    class Meta:
        model = CustomField
        fields = ["id", "version", "key", "name", "kind", "options", "default", "required_from", "created_at"]
        read_only_fields = ["key", "created_at"]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if self.instance is not None and {"kind", "options"} & set(fields):
            raise serializers.ValidationError(_("Kind and options of a field stay as they were made."))
        if "options" in fields:
            fields["options"] = [one["name"] for one in fields["options"]]
        return fields


class CustomFieldViewSet(Creates, Edits, Deletes):
    """The workspace's own fields of items, in the order in which they are shown."""

    model = CustomField
    serializer_class = CustomFieldSerializer
    place_field = ""
    roles = BY_ADMINS

    def rows(self) -> Any:
        return CustomField.objects.select_related("workspace")

    def perform_create(self, fields: dict[str, Any]) -> CustomField:
        name, kind = fields.pop("name"), fields.pop("kind", FieldKind.TEXT)
        return CustomField.define(self.request.workspace, name, kind, by=self.actor, **fields)
