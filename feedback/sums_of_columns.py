"""What the items of a board's column are asked for: distinct customers and their revenue, as roadmap/boards/sums.py wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Member
from accounts.together import Together
from feedback.demand import VOICES_OF
from feedback.models import Importance
from roadmap.boards import sums
from ui import formats

#: Of a column's items only those are looked at that anybody spoke of: they are few, where a column may hold thousands.
#: A customer counts once in a group, with its revenue in each product of which it asks for something there.
GROUPS = """
WITH grouped (name, item_id) AS MATERIALIZED (
    SELECT * FROM ({grouped}) AS column_of (name, item_id) WHERE item_id IN (
        SELECT item_id FROM feedback_insight WHERE deleted_at IS NULL UNION ALL SELECT item_id FROM feedback_idea WHERE deleted_at IS NULL
    )
), found AS ({counted})
SELECT name, count(DISTINCT customer_id), sum(revenue) FROM (
    SELECT DISTINCT grouped.name, found.customer_id, item.product_id, found.revenue
    FROM grouped JOIN found ON found.item_id = grouped.item_id JOIN roadmap_item item ON item.id = grouped.item_id
) each GROUP BY name
"""
COUNTED = VOICES_OF.format(items="IN (SELECT item_id FROM grouped)")
COUNTED += "SELECT item_id, customer_id, revenue FROM counted"


def register() -> None:
    sums.add(sums.Sum("demand", _("Demand"), demand_of_groups))


def demand_of_groups(
    sql: str, values: list[Any], member: Member, together: Together
) -> Callable[[], Mapping[str, str]]:
    """Group → “12 customers · €940k”; what nobody asks for is left out."""
    statement = GROUPS.format(grouped=sql, counted=COUNTED)
    later = together.ask_sql(statement, [*values, Importance.IMPORTANT.value], "text", "bigint", "numeric")
    currency = member.workspace.currency

    def found() -> dict[str, str]:
        return {name: _said(customers, revenue, currency) for name, customers, revenue in later()}

    return found


def _said(customers: int, revenue: Any, currency: str) -> str:
    said = ngettext("%(n)d customer", "%(n)d customers", customers) % {"n": customers}
    return f"{said} · {formats.money(revenue, currency, short=True)}" if revenue else said
