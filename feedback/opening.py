"""A conversation that somebody opens, with what it is evidence for and what it might be: read in two statements, the first of them
together with the rest of its page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Func, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.lookups import given
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Later, Together
from feedback.demand import Demand, demand_later
from feedback.evidence_cards import Evidence, as_rows, as_targets
from feedback.models import Conversation, Insight
from feedback.tabs import SORTS, of_tab
from feedback.wording import likeness, worded, worded_among
from products.models.product import ProductRole
from roadmap.models import Item

SUGGESTED = 3
OF_CUSTOMERS = ("workspace", "public_id", "name", "segment", "annual_revenue")
#: What is shown of a conversation that is open, and of those around it.
SHOWN = (
    *("workspace", "public_id", "change_id", "source", "subject", "text", "received_at", "state"),
    *("product__key", "product__name", "product__stage", "product__workspace"),
    *(f"customer__{name}" for name in OF_CUSTOMERS),
    *("contact__public_id", "contact__name", "contact__role", "contact__email"),
    *(f"contact__customer__{name}" for name in OF_CUSTOMERS),
    *("lead__user__name", "lead__user__email", "added_by__user__name", "added_by__user__email"),
)


class Opening:
    """A conversation as `member` sees it."""

    def __init__(self, member: Member, found: Later, linked: Later) -> None:
        self.member, self._found, self._linked = member, found, linked

    @classmethod
    def of(cls, member: Member, public_id: str, together: Together) -> Opening:
        return cls(member, together.ask(OPENED, member, public_id), together.ask(LINKED, member, public_id))

    @classmethod
    def of_known(cls, member: Member, conversation: Conversation, together: Together) -> Opening:
        """Of one that was fetched within the member's reach."""
        return cls(member, lambda: [conversation], together.ask(LINKED, member, conversation.public_id))

    @classmethod
    def of_first(cls, member: Member, tab: str, sort: str, together: Together) -> Opening:
        """The first one of a tab."""
        variant = (tab, sort)
        return cls(
            member, together.ask(FIRST, member, variant=variant), together.ask(LINKED_TO_FIRST, member, variant=variant)
        )

    @cached_property
    def conversation(self) -> Conversation | None:
        found: Any = next(iter(self._found()), None)
        if found is not None and found.product is not None and hasattr(found, "own_role"):
            found.product.own_role = found.own_role
        return found

    def evidence(self, *, suggest: bool) -> tuple[list[Evidence], list[Any]]:
        """What is linked to it; and items whose wording is close to its own and that are not linked yet, where they are wanted."""
        assert self.conversation is not None
        insights, together = self._linked(), Together()
        items = sorted({one.item for one in insights if one.item is not None})
        demand = demand_later(items, together) if items else dict
        wording = likeness(f"{self.conversation.subject} {self.conversation.text}") if suggest else ""
        if wording:
            product, limit = self.conversation.product_id, SUGGESTED + len(items)
            variant = (product is not None, limit)
            suggested = together.ask(WORDED, self.member, wording, product or 0, variant=variant)
        else:
            suggested = list
        free = [item for item in suggested() if item.pk not in items]
        return _numbered(insights, demand()), free[:SUGGESTED]


def _numbered(insights: Iterable[Any], demand: dict[int, Demand]) -> list[Evidence]:
    """By target, in the order of the text."""
    groups = [list(group) for _key, group in groupby(insights, key=lambda one: (one.item, one.problem))]
    groups.sort(key=lambda group: (group[0].starts is None, group[0].starts, group[0].pk))
    return [
        Evidence(number, group, None if (item := group[0].item) is None else demand.get(item, Demand()))
        for number, group in enumerate(groups, start=1)
    ]


def _first(member: Member, tab: str, sort: str) -> Subquery:
    """Its public id."""
    rows = of_tab(member, tab).order_by(*(one.ordering() for one in SORTS[sort]))
    return Subquery(rows.values("public_id")[:1])


def _opened(member: Member, public_id: Any) -> Any:
    """Each with the role that its product gives to the member and with how much its customer said, for which other statements would
    be needed."""
    rows = Conversation.objects.visible_to(member).filter(public_id=public_id)
    given = ProductRole.objects.filter(product=OuterRef("product"), member=member).values("role")
    rows = rows.alias(of=Coalesce("customer_id", "contact__customer_id"))
    rows = rows.annotate(own_role=Subquery(given[:1]), said=Subquery(_said_by(member, OuterRef("of")))).only(*SHOWN)
    return rows.select_related("customer", "contact__customer", "product", "lead__user", "added_by__user")


def _said_by(member: Member, customer: OuterRef) -> Any:
    """How many conversations of a customer the member sees."""
    own = Q(customer=customer) | Q(customer=None, contact__customer=customer)
    rows = Conversation.objects.visible_to(member).filter(own).order_by()
    return rows.values(size=Func("pk", function="COUNT", output_field=IntegerField()))


def _linked(member: Member, public_id: Any) -> Any:
    rows = Insight.objects.visible_to(member).filter(conversation__public_id=public_id)
    return as_rows(rows).order_by("item_id", "problem_id", "starts", "pk")


def _worded(member: Member, query: str, product: int, within: bool, limit: int) -> Any:
    items = Item.objects.visible_to(member)
    rows = worded_among(items.filter(product=given(product)), query) if within else worded(items, query)
    return as_targets(rows)[:limit]


OPENED, LINKED, WORDED = Prepared(_opened), Prepared(_linked), Prepared(_worded)
FIRST = Prepared(lambda member, tab, sort: _opened(member, _first(member, tab, sort)))
LINKED_TO_FIRST = Prepared(lambda member, tab, sort: _linked(member, _first(member, tab, sort)))
