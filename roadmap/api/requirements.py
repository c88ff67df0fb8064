"""The checklists of items."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from changes.models import Change
from listing.api import Creates, Deletes, Edits, NounSerializer
from listing.bodies import Body
from listing.conditions import Field
from listing.filters import Language
from listing.pages import Sort
from roadmap.api.parts import PLANNING, ItemByKey
from roadmap.backlog.filters import of_item
from roadmap.models import Item, Requirement
from roadmap.models.requirement import LONGEST_CRITERION


class AcceptanceCriterionSerializer(Body):
    text = serializers.CharField(max_length=LONGEST_CRITERION)
    met = serializers.BooleanField(default=False)


class RequirementSerializer(NounSerializer):
    """A line of an item's checklist. It is done when all its criteria are met; without any, when `done` is set."""

    id = serializers.CharField(source="public_id", read_only=True)
    item = ItemByKey()
    criteria = AcceptanceCriterionSerializer(many=True, required=False)
    done = serializers.BooleanField(source="is_done", required=False)

    class Meta:
        model = Requirement
        fields = ["id", "version", "item", "kind", "text", "criteria", "done", "done_at", "created_at"]
        read_only_fields = ["done_at", "created_at"]

    def validate_item(self, item: Item) -> Item:
        if self.instance is not None and item.pk != self.instance.item_id:
            raise serializers.ValidationError(_("A requirement stays with its item."))
        return item


class RequirementViewSet(Creates, Edits, Deletes):
    """Lines of the checklists of items, in order; `?item=DSP-214` for those of one."""

    model = Requirement
    serializer_class = RequirementSerializer
    roles = PLANNING
    sorts = [Sort("item_id"), Sort("rank"), Sort("pk")]

    def rows(self) -> Any:
        rows = Requirement.objects.filter(item__deleted_at=None)
        return rows.select_related("product", "workspace", "item__product")

    def language(self) -> Language | None:
        return Language.of(self.request.workspace, Field("item", _("Item"), "row", "item", search=of_item))

    def perform_create(self, fields: dict[str, Any]) -> Requirement:
        item, done = fields.pop("item"), fields.pop("is_done", None)
        self.require_at(item.product)
        with Change.open("requirement.added", by=self.actor, workspace=item.workspace) as change:
            made = Requirement.add_to(item, fields.pop("text"), by=change, **fields)
            if done:
                made.mark(True, by=change)
        return made

    def perform_update(self, row: Requirement, fields: dict[str, Any], seen: int | None) -> None:
        fields.pop("item", None)
        row.edit(by=self.actor, seen=seen, done=fields.pop("is_done", None), **fields)
