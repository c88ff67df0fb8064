"""The rows of the table of items: tuples that are read in one statement, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Subquery
from django.db.models.functions import Substr

from accounts.models import Member
from accounts.prepared import Prepared
from listing.pages import SIZE, Page, PreparedPages, Sort, page_of
from products.models import Product
from roadmap.disagreeing import OVER
from roadmap.filters import own_sort, own_text
from roadmap.models import CustomField, Item
from roadmap.orders import OrderedBy
from roadmap.searching import is_searched

#: A row's values by the path that leads to them, so that any of them can be sorted by.
PATHS = (
    "pk", "number", "change_id", "rank", "title", "type", "status__public_id", "status__name", "status__category",
    "status__position", "lead__user__name", "lead__public_id", "objective__name", "objective__public_id", "release__name",
    "component__name", "component__public_id", "release__public_id", "release__ends_on", "horizon", "is_internal", "starts_on", "ends_on", "certainty", "reach", "impact", "confidence", "effort",
    "score", "second_score", "factors", "measured",
)  # fmt: skip


#: A type's place is read only where rows are in its order.
BY_TYPE = "its_type__position"


@dataclass(frozen=True)
class OwnSort(Sort):
    """By one of the workspace's own fields, whose place in an order, or whose text as it is kept (or its first `cut` signs), is annotated
    under `name`."""

    own: CustomField | None = None
    as_text: bool = False
    cut: int = 0

    @property
    def expression(self) -> Any:
        assert self.own is not None
        text = own_text(self.own)
        if self.cut:
            return Substr(text, 1, self.cut)
        return text if self.as_text else own_sort(self.own)


def rows_of(member: Member, product: Product, condition: Q, more: tuple[str, ...] = ()) -> Any:
    """Rows of the table as tuples; `more` names columns that not every table needs."""
    return Item.objects.visible_to(member).of(product).filter(condition).values_list(*PATHS, *more, named=True)


def _keys_of(member: Member, product: Product, condition: Q, more: tuple[str, ...]) -> Any:
    """Searched items are found by an index that knows no order."""
    if not is_searched(condition):
        return None
    return Item.objects.visible_to(member).of(product).filter(condition), rows_of(member, product, Q(), more)


PAGES = PreparedPages(Item, rows_of, _keys_of)
ONE = Prepared(lambda member, product, number, *more: rows_of(member, product, Q(number=number), more))
OWN = ("custom",)


def _below(member: Member, product: Product, number: int) -> Any:
    here = Item.objects.filter(product=product, number=number).values("rank")[:1]
    scored = rows_of(member, product, Q(score__isnull=False)).exclude(status__category__in=OVER)
    return scored.filter(rank__gt=Subquery(here)).order_by("rank")[:1]


#: The next one in the order by hand that is open and has a score.
BELOW = Prepared(_below)


def page_of_rows(
    member: Member,
    product: Product,
    condition: Q,
    sorts: list[Sort],
    after: str = "",
    *,
    own: bool = False,
    size: int = SIZE,
) -> Page[Any]:
    """50 rows of the product after the cursor `after`, in one statement; with the values of own fields where `own` says so.

    Raises Refused on a broken cursor.
    """
    more = (*(OWN if own else ()), *(sort.name for sort in sorts if sort.name == BY_TYPE))
    added = annotations_of(sorts)
    if added:
        items = Item.objects.visible_to(member).of(product).annotate(**added).filter(condition)
        return page_of(items.values_list(*PATHS, *more, *added, named=True), sorts, after, size)
    return PAGES.page(member, product, sorts=sorts, after=after, size=size, variant=(condition, more))


def annotations_of(sorts: Iterable[Sort]) -> dict[str, Any]:
    return {sort.name: sort.expression for sort in sorts if isinstance(sort, OwnSort | OrderedBy)}
