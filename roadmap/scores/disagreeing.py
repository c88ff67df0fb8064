"""Where the order by hand and the scores disagree, told from the columns of the items alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.prepared import Prepared
from products.models import Product
from roadmap.models import Category, ItemLink, LinkKind, scoring_of
from ui.words import gettext as _

OVER = (Category.SHIPPED, Category.DROPPED)


def disagreements(rows: Sequence[Any], product: Product) -> dict[int, str]:
    """Of rows in the order of rank: those that stand right above one that scores higher → which, and why. Rows that are over or have no
    score are looked through. The rows were read with NEEDED (roadmap/backlog/rows.py)."""
    open_rows = [row for row in rows if row.score is not None and row.status__category not in OVER]
    pairs = [(row, below) for row, below in zip(open_rows, open_rows[1:], strict=False) if below.score > row.score]
    formula, told = scoring_of(product).first, {}
    for row, below in pairs:
        why = _("%(key)s needs it") % {"key": f"{product.key}-{row.needed_by}"} if row.needed_by else ""
        why = why or why_by_columns(
            row.status__category, row.release__name, row.release__ends_on, row.starts_on,
            below.status__category, below.release__ends_on, below.starts_on,
        )  # fmt: skip
        told[row.pk] = _("Ranked above %(other)s, which scores higher (%(score)s): %(why)s.") % {
            "other": f"{product.key}-{below.number}",
            "score": formula.shown(below.score),
            "why": why or _("it was placed by hand"),
        }
    return told


def needed_by(ids: list[int]) -> dict[int, int]:
    """Of these items: the number of one of the same product that needs it and is not over. One statement, none for none."""
    return dict(WAITING.rows(ids)) if ids else {}


def waiting(product: Any) -> QuerySet[ItemLink]:
    """The links by which items of the product that are not over need another one."""
    rows = ItemLink.objects.filter(kind=LinkKind.NEEDS, item__deleted_at=None, item__product=product)
    return rows.exclude(item__status__category__in=OVER)


def number_waiting() -> Subquery:
    """Beside each item of a statement: the number of one of its product that needs it."""
    links = waiting(OuterRef("product")).filter(other=OuterRef("pk"))
    return Subquery(links.order_by("item__number").values("item__number")[:1])


WAITING = Prepared(
    lambda ids: (
        waiting(F("other__product"))
        .filter(other__among=ids)
        .order_by("-item__number")
        .values_list("other", "item__number")
    )
)


def why_by_columns(
    category: str,
    release: str | None,
    ends_on: Any,
    starts_on: Any,
    other_category: str,
    other_ends_on: Any,
    other_starts_on: Any,
) -> str:
    """Why the first may stand before the other: work that is going on, or dates. Empty where the columns say nothing."""
    if category == Category.BUILDING != other_category:
        return _("it is being built")
    if ends_on and (other_ends_on is None or ends_on < other_ends_on):
        return _("its release %(name)s comes first") % {"name": release}
    if starts_on and (other_starts_on is None or starts_on < other_starts_on):
        return _("it starts earlier")
    return ""
