"""Pages of a table in groups of a status, each read from those groups alone that it reaches into.

Rows stand in the order of their groups, which no index has: to find the first fifty, all of the backlog is put in order. Within one status they
stand in an order that an index has, so that a page walks from one status to the next until it has enough rows.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, Func, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Cast

from accounts.beside import Besides
from accounts.models import Member
from accounts.prepared import Prepared
from listing.pages import SIZE, Page, PreparedPages, Sort, cut
from products.models import Product
from roadmap.backlog.group_heads import Standing
from roadmap.backlog.grouping import Grouping, groups_of
from roadmap.backlog.rows import rows_of
from roadmap.backlog.searching import is_searched
from roadmap.models import Item, Status

#: The orders within a status that an index has.
WALKED = ([Sort("rank")], [Sort("score", descending=True, nullable=True), Sort("rank")])


def can_be_walked(grouping: Grouping, sorts: list[Sort], condition: Q) -> bool:
    """Not where rows were searched for: each group would search anew."""
    return grouping.name == "status" and sorts[len(grouping.sorts) :] in WALKED and not is_searched(condition)


def standing_groups(
    member: Member, product: Product, condition: Q, grouping: Grouping, folded: frozenset[str]
) -> list[Standing]:
    """The groups in their order: those of `folded` that have rows, and all that a row may be of. One statement; none where nothing is folded."""
    if not folded:
        return []
    if grouping.name != "status" or is_searched(condition):
        return [Standing(one.token, one.words) for one in groups_of(member, product, condition, grouping)]
    rows = STATUSES.rows(member, product, variant=(condition, folded, grouping.shown))
    return [Standing(row["public_id"], grouping.called({f"status__{name}": row[name] for name in row})) for row in rows]


def page_by_status(
    member: Member,
    product: Product,
    condition: Q,
    sorts: list[Sort],
    *,
    folded: frozenset[str],
    after: str = "",
    within: str = "",
    more: tuple[str, ...] = (),
    besides: Besides | None = None,
) -> Page[Any]:
    """50 rows after the cursor, whose row was `within` a status; of folded ones none. Raises Refused on a broken cursor."""
    found: list[Any] = []
    if after:
        asked = (member, product, within)
        found = IN_STATUS.found(
            *asked, sorts=sorts, most=SIZE + 1, after=after, fixed=OUTER, variant=(condition, more), besides=besides
        )
    wanted = SIZE + 1 - len(found)
    if wanted:
        found += FROM_STATUS.rows(
            member,
            product,
            within,
            variant=(condition, tuple(sorts), folded, bool(after), wanted, more),
            besides=besides,
        )
    return cut(found, sorts)


def _of_status(member: Member, product: Product, status: Any, condition: Q) -> Any:
    return Item.objects.visible_at(product, member).filter(condition, status=status)


def _statuses(product: Product) -> Any:
    return Status.objects.filter(workspace=product.workspace_id).order_by("position", "public_id")


def _within(member: Member, product: Product, within: str, condition: Q, more: tuple[str, ...]) -> Any:
    """The rows of one status. Its id is a value of the statement, so that the index's order is theirs."""
    status = Subquery(Status.objects.filter(workspace=product.workspace_id, public_id=within).values("pk"))
    return rows_of(member, product, condition & Q(status=status), more)


def _from(
    member: Member, product: Product, within: str, condition: Q, sorts: tuple[Sort, ...],
    folded: frozenset[str], is_beyond: bool, most: int, more: tuple[str, ...],
) -> Any:  # fmt: skip
    """The first rows of the statuses in their order, or of those beyond `within`: PostgreSQL stops at the status that fills the page."""
    first = _of_status(member, product, OuterRef("pk"), condition).order_by(*(one.ordering() for one in sorts[OUTER:]))
    ahead = _statuses(product).exclude(public_id__in=sorted(folded))
    if is_beyond:
        here = Status.objects.filter(workspace=product.workspace_id, public_id=within).values("position")
        ahead = ahead.filter(Q(position__gt=Subquery(here)) | Q(position=Subquery(here), public_id__gt=within))
    of_each = Cast(ArraySubquery(first.values("pk")[:most]), ArrayField(BigIntegerField()))
    walked = ahead.annotate(item=Unnested(of_each)).values("item")[:most]
    return rows_of(member, product, Q(pk__in=walked), more).order_by(*(one.ordering() for one in sorts))


def _standing(member: Member, product: Product, condition: Q, folded: frozenset[str], shown: tuple[str, ...]) -> Any:
    has_rows = Exists(_of_status(member, product, OuterRef("pk"), condition))
    names = ("position", "public_id", *(path.removeprefix("status__") for path in shown))
    return _statuses(product).filter(~Q(public_id__in=sorted(folded)) | Q(has_rows)).values(*names)


class Unnested(Func):
    """A row for each element of an array."""

    function = "unnest"
    output_field = IntegerField()
    set_returning = True


#: How many of the sorts put the statuses in order.
OUTER = 2
IN_STATUS = PreparedPages(Item, _within)
FROM_STATUS = Prepared(_from)
STATUSES = Prepared(_standing)
