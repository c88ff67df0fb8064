from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Member, Team
from accounts.roles import Role
from listing.api import Creates, Deletes, Edits, NounSerializer, Related
from listing.conditions import Field
from listing.filters import Language
from products.models import Product
from roadmap.api.comparisons import Compares, compares
from roadmap.api.parts import SCOPES
from roadmap.backlog.filters import item_language
from roadmap.models import Roadmap, RoadmapProduct
from roadmap.plans.designs import Layout
from roadmap.time_machine.states import Asked


class SeenProducts(serializers.ManyRelatedField):
    """Of the products that a roadmap is of, those that the token's member sees, by key."""

    def get_attribute(self, instance: Any) -> Any:
        return instance.seen_products


class RoadmapSerializer(NounSerializer):
    """A kept roadmap: of which `products`, laid out how, filtered by what (`query`, as in a backlog's address), for whom.

    `lanes` and `shows` take names as an address does, and keys of the workspace's own fields. `starts` and `ends` are months from this one.
    `limits` says how many cards a board's column should hold, by the column's id.
    """

    id = serializers.CharField(source="public_id", read_only=True)
    products = SeenProducts(child_relation=Related(Product, slug_field="key"), allow_empty=False)
    team = Related(Team, required=False, allow_null=True)
    owner = Related(Member, read_only=True)
    scope = serializers.ChoiceField(choices=SCOPES, read_only=True)
    shows = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=40)
    limits = serializers.DictField(child=serializers.IntegerField(min_value=1, max_value=999), required=False)

    class Meta:
        model = Roadmap
        fields = [
            "id", "version", "name", "products", "layout", "lanes", "colours", "precision", "starts", "ends", "shows", "query",
            "limits", "scope", "is_shared", "team", "owner", "created_at",
        ]  # fmt: skip
        read_only_fields = ["created_at"]


class HeldProduct(Field):
    """The products that a roadmap is of, apart from those out of the member's sight: by these it is neither found nor left out."""

    @property
    def there(self) -> Q:
        return Q(pk__isnull=False)

    def among(self, values: Iterable[str]) -> Q:
        assert self.values is not None
        seen = {key for key, _name in self.values()}.intersection(values)
        return Q(pk__in=RoadmapProduct.objects.filter(product__key__in=sorted(seen)).values("roadmap"))


class RoadmapViewSet(Compares, Creates, Edits, Deletes):
    """Kept roadmaps: one's own, those of one's teams, and those for everybody, of which one sees a product."""

    model = Roadmap
    serializer_class = RoadmapSerializer
    roles = {
        "list": Role.VIEWER,
        "retrieve": Role.VIEWER,
        "create": Role.VIEWER,
        "partial_update": Role.VIEWER,
        "destroy": Role.VIEWER,
        "comparison": Role.VIEWER,
    }

    def rows(self) -> Any:
        return Roadmap.objects.select_related("workspace", "owner__user", "team").with_seen_products(self.member)

    def language(self) -> Language | None:
        return Language.of(
            self.request.workspace,
            Field("layout", _("Layout"), "choice", "layout", lambda: Layout.choices),
            HeldProduct("product", _("Product"), "choice", "pk", self._products, inside="product"),
        )

    def _products(self) -> Any:
        return Product.objects.visible_to(self.member).values_list("key", "name")

    def perform_create(self, fields: dict[str, Any]) -> Roadmap:
        products = fields.pop("products")
        Roadmap.refuse_scope(self.member, is_shared=fields.get("is_shared", False), team=fields.get("team"))
        roadmap = Roadmap.keep(
            self.member.workspace, fields.pop("name"), products, by=self.actor, owner=self.member, **fields
        )
        roadmap.seen_products = products
        return roadmap

    def perform_update(self, row: Roadmap, fields: dict[str, Any], seen: int | None) -> None:
        self._require_change(row)
        if {"is_shared", "team"} & fields.keys():
            shared, team = fields.get("is_shared", row.is_shared), fields.get("team", row.team)
            Roadmap.refuse_scope(self.member, is_shared=shared, team=team)
        row.edit(by=self.actor, seen=seen, chosen_by=self.member, **fields)
        if "products" in fields:
            row.seen_products = fields["products"]

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self._require_change(self.get_object())
        return super().destroy(request, *args, **kwargs)

    @compares
    @action(detail=True, methods=["get"], pagination_class=None)
    def comparison(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What changed in it between two moments, of those of its products that one sees, filtered as it is kept or as the address says."""
        row = self.get_object()
        asked, products = row.asked(request.query_params), row.seen_products
        language = item_language(self.member.workspace, products[0] if len(products) == 1 else None)
        expression = language.from_query(asked.query)
        condition = language.compile(expression) if expression["all"] else None
        ids, by_horizon = tuple(one.pk for one in products), asked.design.layout == Layout.HORIZONS
        return self.compared(Asked(self.member, ids, condition, by_horizon=by_horizon), row)

    def _require_change(self, row: Roadmap) -> None:
        if not row.may_be_changed_by(self.member):
            raise exceptions.PermissionDenied
