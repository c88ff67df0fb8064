"""Which items with days need which others, and what follows for these days: conflicts in words, who must move along, critical chains."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from products.models.product import seen_products
from roadmap.models import Item, ItemLink, LinkKind, Status
from roadmap.models.item_columns import DONE
from roadmap.timelines.dependencies import Span, critical_chain, is_late
from roadmap.timelines.timeline import Link
from ui.words import gettext as _


class Need(NamedTuple):
    """What is needed, then who needs it: each with its product's key, number, title and days. `is_over` where one of both is shipped
    or dropped: then none blocks and none waits."""

    needed_product: str
    needed_number: int
    needed_title: str
    needed_start: date
    needed_end: date
    product: str
    number: int
    title: str
    starts_on: date
    ends_on: date
    is_over: bool = False

    @property
    def needs(self) -> str:
        return f"{self.needed_product}-{self.needed_number}"

    @property
    def item(self) -> str:
        return f"{self.product}-{self.number}"

    @property
    def needed_span(self) -> Span:
        return Span(self.needed_start, self.needed_end)

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_on)

    @property
    def is_late(self) -> bool:
        return not self.is_over and is_late(self.needed_end, self.starts_on)


def _all_needs(member: Member, product: str = "product__key") -> QuerySet[ItemLink, tuple[Any, ...]]:
    rows = ItemLink.objects.between_visible(member).filter(kind=LinkKind.NEEDS)
    dated = {f"{end}__{day}__isnull": False for end in ("item", "other") for day in ("starts_on", "ends_on")}
    names = (product, "number", "title", "starts_on", "ends_on")
    paths = (f"{end}__{name}" for end in ("other", "item") for name in names)
    return (
        rows.filter(**dated)
        .annotate(is_over=ExpressionWrapper(_over(member), BooleanField()))
        .values_list(*paths, "is_over")
    )


def _over(member: Member) -> Q:
    """Of one of the two ends: what is shipped or dropped neither blocks nor waits. Such statuses are read once, not joined to each end."""
    done = (
        Status.objects.with_deleted().filter(workspace=member.workspace_id, category__in=DONE).order_by().values("pk")
    )
    return Q(item__status__in=done) | Q(other__status__in=done)


def _needs(member: Member, products: list[int]) -> QuerySet[ItemLink, tuple[Any, ...]]:
    """With the ids of products: to look up each one's key for each row took a third of the time."""
    return _all_needs(member, "product").filter(item__product__among=products, other__product__among=products)


def _needs_named(member: Member, products: list[int], numbers: list[int]) -> QuerySet[ItemLink, tuple[Any, ...]]:
    """Each end is looked for by its index: with an OR all links were read, and for what was found all items with days."""
    named = Item.objects.with_deleted().filter(product__among_some=products, number__among_some=numbers).values("pk")
    needing, needed = (
        ItemLink.objects.filter(**{f"{end}__in": named}).order_by().values("pk") for end in ("item", "other")
    )
    return _all_needs(member).filter(pk__in=needing.union(needed))


def _aimed(member: Member, products: list[int], release: str) -> QuerySet[Item, tuple[Any, ...]]:
    rows = Item.objects.visible_to(member).filter(product__among=products, release__public_id=release)
    return rows.filter(starts_on__isnull=False, ends_on__isnull=False).values_list(
        "product__key", "number", "starts_on", "ends_on"
    )


#: As `Need`; of NEEDS `needs_later` makes them.
NEEDS = Prepared(_needs, many=True)
NEEDS_NAMED = Prepared(_needs_named)
OPEN_NEEDS = Prepared(lambda member: _all_needs(member).filter(is_over=False))
AIMED = Prepared(_aimed)


def needs_later(together: Together, member: Member, products: list[int]) -> Callable[[], list[Need]]:
    """Those among the items with days of some products (ids), as far as `member` sees them, when they are wanted."""
    found = together.ask(NEEDS, member, products)

    def needs() -> list[Need]:
        rows = found()
        keys = {one.pk: one.key for one in seen_products(member)} if rows else {}
        return [
            Need(keys[needed], needed_number, needed_title, needed_start, needed_end, keys[product], number, title, start, end, over)
            for needed, needed_number, needed_title, needed_start, needed_end, product, number, title, start, end, over in rows
        ]  # fmt: skip

    return needs


def links_of(needs: Iterable[Need], drawn: Container[str], chain: list[str]) -> list[Link]:
    """Those of which at least one end is drawn (by its key), with what is wrong of each where something is."""
    steps = set(zip(chain, chain[1:], strict=False))
    said = _("%(item)s starts before %(needs)s ends.")
    links = []
    for one in needs:
        needed, item = one.needs, one.item
        if needed in drawn or item in drawn:
            late = one.is_late
            sentence = said % {"item": one.title, "needs": one.needed_title} if late else ""
            links.append(Link(needed, item, late, sentence, (needed, item) in steps))
    return links


def chain_to(member: Member, products: list[int], release: str, known: list[Need] | None = None) -> list[str]:
    """The keys of the items that decide when a release can be there, the first to be done first: see dependencies.critical_chain.
    `known`: all needs of these products, where they were read already."""
    together = Together()
    aimed = together.ask(AIMED, member, products, release)
    needs = needs_later(together, member, products) if known is None else list
    goals = {f"{product}-{number}": Span(first, last) for product, number, first, last in aimed()}
    found = [one for one in (needs() if known is None else known) if not one.is_over]
    spans = {**goals}
    for one in found:
        spans |= {one.needs: one.needed_span, one.item: one.span}
    return critical_chain(spans, [(one.needs, one.item) for one in found], goals.keys())
