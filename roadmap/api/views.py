from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from listing.api import BY_ADMINS, Creates, Deletes, Edits
from listing.conditions import Field
from listing.filters import Language
from listing.pages import Sort
from products.models import Product
from roadmap.api.serializers import (
    ComponentSerializer,
    CustomFieldSerializer,
    ItemLinkSerializer,
    ItemSerializer,
    ItemTemplateSerializer,
    MilestoneSerializer,
    RequirementSerializer,
    ShareLinkSerializer,
    StatusSerializer,
)
from roadmap.backlog.filters import item_language, linked_to, of_item
from roadmap.models import (
    Component,
    CustomField,
    FieldKind,
    Item,
    ItemLink,
    ItemTemplate,
    Milestone,
    Requirement,
    ShareLink,
    Status,
)
from roadmap.sharing.audience_check import check

PLANNING = {
    "list": Role.VIEWER,
    "retrieve": Role.VIEWER,
    "create": Role.MANAGER,
    "partial_update": Role.MANAGER,
    "destroy": Role.MANAGER,
}


class ItemViewSet(Creates, Edits, Deletes):
    """Items of all products that the token's member sees, addressed by key: `/api/v1/items/DSP-214/`."""

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
    }

    def rows(self) -> Any:
        return Item.objects.for_rows().select_related(
            "its_type", "iteration", "initiative", "problem", "component", "parent__product", "thread"
        )

    def language(self) -> Language | None:
        return item_language(self.request.workspace)

    def get_object(self) -> Item:
        product_key, _mark, number = self.kwargs["key"].rpartition("-")
        item = self.get_queryset().filter(product__key=product_key.upper(), number=number).first()
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
            binned = binned.filter(product__in=_managed_by(self.member))
        return binned.for_rows().select_related(
            "its_type", "iteration", "initiative", "problem", "component", "parent__product", "thread", "workspace"
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Back from the bin."""
        item = self.get_object()
        item.restore(by=self.actor)
        return self._answer(item)

    def perform_create(self, fields: dict[str, Any]) -> Item:
        product = fields.pop("product")
        fields.pop("reason", "")
        self.require_at(product)
        item = Item.add(product, by=self.actor, **fields)
        item.refresh_from_db()
        return item

    def perform_update(self, row: Item, fields: dict[str, Any], seen: int | None) -> None:
        row.edit(by=self.actor, seen=seen, **{"reason": "", **fields})


class MilestoneViewSet(Creates, Edits, Deletes):
    """The dated markers of the timelines."""

    model = Milestone
    serializer_class = MilestoneSerializer
    roles = PLANNING

    def rows(self) -> Any:
        return Milestone.objects.select_related("product", "workspace")

    def perform_create(self, fields: dict[str, Any]) -> Milestone:
        product = fields.pop("product")
        self.require_at(product)
        return Milestone.add(product.workspace, by=self.actor, product=product, **fields)


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
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Out of the archive."""
        row = self.get_object()
        row.take_up(by=self.actor)
        return self._answer(row)


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
        done = fields.pop("is_done", None)
        with Change.open("requirement.edited", by=self.actor, workspace=row.workspace) as change:
            if fields:
                row.edit(by=change, seen=seen, **fields)
            if done is not None and done != row.is_done:
                row.mark(done, by=change)


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


class StatusViewSet(Creates, Edits, Deletes):
    """The workspace's statuses, in order. One that is in use is deleted with `?to=`, the status that its items get."""

    model = Status
    serializer_class = StatusSerializer
    place_field = ""
    sorts = [Sort("position"), Sort("pk")]
    roles = BY_ADMINS

    def rows(self) -> Any:
        return Status.objects.select_related("workspace")

    def perform_create(self, fields: dict[str, Any]) -> Status:
        return Status.add(self.request.workspace, by=self.actor, **fields)  # type: ignore[attr-defined]

    @extend_schema(parameters=[OpenApiParameter("to", str, description="The id of the status that its items get.")])
    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = request.query_params.get("to", "").replace("\0", "")
        to = self.get_queryset().filter(public_id=wanted).first() if wanted else None
        if wanted and to is None:
            raise Refused(_("There is no status with the id in `to`."))
        self.get_object().remove(by=self.actor, to=to)
        return Response(status=204)


class ItemLinkViewSet(Creates, Deletes):
    """Links between items; `?item=DSP-214` for those of one, from either end."""

    model = ItemLink
    serializer_class = ItemLinkSerializer
    roles = PLANNING

    def rows(self) -> Any:
        return ItemLink.objects.select_related("item__product", "other__product", "product", "workspace")

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return ItemLink.objects.none()
        return self.rows().between_visible(self.member)

    def language(self) -> Language | None:
        return Language.of(self.request.workspace, Field("item", _("Item"), "row", "item", search=linked_to))

    def perform_create(self, fields: dict[str, Any]) -> ItemLink:
        item, word, other = fields["item"], fields["kind"], fields["other"]
        self.require_at(item.product)
        if word in ("duplicates", "duplicated"):
            self.require_at(other.product)
        return ItemLink.add(item, word, other, by=self.actor)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.get_object().remove(by=self.actor)
        return Response(status=204)


class ShareLinkViewSet(Creates, Deletes):
    """Share links; DELETE revokes. Reading one takes a manager too: its path lets anybody in."""

    model = ShareLink
    serializer_class = ShareLinkSerializer
    roles = {**PLANNING, "list": Role.MANAGER, "retrieve": Role.MANAGER}

    def rows(self) -> Any:
        return ShareLink.objects.select_related("product", "workspace")

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return rows.filter(product__in=_managed_by(self.member))

    def perform_create(self, fields: dict[str, Any]) -> ShareLink:
        product = fields.pop("product")
        self.require_at(product)
        draft = ShareLink(
            workspace=product.workspace, product=product, **{k: v for k, v in fields.items() if k != "password"}
        )
        terms = check(draft, self.member).terms()  # a program has no eyes: what it opens counts as looked at
        return ShareLink.open_to(product, fields.pop("audience"), by=self.actor, **fields, **terms)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.get_object().revoke(by=self.actor)
        return Response(status=204)


def _managed_by(member: Member) -> Any:
    return Product.objects.changeable_by(member, Role.MANAGER)
