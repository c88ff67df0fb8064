from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Member, Workspace
from accounts.roles import Role
from listing.api import Creates, Deletes, Edits
from listing.conditions import Field
from listing.filters import Language
from listing.pages import Sort
from products.api.serializers import (
    InitiativeSerializer,
    KeyResultSerializer,
    ObjectiveSerializer,
    ProblemSerializer,
    ProductLineSerializer,
    ProductSerializer,
)
from products.models import Health, Initiative, KeyResult, Objective, Problem, Product, ProductLine, Stage
from products.models.problem import ProblemState
from products.models.product import Kind

MANAGED = {
    "list": Role.VIEWER,
    "retrieve": Role.VIEWER,
    "create": Role.MANAGER,
    "partial_update": Role.MANAGER,
    "destroy": Role.MANAGER,
}


class ProductViewSet(Creates, Edits, Deletes):
    """Products that the token's member sees, addressed by key. DELETE archives, `restore` brings back."""

    model = Product
    serializer_class = ProductSerializer
    lookup_field = "key"
    lookup_value_regex = r"[A-Za-z][A-Za-z0-9]{1,9}"
    sorts = [Sort("key"), Sort("pk")]
    roles = {**MANAGED, "restore": Role.MANAGER}

    def rows(self) -> Any:
        return Product.objects.select_related("line", "lead", "workspace")

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.with_role_of(self.member)

    def place_of(self, row: Product) -> Product:
        return row

    @extend_schema(request=None, responses=ProductSerializer)
    @action(detail=True, methods=["post"], takes_body=False)
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring an archived product back; repeating it does no harm."""
        rows = Product.objects.with_deleted().visible_to(self.member).with_role_of(self.member)
        row = get_object_or_404(rows.select_related("line", "lead", "workspace"), key=kwargs["key"].upper())
        self.check_object_permissions(request, row)

        def write() -> Response:
            row.restore(by=self.actor)
            return self._answer(row)

        return self.once(write)

    def language(self) -> Language:
        return product_language(self.request.workspace)  # type: ignore[attr-defined]

    def get_object(self) -> Product:
        self.kwargs["key"] = self.kwargs["key"].upper()
        return super().get_object()

    def perform_create(self, fields: dict[str, Any]) -> Product:
        self.require_at(None)
        return Product.introduce(
            self.request.workspace,  # type: ignore[attr-defined]
            fields.pop("key"),
            fields.pop("name"),
            by=self.actor,
            **fields,
        )


class ProductLineViewSet(Creates, Edits, Deletes):
    model = ProductLine
    serializer_class = ProductLineSerializer
    place_field = ""
    roles = MANAGED

    def perform_create(self, fields: dict[str, Any]) -> ProductLine:
        return ProductLine.add(self.request.workspace, by=self.actor, **fields)  # type: ignore[attr-defined]


class PartViewSet(Creates, Edits, Deletes):
    """A part of a strategy: of a product, or of the workspace. The role at the product decides."""

    roles = MANAGED

    def rows(self) -> Any:
        return self.model._default_manager.select_related("product", "lead", "workspace")

    def perform_create(self, fields: dict[str, Any]) -> Any:
        self.require_at(fields.get("product"))
        return self.model.add(self.request.workspace, by=self.actor, **fields)  # type: ignore[attr-defined]


class ObjectiveViewSet(PartViewSet):
    model = Objective
    serializer_class = ObjectiveSerializer

    def rows(self) -> Any:
        return super().rows().prefetch_related("key_results")

    def language(self) -> Language:
        return part_language(
            self.request.workspace,  # type: ignore[attr-defined]
            Field("name", _("Name"), "text", "name"),
            Field("health", _("Health"), "choice", "health", lambda: Health.choices),
        )


class KeyResultViewSet(PartViewSet):
    model = KeyResult
    serializer_class = KeyResultSerializer

    def rows(self) -> Any:
        return KeyResult.objects.filter(objective__deleted_at=None).select_related("product", "objective", "workspace")

    def language(self) -> Language:
        return part_language(
            self.request.workspace,  # type: ignore[attr-defined]
            Field("objective", _("Objective"), "choice", "objective__public_id"),
        )

    def perform_create(self, fields: dict[str, Any]) -> KeyResult:
        objective = fields.pop("objective")
        self.require_at(objective.product)
        return KeyResult.add_to(objective, by=self.actor, **fields)


class InitiativeViewSet(PartViewSet):
    model = Initiative
    serializer_class = InitiativeSerializer

    def rows(self) -> Any:
        return super().rows().select_related("product", "objective", "lead", "workspace")

    def language(self) -> Language:
        return part_language(
            self.request.workspace,  # type: ignore[attr-defined]
            Field("objective", _("Objective"), "choice", "objective__public_id"),
            Field("health", _("Health"), "choice", "health", lambda: Health.choices),
        )


class ProblemViewSet(PartViewSet):
    model = Problem
    serializer_class = ProblemSerializer

    def rows(self) -> Any:
        return Problem.objects.select_related("product", "workspace")

    def language(self) -> Language:
        return part_language(
            self.request.workspace,  # type: ignore[attr-defined]
            Field("state", _("State"), "choice", "state", lambda: ProblemState.choices),
            Field("statement", _("Statement"), "text", "statement"),
        )


def product_language(workspace: Workspace) -> Language:
    """What products can be filtered by."""

    def leads() -> Iterable[tuple[str, Any]]:
        rows = Member.objects.current().filter(workspace=workspace).select_related("user")
        return ((member.public_id, member.name) for member in rows)

    return Language.of(
        workspace,
        Field("name", _("Name"), "text", "name"),
        Field("stage", _("Stage"), "choice", "stage", lambda: Stage.choices),
        Field("health", _("Health"), "choice", "health", lambda: Health.choices),
        Field("kind", _("Kind"), "choice", "kind", lambda: Kind.choices),
        Field("line", _("Line"), "choice", "line__public_id"),
        Field("lead", _("Lead"), "choice", "lead__public_id", leads),
    )


def part_language(workspace: Workspace, *fields: Field) -> Language:
    return Language.of(workspace, Field("product", _("Product"), "choice", "product__key"), *fields)
