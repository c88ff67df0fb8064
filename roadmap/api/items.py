"""Items, addressed by key."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from listing.bodies import Body
from listing.filters import Language
from listing.pages import Sort
from products.models import Initiative, Objective, Problem, Product
from roadmap.api.item_types import TypeKey
from roadmap.api.parts import ItemByKey, managed_by, reason_field
from roadmap.api.scorecards import FactorValues
from roadmap.backlog.filters import item_language
from roadmap.items.moving import move, require_both
from roadmap.items.picking import of_key
from roadmap.models import Component, CustomField, Item, Iteration, Release, Status, read_values
from roadmap.models.item_rules import PROPOSED


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


class MoveSerializer(Body):
    """`children`: whether items under it come `along` or `stay`, under no epic; to be said where there are any."""

    product = Related(Product, slug_field="key")
    children = serializers.ChoiceField(choices=["along", "stay"], required=False, default="")

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if not fields["children"] and self.context["item"].children.filter(deleted_at=None).exists():
            raise serializers.ValidationError({"children": _("Items stand under this one: say along or stay.")})
        return fields


class ItemViewSet(Creates, Edits, Deletes):
    """Items of all products that the token's member sees, addressed by key: `/api/v1/items/DSP-214/`. Contributors propose them: with title,
    description, type, parent, problem, tags and own fields; the rest takes a manager."""

    model = Item
    serializer_class = ItemSerializer
    lookup_field = "key"
    lookup_value_regex = r"[A-Za-z][A-Za-z0-9]{0,9}-[0-9]{1,9}"
    sorts = [Sort("product__key"), Sort("rank")]
    roles = {
        "list": Role.VIEWER,
        "retrieve": Role.VIEWER,
        "create": Role.CONTRIBUTOR,
        "partial_update": Role.MANAGER,
        "destroy": Role.MANAGER,
        "restore": Role.MANAGER,
        "move": Role.MANAGER,
    }

    def rows(self) -> Any:
        return Item.objects.for_rows().select_related(
            "its_type", "iteration", "initiative", "problem", "component", "parent__product", "thread"
        )

    def language(self) -> Language | None:
        return item_language(self.request.workspace)

    def get_object(self) -> Item:
        product_key, _mark, number = self.kwargs["key"].rpartition("-")
        item = of_key(self.get_queryset(), product_key, int(number), self.member)
        if item is None:
            raise Http404
        self.check_object_permissions(self.request, item)
        return item

    def get_queryset(self) -> Any:
        """`?bin=1`: those that were deleted, of products that the member manages, as on the page of the bin."""
        rows = super().get_queryset()
        if self.request is None or self.action not in ("list", "restore"):
            return rows
        if self.action == "list" and self.request.query_params.get("bin") != "1":
            return rows
        binned = Item.objects.with_deleted().visible_to(self.member).exclude(deleted_at=None)
        if self.action == "list":
            binned = binned.filter(product__in=managed_by(self.member))
        return binned.for_rows().select_related(
            "its_type", "iteration", "initiative", "problem", "component", "parent__product", "thread", "workspace"
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], takes_body=False)
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Back from the bin."""
        item = self.get_object()
        item.restore(by=self.actor)
        return self._answer(item)

    @extend_schema(request=MoveSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """To another product, whose next key it gets; the old one leads to it. It keeps what is its own, and lets go what belongs to the product
        that it leaves: release, iteration, epic, component, goal, initiative, problem."""
        item = self.get_object()
        serializer = MoveSerializer(data=request.data, context={"request": request, "item": item})
        serializer.is_valid(raise_exception=True)
        target, along = serializer.validated_data["product"], serializer.validated_data["children"] == "along"
        require_both(self.member, item.product, target)

        def write() -> Response:
            move(Item.objects.filter(pk=item.pk), item.product, target, along=along, by=self.actor)
            return self._answer(self.get_queryset().get(pk=item.pk))

        return self.once(write)

    def perform_create(self, fields: dict[str, Any]) -> Item:
        product = fields.pop("product")
        fields.pop("reason", "")
        self.require_at(product)
        if fields.keys() - PROPOSED:
            require(self.member, Role.MANAGER, at=product)
        item = Item.add(product, by=self.actor, **fields)
        item.refresh_from_db()
        return item

    def perform_update(self, row: Item, fields: dict[str, Any], seen: int | None) -> None:
        row.edit(by=self.actor, seen=seen, **{"reason": "", **fields})
