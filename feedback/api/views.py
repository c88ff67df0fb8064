from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.places import Guarded
from accounts.roles import Role
from feedback.api.serializers import (
    ContactSerializer,
    ContractSerializer,
    ConversationSerializer,
    CustomerSerializer,
    IdeaSerializer,
    InsightSerializer,
    VoteSerializer,
)
from feedback.filters import (
    contact_language,
    contract_language,
    conversation_language,
    customer_language,
    idea_language,
    insight_language,
    vote_language,
)
from feedback.models import Contact, Conversation, Customer, CustomerProduct, Idea, Insight, Vote
from listing.api import Creates, Deletes, Edits, NounViewSet
from listing.filters import Language
from listing.pages import Sort
from products.models import Product
from roadmap.models import Item

READ = {"list": Role.VIEWER, "retrieve": Role.VIEWER}
MANAGED = {**READ, "create": Role.MANAGER, "partial_update": Role.MANAGER, "destroy": Role.MANAGER}


class CustomerViewSet(Creates, Edits, Deletes):
    """Customers. What they pay for a product is a contract."""

    model = Customer
    serializer_class = CustomerSerializer
    place_field = ""
    sorts = [Sort("name"), Sort("pk")]
    roles = MANAGED

    def language(self) -> Language:
        return customer_language(self.member)

    def perform_create(self, fields: dict[str, Any]) -> Customer:
        return Customer.add(self.request.workspace, by=self.actor, **fields)


class ContractViewSet(Creates, Edits, Deletes):
    """What customers pay a year for products, with the days of the contract; one for each customer and product."""

    model = CustomerProduct
    serializer_class = ContractSerializer
    roles = MANAGED

    def rows(self) -> Any:
        return CustomerProduct.objects.filter(customer__deleted_at=None).select_related("customer", "product")

    def language(self) -> Language:
        return contract_language(self.member)

    def perform_create(self, fields: dict[str, Any]) -> CustomerProduct:
        self.require_at(fields["product"])
        customer = fields.pop("customer")
        return customer.pays(**{"annual_revenue": 0, **fields}, by=self.actor)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.get_object().end(by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ContactViewSet(Creates, Edits, Deletes):
    """People at customers. Adding one whose e-mail is known answers with that contact, filled in."""

    model = Contact
    serializer_class = ContactSerializer
    place_field = ""
    sorts = [Sort("name"), Sort("pk")]
    roles = {**MANAGED, "create": Role.CONTRIBUTOR}

    def rows(self) -> Any:
        return Contact.objects.select_related("customer")

    def language(self) -> Language:
        return contact_language(self.member)

    def perform_create(self, fields: dict[str, Any]) -> Contact:
        return Contact.add(self.request.workspace, by=self.actor, **fields)


class ConversationViewSet(Creates, Edits, Deletes):
    """Raw feedback as it came in. `state` done takes it out of the inbox."""

    model = Conversation
    serializer_class = ConversationSerializer
    sorts = [Sort("received_at", descending=True), Sort("pk", descending=True)]
    roles = {**MANAGED, "create": Role.CONTRIBUTOR, "partial_update": Role.CONTRIBUTOR}

    def rows(self) -> Any:
        return Conversation.objects.for_rows().select_related("product", "lead")

    def language(self) -> Language:
        return conversation_language(self.member)

    def perform_create(self, fields: dict[str, Any]) -> Conversation:
        self.require_at(fields.get("product"))
        return Conversation.receive(
            self.request.workspace, fields.pop("subject"), fields.pop("text"), by=self.actor, **fields
        )

    def perform_update(self, row: Conversation, fields: dict[str, Any], seen: int | None) -> None:
        if "product" in fields:
            self.require_at(fields["product"])
        super().perform_update(row, fields, seen)


class InsightViewSet(Creates, Edits, Deletes):
    """Passages of conversations, linked to an item or a problem. They follow the item's or problem's product."""

    model = Insight
    serializer_class = InsightSerializer
    sorts = [Sort("pk", descending=True)]
    roles = {
        **READ,
        "create": Role.CONTRIBUTOR,
        "partial_update": Role.CONTRIBUTOR,
        "destroy": Role.CONTRIBUTOR,
    }

    def rows(self) -> Any:
        rows = Insight.objects.select_related("conversation", "item__product", "problem__product")
        if not hasattr(self.request, "member"):
            return rows
        seen = Conversation.objects.visible_to(self.member).filter(pk=OuterRef("conversation_id"))
        return rows.annotate(conversation_is_visible=Exists(seen))

    def language(self) -> Language:
        return insight_language(self.member)

    def place_of(self, row: Insight) -> Guarded | None:
        return row.target.product

    def perform_create(self, fields: dict[str, Any]) -> Insight:
        conversation: Conversation = fields.pop("conversation")
        target = fields.get("item") or fields.get("problem")
        self.require_at(conversation.product)
        self.require_at(target.product if target else conversation.product)
        fields.setdefault("importance", Insight._meta.get_field("importance").default)
        return conversation.link(fields.pop("passage"), by=self.actor, **fields)


class IdeaViewSet(NounViewSet):
    """Ideas of the portal, to be read. `item` is given where the token's member sees it."""

    model = Idea
    serializer_class = IdeaSerializer
    sorts = [Sort("pk", descending=True)]
    roles = READ

    def rows(self) -> Any:
        rows = Idea.objects.select_related("product", "contact", "item__product", "merged_into").defer("search")
        if not hasattr(self.request, "member"):
            return rows
        seen = Item.objects.visible_to(self.member).filter(pk=OuterRef("item_id"))
        shown = Product.objects.visible_to(self.member)
        return rows.annotate(item_is_visible=Exists(seen)).with_public_status(shown).with_votes()

    def language(self) -> Language:
        return idea_language(self.member)


class VoteViewSet(NounViewSet):
    """Votes on ideas, to be read."""

    model = Vote
    serializer_class = VoteSerializer
    sorts = [Sort("pk", descending=True)]
    roles = READ

    def rows(self) -> Any:
        return Vote.objects.filter(idea__deleted_at=None).select_related("idea", "contact", "member")

    def language(self) -> Language:
        return vote_language(self.member)
