from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Member
from feedback.models import Contact, Conversation, Customer, CustomerProduct, Idea, Insight, Vote
from listing.api import NounSerializer, Related
from products.models import Problem, Product
from roadmap.items.picking import of_key
from roadmap.models import Item


class CustomerSerializer(NounSerializer):
    class Meta:
        model = Customer
        fields = [
            "public_id", "version", "kind", "name", "domain", "plan", "segment", "annual_revenue", "account_key",
            "created_at",
        ]  # fmt: skip
        read_only_fields = ["created_at"]


class ContractSerializer(NounSerializer):
    """What a customer pays a year for one product. Only products that the token's member sees."""

    customer = Related(Customer)
    product = Related(Product, slug_field="key")

    class Meta:
        model = CustomerProduct
        fields = ["public_id", "version", "customer", "product", "annual_revenue", "starts_on", "ends_on"]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        for name in ("customer", "product"):
            if self.instance is not None and name in fields and fields.pop(name) != getattr(self.instance, name):
                raise serializers.ValidationError({name: _("It stays. Make another contract instead.")})
        start, end = (fields.get(name, getattr(self.instance, name, None)) for name in ("starts_on", "ends_on"))
        if start and end and end < start:
            raise serializers.ValidationError({"ends_on": _("The contract ends before it starts.")})
        return fields


class ContactSerializer(NounSerializer):
    customer = Related(Customer, required=False, allow_null=True)

    class Meta:
        model = Contact
        fields = ["public_id", "version", "name", "role", "email", "customer", "created_at"]
        read_only_fields = ["created_at"]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        known = {name: fields.get(name, getattr(self.instance, name, "")) for name in ("name", "email")}
        if not any(known.values()):
            raise serializers.ValidationError({"name": _("A contact needs a name or an e-mail.")})
        return fields


class ConversationSerializer(NounSerializer):
    product = Related(Product, slug_field="key", required=False, allow_null=True)
    customer = Related(Customer, required=False, allow_null=True)
    contact = Related(Contact, required=False, allow_null=True)
    lead = Related(Member, required=False, allow_null=True)

    class Meta:
        model = Conversation
        fields = [
            "public_id", "version", "subject", "text", "source", "product", "customer", "contact", "state", "lead",
            "received_at", "created_at",
        ]  # fmt: skip
        read_only_fields = ["created_at"]


@extend_schema_field(str)
class ItemByKey(serializers.Field[Item, Any, str, Any]):
    """An item by its key, among those visible to the token's member."""

    def to_internal_value(self, data: Any) -> Item:
        key, _dash, number = str(data)[:20].upper().rpartition("-")
        if isinstance(data, str) and "\0" not in data and number.isascii() and number.isdigit() and len(number) < 10:
            member = self.context["request"].member
            rows = Item.objects.visible_to(member).select_related("product")
            item = of_key(rows, key, int(number), member)
            if item is not None:
                return item
        raise serializers.ValidationError(_("There is no item with this key."))

    def to_representation(self, value: Item) -> str:
        return value.key


class InsightSerializer(NounSerializer):
    """A passage of a conversation as evidence for an item or a problem. `conversation` is null where it is out of sight."""

    conversation = Related(Conversation)
    item = ItemByKey(required=False, allow_null=True)
    problem = Related(Problem, required=False, allow_null=True)

    class Meta:
        model = Insight
        fields = ["public_id", "version", "conversation", "item", "problem", "passage", "importance", "created_at"]
        read_only_fields = ["created_at"]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        for name in ("conversation", "item", "problem", "passage"):
            if self.instance is not None and name in fields and fields.pop(name) != getattr(self.instance, name):
                raise serializers.ValidationError({name: _("It stays. Link the passage anew instead.")})
        return fields

    def to_representation(self, instance: Any) -> Any:
        shown = super().to_representation(instance)
        reachable = getattr(instance, "conversation_is_visible", None)
        if reachable is None:
            visible = Conversation.objects.visible_to(self.context["request"].member)
            reachable = visible.filter(pk=instance.conversation_id).exists()
        return shown if reachable else {**shown, "conversation": None}


class IdeaSerializer(NounSerializer):
    product = Related(Product, slug_field="key", required=False, allow_null=True)
    contact = Related(Contact, read_only=True, allow_null=True)
    item = serializers.SerializerMethodField()
    merged_into = Related(read_only=True, allow_null=True)
    votes = serializers.IntegerField(source="vote_count", read_only=True)
    status = serializers.CharField(source="public_status", read_only=True)

    class Meta:
        model = Idea
        fields = [
            "public_id", "version", "title", "description", "product", "contact", "item", "merged_into", "answer",
            "declined_at", "votes", "status", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_item(self, idea: Idea) -> str | None:
        """The item's key, where the token's member sees it."""
        return idea.item.key if idea.item is not None and getattr(idea, "item_is_visible", False) else None


class VoteSerializer(NounSerializer):
    idea = Related(read_only=True)
    contact = Related(read_only=True, allow_null=True)
    member = Related(read_only=True, allow_null=True)

    class Meta:
        model = Vote
        fields = ["public_id", "version", "idea", "contact", "member", "importance", "cast_at"]
        read_only_fields = fields
