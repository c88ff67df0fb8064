from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Member, Team
from accounts.refusals import Refused
from listing.api import NounSerializer, Related
from products.models import Initiative, Objective, Problem, Product
from roadmap.api.item_types import TypeKey
from roadmap.api.scorecards import FactorValues
from roadmap.forms.share_links import filter_of
from roadmap.models import (
    Component,
    CustomField,
    Item,
    ItemLink,
    ItemTemplate,
    Iteration,
    Milestone,
    Release,
    Requirement,
    SavedView,
    SharedField,
    ShareLink,
    Status,
    read_values,
)
from roadmap.models.item_links import WORDS
from roadmap.models.requirement import LONGEST_CRITERION
from roadmap.sharing.sites import origins_of


def reason_field() -> serializers.CharField:
    """Why it is changed: kept with the change, written only."""
    return serializers.CharField(write_only=True, required=False, allow_blank=True, max_length=1000)


@extend_schema_field(str)
class ItemByKey(serializers.CharField):
    """An item by its key, among those visible to the member."""

    def to_representation(self, value: Item) -> str:
        return value.key

    def to_internal_value(self, data: Any) -> Item:  # type: ignore[override]
        product, _dash, number = super().to_internal_value(data).upper().rpartition("-")
        if product and number.isascii() and number.isdigit() and len(number) < 10:
            member = self.context["request"].member
            rows = Item.objects.visible_to(member).select_related("product", "workspace")
            item = rows.filter(product__key=product, number=number).first()
            if item is not None:
                return item
        raise serializers.ValidationError(_("There is no item of this key."))


@extend_schema_field({"type": "object", "additionalProperties": True})
class OwnValues(serializers.Field[Any, Any, Any, Any]):
    """The workspace's own fields by key (see /custom-fields/): options by key or name, people by id, null for nothing.

    Those that are not sent stay as they are.
    """

    def to_representation(self, value: Any) -> dict[str, Any]:
        return {key: value[key] for key in self._keys() if key in value}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("An object of values by the keys of fields."))
        try:
            return read_values(self.context["request"].workspace, data)
        except Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal

    def _keys(self) -> list[str]:
        """Of the fields that there are, asked once for a list."""
        if "own_keys" not in self.context:
            rows = CustomField.objects.filter(workspace=self.context["request"].workspace)
            self.context["own_keys"] = list(rows.values_list("key", flat=True))
        return self.context["own_keys"]


#: For whom a saved view or a kept roadmap is.
SCOPES = ["private", "team", "workspace"]


class ItemSerializer(NounSerializer):
    """An item. `key` is its address; related rows are given by key or public id.

    `reason` says why: it is asked for where a planned end moves later by more than the product allows (`slip_days`).
    """

    key = serializers.CharField(read_only=True)
    product = Related(Product, slug_field="key")
    type = TypeKey(required=False)
    type_name = serializers.CharField(source="its_type.name", read_only=True)
    kind = serializers.CharField(source="its_type.kind", read_only=True)
    status = Related(Status, required=False)
    status_name = serializers.CharField(source="status.name", read_only=True)
    lead = Related(Member, required=False, allow_null=True)
    release = Related(Release, required=False, allow_null=True)
    iteration = Related(Iteration, required=False, allow_null=True)
    objective = Related(Objective, required=False, allow_null=True)
    initiative = Related(Initiative, required=False, allow_null=True)
    problem = Related(Problem, required=False, allow_null=True)
    component = Related(Component, required=False, allow_null=True)
    score = serializers.DecimalField(max_digits=20, decimal_places=2, read_only=True, allow_null=True)
    second_score = serializers.DecimalField(max_digits=20, decimal_places=2, read_only=True, allow_null=True)
    factors = FactorValues(required=False)
    measured = serializers.JSONField(read_only=True)
    parent = ItemByKey(required=False, allow_null=True, help_text=_("The epic above, by its key."))
    fields = OwnValues(source="custom", required=False)  # type: ignore[assignment]
    thread = serializers.CharField(source="thread.public_id", read_only=True, default=None, allow_null=True)
    reason = reason_field()

    class Meta:
        model = Item
        fields = [
            "key", "version", "product", "number", "type", "type_name", "kind", "title", "description", "status", "status_name", "lead",
            "reach", "impact", "confidence", "effort", "score", "second_score", "factors", "measured", "release", "iteration", "objective", "initiative", "problem", "component",
            "parent", "thread", "horizon", "is_internal", "starts_on", "ends_on", "certainty", "progress_from", "progress", "tags", "fields", "shipped_at", "created_at", "source",
            "source_id", "source_data", "reason",
        ]  # fmt: skip
        read_only_fields = ["number", "shipped_at", "created_at", "source", "source_id", "source_data"]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """What belongs to a product stays in it: a release of another product is refused."""
        product = fields.get("product") or self.instance.product
        if self.instance is not None and "product" in fields and fields.pop("product") != self.instance.product:
            raise serializers.ValidationError({"product": _("An item is moved to another product by its own verb.")})
        for name in ("release", "iteration", "objective", "initiative", "problem", "component", "parent"):
            related = fields.get(name)
            if related is not None and related.product_id not in (product.pk, None):
                raise serializers.ValidationError({name: _("This belongs to another product.")})
        start, end = (fields.get(name, getattr(self.instance, name, None)) for name in ("starts_on", "ends_on"))
        if start and end and end < start:
            raise serializers.ValidationError({"ends_on": _("The end lies before the start.")})
        return fields


class MilestoneSerializer(NounSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")

    class Meta:
        model = Milestone
        fields = ["id", "version", "product", "name", "day", "created_at"]
        read_only_fields = ["created_at"]

    def validate_product(self, product: Product) -> Product:
        if self.instance is not None and product != self.instance.product:
            raise serializers.ValidationError(_("A milestone stays in its product."))
        return product


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


class StatusSerializer(NounSerializer):
    """`position` is the place among all statuses, from 0; categories follow one another. `leads_to` holds the ids of the
    statuses that an item may get after this one; empty means any."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Status
        fields = ["id", "version", "name", "category", "public_name", "position", "leads_to"]


class ItemLinkSerializer(NounSerializer):
    """`item` needs `other`, relates to it or duplicates it. `blocks` and `duplicated` say the same from the other end:
    such a link is answered as it is kept, with the ends changed."""

    id = serializers.CharField(source="public_id", read_only=True)
    item = ItemByKey()
    kind = serializers.ChoiceField([(word, label) for word, (_kind, _turned, label) in WORDS.items()], default="needs")
    other = ItemByKey()

    class Meta:
        model = ItemLink
        fields = ["id", "version", "item", "kind", "other"]


class OptionSerializer(serializers.Serializer[Any]):
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


class SavedViewSerializer(NounSerializer):
    """A question asked of a backlog under a name: `query` is the part of its address behind the question mark.

    It is for its owner alone, for a `team` that they are in, or for all who see the product (`is_shared`).
    """

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    team = Related(Team, required=False, allow_null=True)
    owner = Related(Member, read_only=True)
    scope = serializers.ChoiceField(choices=SCOPES, read_only=True)

    class Meta:
        model = SavedView
        fields = ["id", "version", "product", "name", "query", "scope", "is_shared", "team", "owner", "created_at"]
        read_only_fields = ["created_at"]

    def validate_product(self, product: Product) -> Product:
        if self.instance is not None and product != self.instance.product:
            raise serializers.ValidationError(_("A view stays at its product."))
        return product


class ItemTemplateSerializer(NounSerializer):
    """What descriptions of one type begin with; `{title}` and the like are put in."""

    id = serializers.CharField(source="public_id", read_only=True)
    type = TypeKey()

    class Meta:
        model = ItemTemplate
        fields = ["id", "version", "type", "text"]


class AcceptanceCriterionSerializer(serializers.Serializer[Any]):
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


class ShareLinkSerializer(NounSerializer):
    """The password is written, never read."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    fields_allowed = serializers.ListField(
        source="fields", child=serializers.ChoiceField(SharedField.choices), default=list, max_length=len(SharedField)
    )
    password = serializers.CharField(write_only=True, required=False, min_length=6, max_length=200)
    query = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, help_text=_("A filter, as the backlog's address has it.")
    )
    sites = serializers.ListField(child=serializers.CharField(max_length=270), required=False, max_length=10)
    state = serializers.CharField(read_only=True)
    path = serializers.SerializerMethodField()

    class Meta:
        model = ShareLink
        fields = [
            "id",
            "version",
            "product",
            "audience",
            "note",
            "layout",
            "lanes",
            "query",
            "fields_allowed",
            "precision",
            "sites",
            "password",
            "expires_at",
            "state",
            "path",
        ]

    def validate_sites(self, sites: list[str]) -> list[str]:
        try:
            return origins_of(" ".join(sites))
        except Refused as refusal:
            raise serializers.ValidationError(str(refusal)) from refusal

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """A filter is kept only where it can be read."""
        if fields.get("query"):
            try:
                fields["query"] = filter_of(fields["product"], fields["query"])
            except Refused as refusal:
                raise serializers.ValidationError({"query": str(refusal)}) from refusal
        return fields

    def get_path(self, link: ShareLink) -> str:
        return f"/s/{link.token}/"
