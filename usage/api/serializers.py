from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from listing.api import NounSerializer, Related
from products.models import Product
from roadmap.models import Item
from usage.models import IngestKey, RejectedEvent, UsageKey


class ItemKeys(serializers.ListField):
    """Items by key. They are looked up once the product is known."""

    child = serializers.CharField(max_length=20)

    def to_representation(self, items: Any) -> list[str]:
        return sorted(item.key for item in items.all())


class UsageKeySerializer(NounSerializer):
    """The stable name by which events speak of a feature, and the items whose use it measures."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    items = ItemKeys(required=False, max_length=100)

    class Meta:
        model = UsageKey
        fields = ["id", "version", "product", "key", "name", "items", "linked_at", "created_at"]
        read_only_fields = ["linked_at", "created_at"]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        product = fields.get("product") or self.instance.product
        named = fields.get("key")
        if self.instance is not None and (product != self.instance.product or named not in (None, self.instance.key)):
            raise serializers.ValidationError(_("Product and key of a usage key stay as they are."))
        if "items" in fields:
            fields["items"] = self._items(product, fields["items"])
        return fields

    def _items(self, product: Product, keys: list[str]) -> list[Item]:
        numbers = {key: key.rpartition("-") for key in keys}
        wanted = {
            key: int(number)
            for key, (prefix, _dash, number) in numbers.items()
            if prefix.upper() == product.key and number.isascii() and number.isdigit() and len(number) < 10
        }
        rows = Item.objects.visible_to(self.member).of(product).filter(number__in=wanted.values())
        found = {item.number: item for item in rows}
        unknown = [key for key in keys if wanted.get(key) not in found]
        if unknown:
            raise serializers.ValidationError(
                {"items": _("There is no item %(keys)s in this product.") % {"keys": ", ".join(unknown)}}
            )
        return [found[number] for number in dict.fromkeys(wanted.values())]


class IngestKeySerializer(NounSerializer):
    """`secret` is in the first answer to the POST, and never again."""

    id = serializers.CharField(source="public_id", read_only=True)
    product = Related(Product, slug_field="key")
    secret = serializers.SerializerMethodField()

    class Meta:
        model = IngestKey
        fields = ["id", "version", "product", "name", "hint", "created_at", "secret"]
        read_only_fields = ["hint", "created_at"]

    def get_secret(self, key: IngestKey) -> str | None:
        return self.context.get("secret")


class RejectedEventSerializer(serializers.ModelSerializer[RejectedEvent]):
    """An event that was not counted, as it came."""

    product = serializers.CharField(source="product.key", read_only=True)
    sender = serializers.CharField(source="batch.ingest_key.name", read_only=True, default=None)

    class Meta:
        model = RejectedEvent
        fields = ["product", "received_at", "sender", "line", "reason", "detail", "event"]


class FigureSerializer(serializers.Serializer[Any]):
    """A figure of a product as a table. `scope` is `*`, the product as a whole, or the key of a feature."""

    figure = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(), required=False)
    through = serializers.DateField(required=False, allow_null=True, help_text="The last complete day.")
