from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from accounts.models import Member, Team
from accounts.roles import Role
from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from listing.conditions import Field
from listing.filters import Language
from products.models import Product
from roadmap.api.parts import SCOPES
from roadmap.models import SavedView


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


class SavedViewViewSet(Creates, Edits, Deletes):
    """Saved views of backlogs: one's own, those of one's teams, and those for everybody."""

    model = SavedView
    serializer_class = SavedViewSerializer
    roles = {
        "list": Role.VIEWER,
        "retrieve": Role.VIEWER,
        "create": Role.VIEWER,
        "partial_update": Role.VIEWER,
        "destroy": Role.VIEWER,
    }

    def rows(self) -> Any:
        return SavedView.objects.select_related("product", "workspace", "owner__user", "team")

    def language(self) -> Language | None:
        return Language.of(self.request.workspace, Field("product", _("Product"), "choice", "product__key"))

    def perform_create(self, fields: dict[str, Any]) -> SavedView:
        product = fields.pop("product")
        self.require_at(product)
        shared, team = fields.get("is_shared", False), fields.get("team")
        SavedView.refuse_scope(self.member, product, is_shared=shared, team=team)
        return SavedView.add(product.workspace, by=self.actor, product=product, owner=self.member, **fields)

    def perform_update(self, row: SavedView, fields: dict[str, Any], seen: int | None) -> None:
        self._require_change(row)
        fields.pop("product", None)
        if {"is_shared", "team"} & fields.keys():
            shared, team = fields.get("is_shared", row.is_shared), fields.get("team", row.team)
            SavedView.refuse_scope(self.member, row.product, is_shared=shared, team=team)
        row.edit(by=self.actor, seen=seen, **fields)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self._require_change(self.get_object())
        return super().destroy(request, *args, **kwargs)

    def _require_change(self, row: SavedView) -> None:
        if not row.may_be_changed_by(self.member):
            raise exceptions.PermissionDenied
