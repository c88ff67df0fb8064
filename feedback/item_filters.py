"""What feedback lets items be filtered by: how many customers ask for them, and whether any evidence stands behind them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace
from feedback.demand import VOICES_OF
from feedback.models import Importance, Insight
from listing.conditions import Field
from products.models import Product
from roadmap.backlog import filters

EVIDENCE = {"none": _("None"), "feedback": _("What customers say"), "problem": _("A problem"), "goal": _("A goal")}
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le, "exact": operator.eq,
}  # fmt: skip
IN_SQL = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "exact": "="}


def register() -> None:
    filters.add(_asked)
    filters.add(_evidence)


def _asked(workspace: Workspace, product: Product | None) -> Field:
    return Field("asked", _("Customers asking"), "number", "pk", through=partial(asked_by, workspace, product))


def _evidence(workspace: Workspace, product: Product | None) -> Field:
    return Field("evidence", _("Evidence"), "choice", "pk", _kinds_of_evidence, through=with_evidence)


def _kinds_of_evidence() -> Iterable[tuple[str, Any]]:
    return EVIDENCE.items()


def asked_by(workspace: Workspace, product: Product | None, condition: Q) -> Q:
    """Items for which so many distinct customers ask (see feedback.demand); a condition that nought meets finds those, too, for
    which nobody asks."""
    lookup, wrapped = condition.children[0]
    word = lookup.partition("__")[2] or "exact"
    number = Decimal(wrapped.value)
    met = COMPARED[word](0, number)
    items = (
        "IN (SELECT id FROM roadmap_item WHERE product_id = %s)"
        if product
        else "IN (SELECT id FROM roadmap_item WHERE workspace_id = %s)"
    )
    place = product.pk if product else workspace.pk
    having = f"{'NOT ' if met else ''}count(*) {IN_SQL[word]} %s"
    sql = f"{VOICES_OF.format(items=items)} SELECT item_id FROM counted GROUP BY item_id HAVING {having}"  # noqa: S608 - words of ours
    found = Q(pk__in=RawSQL(sql, (place, place, Importance.IMPORTANT.value, number)))  # noqa: S611 - values are parameters
    return ~found if met != condition.negated else found


def with_evidence(condition: Q) -> Q:
    """Items behind which such evidence stands."""
    _lookup, kinds = condition.children[0]
    said = Q(Exists(Insight.objects.filter(item=OuterRef("pk"), conversation__deleted_at=None)))
    problem, goal = Q(problem__isnull=False), Q(objective__isnull=False)
    parts = {"none": ~said & ~problem & ~goal, "feedback": said, "problem": problem, "goal": goal}
    found = Q(pk__in=[])
    for kind in kinds:
        found |= parts.get(kind, Q(pk__in=[]))
    return ~found if condition.negated else found
