from __future__ import annotations

from typing import Any

from django.http import Http404

from accounts.roles import Role
from listing.api import Creates, Deletes, Edits
from listing.filters import Language
from listing.pages import Sort
from roadmap.api.serializers import ItemSerializer
from roadmap.filters import item_language
from roadmap.models import Item


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
    }

    def rows(self) -> Any:
        return Item.objects.for_rows().select_related("initiative", "problem", "parent__product")

    def language(self) -> Language | None:
        return item_language(self.request.workspace)

    def get_object(self) -> Item:
        product_key, _dash, number = self.kwargs["key"].rpartition("-")
        item = self.get_queryset().filter(product__key=product_key.upper(), number=number).first()
        if item is None:
            raise Http404
        self.check_object_permissions(self.request, item)
        return item

    def perform_create(self, fields: dict[str, Any]) -> Item:
        product = fields.pop("product")
        self.require_at(product)
        item = Item.add(product, by=self.actor, **fields)
        item.refresh_from_db()
        return item
