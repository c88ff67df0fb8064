"""What several nouns of plans have in common: fields of theirs, and who may write them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Member
from accounts.roles import Role
from products.models import Product
from roadmap.items.picking import of_key
from roadmap.models import Item

#: For whom a saved view or a kept roadmap is.
SCOPES = ["private", "team", "workspace"]
#: Who may do what with plans, in most nouns of theirs.
PLANNING = {
    "list": Role.VIEWER,
    "retrieve": Role.VIEWER,
    "create": Role.MANAGER,
    "partial_update": Role.MANAGER,
    "destroy": Role.MANAGER,
}


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
            item = of_key(rows, product, int(number), member)
            if item is not None:
                return item
        raise serializers.ValidationError(_("There is no item of this key."))


def managed_by(member: Member) -> Any:
    """Products whose plans the member manages."""
    return Product.objects.changeable_by(member, Role.MANAGER)
