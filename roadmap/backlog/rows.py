"""The rows of the table of items: tuples that are read in one statement, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Subquery
from django.db.models.functions import Substr

from accounts.beside import Besides
from accounts.models import Member
from accounts.prepared import Prepared
from listing.pages import SIZE, Page, PreparedPages, Sort, page_of
from products.models import Product
from roadmap.backlog.orders import OrderedBy
from roadmap.backlog.own_fields import own_sort, own_text
from roadmap.backlog.searching import is_searched
from roadmap.models import CustomField, Item
from roadmap.scores.disagreeing import OVER, number_waiting

#: A row's values by the path that leads to them, so that any of them can be sorted by.
PATHS = (
    "pk", "number", "change_id", "rank", "title", "type", "status__public_id", "status__name", "status__category",
    "status__position", "lead__user__name", "lead__public_id", "objective__name", "objective__public_id", "release__name",
    "component__name", "component__public_id", "release__public_id", "release__ends_on", "horizon", "is_internal", "starts_on", "ends_on", "certainty", "reach", "impact", "confidence", "effort",
    "score", "second_score",
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
    return told(Item.objects.visible_at(product, member).filter(condition), more)


def told(rows: Any, more: tuple[str, ...]) -> Any:
    """What the table shows of items."""
    if "needed_by" in more:
        rows = rows.annotate(needed_by=number_waiting())
    return rows.values_list(*PATHS, *more, named=True)


def _keys_of(sorts: tuple[Sort, ...], member: Member, product: Product, condition: Q, more: tuple[str, ...]) -> Any:
    """Items that no index has in their order, as those that were searched for: put in order first, then read."""
    if sorts[0].name in INDEXED and not is_searched(condition):
        return None
    return Item.objects.visible_at(product, member).filter(condition), rows_of(member, product, Q(), more)


#: The orders of a product's items that an index has.
INDEXED = ("rank", "score", "second_score")
PAGES = PreparedPages(Item, rows_of, _keys_of)
ONE = Prepared(lambda member, product, number, *more: rows_of(member, product, Q(number=number), more))
#: Columns that not every table shows: values of the workspace's own fields, and of factors that are no columns of items.
OWN, FACTORS = ("custom",), ("factors", "measured")
#: In the order of rank: which other item needs it.
NEEDED = ("needed_by",)


def _below(member: Member, product: Product, number: int) -> Any:
    here = Item.objects.filter(product=product, number=number).values("rank")[:1]
    scored = rows_of(member, product, Q(score__isnull=False), NEEDED).exclude(status__category__in=OVER)
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
    more: tuple[str, ...] = (),
    size: int = SIZE,
    besides: Besides | None = None,
) -> Page[Any]:
    """50 rows of the product after the cursor `after`, in one statement; with what not every table shows where `more` names it,
    and what is `besides`, where such an order's statement is kept.

    Raises Refused on a broken cursor.
    """
    more = with_places(more, sorts)
    added = annotations_of(sorts)
    if added:
        items = Item.objects.visible_to(member).of(product).annotate(**added).filter(condition)
        return page_of(items.values_list(*PATHS, *more, *added, named=True), sorts, after, size)
    return PAGES.page(member, product, sorts=sorts, after=after, size=size, variant=(condition, more), besides=besides)


def with_places(more: tuple[str, ...], sorts: Iterable[Sort]) -> tuple[str, ...]:
    return (*more, *(sort.name for sort in sorts if sort.name == BY_TYPE))


def annotations_of(sorts: Iterable[Sort]) -> dict[str, Any]:
    return {sort.name: sort.expression for sort in sorts if isinstance(sort, OwnSort | OrderedBy)}
