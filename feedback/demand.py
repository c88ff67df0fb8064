"""Demand: how many distinct customers ask for an item, what they are worth, and how loud the largest is.

Distinct customers to whom the item is at least important, with their annual revenue in its product, and the largest
customer's share of it. A customer speaks by insights (of its conversations, or those of its contacts) and by the votes
of its contacts on ideas linked to the item; of all these the latest importance counts, once. An insight is as old as its
conversation, a vote as the moment it was cast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, IntegerField, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.beside import Beside
from accounts.models import Member
from accounts.together import Asked, Together
from feedback.models import Idea, Importance, Insight
from products.models import Product
from roadmap.models import Item

VOICES_OF = """
WITH voice AS (
    SELECT insight.item_id, coalesce(conversation.customer_id, contact.customer_id) AS customer_id,
           insight.importance, conversation.received_at AS said_at, insight.change_id
    FROM feedback_insight insight
    JOIN feedback_conversation conversation ON conversation.id = insight.conversation_id
    LEFT JOIN feedback_contact contact ON contact.id = conversation.contact_id
    WHERE insight.item_id {items} AND insight.deleted_at IS NULL AND conversation.deleted_at IS NULL
  UNION ALL
    SELECT idea.item_id, contact.customer_id, vote.importance, vote.cast_at, vote.change_id
    FROM feedback_idea idea
    JOIN feedback_vote vote ON vote.idea_id = idea.id
    JOIN feedback_contact contact ON contact.id = vote.contact_id AND contact.deleted_at IS NULL
    WHERE idea.item_id {items} AND idea.deleted_at IS NULL AND idea.merged_into_id IS NULL
), latest AS (
    SELECT DISTINCT ON (item_id, customer_id) item_id, customer_id, importance
    FROM voice WHERE customer_id IS NOT NULL
    ORDER BY item_id, customer_id, said_at DESC, change_id DESC
), counted AS (
    SELECT latest.item_id, latest.customer_id, customer.name, latest.importance,
           coalesce(contract.annual_revenue, 0) AS revenue
    FROM latest
    JOIN feedback_customer customer ON customer.id = latest.customer_id AND customer.deleted_at IS NULL
    JOIN roadmap_item item ON item.id = latest.item_id
    LEFT JOIN feedback_customerproduct contract
        ON contract.customer_id = latest.customer_id AND contract.product_id = item.product_id
    WHERE latest.importance >= %s
)
"""
#: Planned alike however many items there are (see AmongSome), so that the plan is kept.
VOICES = VOICES_OF.format(items="= ANY(ARRAY(SELECT unnest(%s::bigint[])))")
SUMS = VOICES + "SELECT item_id, count(*), sum(revenue), max(revenue) FROM counted GROUP BY item_id"  # noqa: S608
#: The same for the rows of a statement, read with them (accounts/beside.py).
TOLD = (
    "SELECT item_id, json_build_array(count(*), sum(revenue)::text, max(revenue)::text) FROM counted GROUP BY item_id"
)
BESIDE = Beside(VOICES_OF.format(items="= ANY(ARRAY(SELECT pk FROM page))") + TOLD, (Importance.IMPORTANT.value,))
NAMES = VOICES_OF.format(items="= %s") + "SELECT name, importance, revenue FROM counted ORDER BY revenue DESC, name"  # noqa: S608


@dataclass(frozen=True)
class Demand:
    """Of one item. `largest` is the revenue of the largest customer that asks for it."""

    customers: int = 0
    revenue: Decimal = Decimal(0)
    largest: Decimal = Decimal(0)

    @property
    def largest_share(self) -> int | None:
        """Percent of the revenue that the largest customer makes; None where nobody pays."""
        return round(self.largest / self.revenue * 100) if self.revenue else None

    @property
    def population(self) -> str:
        return ngettext(
            "%(n)d customer to whom it is at least important",
            "%(n)d customers to whom it is at least important",
            self.customers,
        ) % {"n": self.customers}

    @property
    def period(self) -> str:
        return _("latest importance, annual revenue in this product")


@dataclass(frozen=True)
class Asking:
    """A customer that counts for an item's demand."""

    name: str
    importance: Importance
    revenue: Decimal
    share: float


def demand_of_items(ids: list[int], member: Member) -> dict[int, Demand]:
    """The demand of each item of `ids` that `member` sees. Two statements, however many items."""
    visible = _visible(ids, member)
    found = demand_of_seen(visible)
    return {item: found.get(item, Demand()) for item in visible}


def demand_of_seen(ids: list[int]) -> dict[int, Demand]:
    """The demand of items whose visibility is settled; those without any are left out. One statement."""
    return demand_later(ids, Together())() if ids else {}


def demand_later(ids: list[int], together: Together) -> Callable[[], dict[int, Demand]]:
    """The same, when it is wanted: asked together with the rest of a page."""
    later = together.ask_sql(SUMS, _values(ids), "bigint", "bigint", "numeric", "numeric")
    return lambda: {item: Demand(customers, revenue, largest) for item, customers, revenue, largest in later()}


def demand_of_groups(rows: Any, path: str) -> dict[Any, Demand]:
    """The demand of all items of `rows` that have the same value in `path`, by that value. Each customer counts once in
    a group, with all its revenue. One statement."""
    said = Insight.objects.exclude(item=None).order_by().values("item")
    asked = rows.filter(pk__in=said.union(Idea.objects.exclude(item=None).order_by().values("item")))
    try:
        grouped, values = asked.order_by().values_list("pk", path).query.sql_with_params()
    except EmptyResultSet:
        return {}
    voices = VOICES_OF.format(items="IN (SELECT item_id FROM grouped)").strip().removeprefix("WITH ")
    each = "SELECT DISTINCT grouped.value, customer_id, revenue FROM counted JOIN grouped USING (item_id)"
    summed = f"SELECT value, count(*), sum(revenue), max(revenue) FROM ({each}) each GROUP BY value"  # noqa: S608
    sql = f"WITH grouped (item_id, value) AS MATERIALIZED ({grouped}), {voices} {summed}"  # noqa: S608 - composed by Django, and words of ours
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, Importance.IMPORTANT.value])
        return {value: Demand(customers, revenue, largest) for value, customers, revenue, largest in cursor.fetchall()}


def in_order_of_demand(product: Product) -> Any:
    """How many customers ask for an item of the product, as an expression; NULL where none does. They are counted once for
    the whole list. OFFSET has the item of each voice looked up: a join is planned as if the product had as many items as others.
    """
    items = "IS NOT NULL AND EXISTS (SELECT FROM roadmap_item one WHERE one.id = item_id AND one.product_id = (SELECT %s) OFFSET 0)"
    sizes = "SELECT item_id, count(*) AS size FROM counted GROUP BY item_id"
    sql = f"{VOICES_OF.format(items=items)} SELECT jsonb_object_agg(item_id, size) FROM ({sizes}) each"  # noqa: S608 - words of ours
    counted = RawSQL(sql, (product.pk, product.pk, Importance.IMPORTANT.value), TextField())  # noqa: S611 - values are parameters
    return Func(
        counted, Cast("pk", TextField()), template="(%(expressions)s)::integer", arg_joiner=" ->> ",
        output_field=IntegerField(),
    )  # fmt: skip


def customers_asking_for(item: Item, member: Member) -> list[Asking]:
    """Who makes up the demand of `item`, the largest first."""
    return customers_asking_for_seen(item.pk) if _visible([item.pk], member) else []


def customers_asking_for_seen(item: int) -> list[Asking]:
    """The same for the id of an item whose visibility is settled."""
    _asked, asking = asking_later(item, Together())
    return asking()


def asking_later(item: int, together: Together) -> tuple[Asked, Callable[[], list[Asking]]]:
    """The same, when it is wanted: asked together with the rest of a page. With what it is made of."""
    later = together.ask_sql(NAMES, [item, item, Importance.IMPORTANT.value], "text", "smallint", "numeric")

    def asking() -> list[Asking]:
        rows = later()
        total = sum(revenue for _name, _importance, revenue in rows)
        return [
            Asking(name, Importance(importance), revenue, float(revenue / total) if total else 0.0)
            for name, importance, revenue in rows
        ]

    return later, asking


def demand_by(asking: list[Asking]) -> Demand:
    """The demand that these customers, the largest first, make up."""
    if not asking:
        return Demand()
    return Demand(len(asking), sum((one.revenue for one in asking), Decimal(0)), asking[0].revenue)


def _values(ids: list[int]) -> list[Any]:
    return [ids, ids, Importance.IMPORTANT.value]


def _visible(ids: list[int], member: Member) -> list[int]:
    return list(Item.objects.visible_to(member).filter(pk__in=ids).values_list("pk", flat=True))
