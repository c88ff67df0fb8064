"""Share links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.refusals import Refused
from accounts.roles import Role
from config import clock
from listing.api import Creates, Deletes, NounSerializer, Related
from products.models import Product
from roadmap.api.parts import PLANNING, managed_by
from roadmap.forms.share_links import filter_of
from roadmap.models import SharedField, ShareLink
from roadmap.sharing.audience_check import check
from roadmap.sharing.sites import origins_of


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

    def validate_expires_at(self, moment: datetime | None) -> datetime | None:
        if moment is not None and moment <= clock.now():
            raise serializers.ValidationError(_("This moment is over. Choose a later one."))
        return moment

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
        return rows.filter(product__in=managed_by(self.member))

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
