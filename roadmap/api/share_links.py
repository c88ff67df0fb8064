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
from roadmap.api.parts import PLANNING
from roadmap.forms.share_links import filter_of
from roadmap.models import CustomField, Roadmap, SharedField, SharedLanes, ShareLink
from roadmap.sharing.audience_check import check
from roadmap.sharing.places import SharePlace
from roadmap.sharing.sites import origins_of

#: Of a list that a program sends.
MOST_FIELDS = 100


class SharedProducts(serializers.ManyRelatedField):
    """The products that a link of several shows now, by key."""

    def get_attribute(self, instance: Any) -> Any:
        return instance.parts if instance.product_id is None else []


class ShareLinkSerializer(NounSerializer):
    """A link of a `product`, or with a `title` of several `products`: of a kept `roadmap` that they are on or, without one, of the portfolio.
    What its audience sees besides titles is in `fields_allowed`. The password is written, never read.
    """

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key", required=False, allow_null=True)
    products = SharedProducts(child_relation=Related(Product, slug_field="key"), required=False)
    roadmap = Related(Roadmap, required=False, allow_null=True)
    fields_allowed = serializers.ListField(
        source="fields", child=serializers.CharField(max_length=12), default=list, max_length=MOST_FIELDS,
        help_text=f"Of {', '.join(SharedField.values)}, and keys of the workspace's own fields.",
    )  # fmt: skip
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
            "products",
            "roadmap",
            "title",
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

    def validate_fields_allowed(self, names: list[str]) -> list[str]:
        own = CustomField.objects.filter(workspace=self.context["request"].workspace, key__in=names)
        known = {*SharedField.values, *own.values_list("key", flat=True)}
        for name in names:
            if name not in known:
                raise serializers.ValidationError(_("There is no field “%(name)s”.") % {"name": name})
        return list(dict.fromkeys(names))

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
        """It is of one product or of several, and a filter is kept only where it can be read."""
        product, products, roadmap = fields.get("product"), fields.get("products") or [], fields.get("roadmap")
        if (product is None) == (not products):
            raise serializers.ValidationError(
                _("A link is of a product, or of products with a title. Send one of the two.")
            )
        if product is not None and (roadmap is not None or fields.get("title")):
            raise serializers.ValidationError(_("A link of a product has no roadmap and no title of its own."))
        if product is not None and fields.get("lanes") == SharedLanes.PRODUCT:
            raise serializers.ValidationError({"lanes": _("A link of one product has no lanes by product.")})
        if roadmap is not None and {one.pk for one in products} - {*roadmap.links.values_list("product", flat=True)}:
            raise serializers.ValidationError({"products": _("One of these products is not on the roadmap.")})
        if fields.get("query"):
            try:
                workspace = (product or products[0]).workspace
                fields["query"] = filter_of(workspace, product, fields["query"])
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
        return ShareLink.objects.select_related("product", "workspace", "roadmap").with_parts()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return self.rows().shareable_by(self.member)

    def perform_create(self, fields: dict[str, Any]) -> ShareLink:
        product, products, roadmap = (
            fields.pop("product", None),
            fields.pop("products", []),
            fields.pop("roadmap", None),
        )
        for one in [product] if product is not None else products:
            self.require_at(one)
        place = SharePlace(self.member, self.member.workspace, product, roadmap)
        if product is None:
            fields.setdefault("lanes", SharedLanes.PRODUCT.value)
        terms = {name: value for name, value in fields.items() if name != "password"}
        draft = place.draft(of_products=sorted({one.pk for one in products}), **terms)
        terms = check(draft, self.member).terms()  # a program has no eyes: what it opens counts as looked at
        if product is not None:
            return ShareLink.open_to(product, by=self.actor, **fields, **terms)
        fields.setdefault("title", place.title)
        return ShareLink.open_of(place.workspace, products, by=self.actor, roadmap=roadmap, **fields, **terms)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.get_object().revoke(by=self.actor)
        return Response(status=204)
