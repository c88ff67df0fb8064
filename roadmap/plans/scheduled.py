"""The items of a timeline. They come by the thousand: what a product or a status is called is not read with each of them, but once
for all, and put in here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import DateField, QuerySet

from accounts.lookups import given
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from products.models.product import seen_products
from roadmap.models import Item, Status
from roadmap.plans.colouring import colour_of
from roadmap.plans.designs import Design
from roadmap.plans.laning import lane_of
from roadmap.plans.questions import Question
from roadmap.plans.rows import ask, visible, with_columns


class Scheduled(NamedTuple):
    """An item with days. `lane` names its lane ("" for none), `colour` what it is coloured by."""

    pk: int
    product: str
    number: int
    title: str
    starts_on: date
    ends_on: date
    change: int
    status: str
    category: str
    certainty: str
    progress_from: str
    progress: int | None
    lane: str | None
    lane_name: str | None
    colour: str | None = None
    colour_name: str | None = None


#: How it is read: with what is put in here as ids, or with all of its words, where there are few.
IDS = (
    "pk", "product", "number", "title", "starts_on", "ends_on", "change_id", "status", "certainty", "progress_from", "progress",
)  # fmt: skip
WORDS = (
    "pk", "product__key", "number", "title", "starts_on", "ends_on", "change_id", "status__name", "status__category",
    "certainty", "progress_from", "progress",
)  # fmt: skip


def _statuses(member: Member) -> QuerySet[Status, tuple[Any, ...]]:
    """Also those that are in the bin: a past day tells of them."""
    rows: QuerySet[Status] = Status.objects.with_deleted().filter(workspace=member.workspace_id)
    return rows.order_by().values_list("pk", "name", "category")


def _between(
    member: Member, products: list[int] | int, first: Any, last: Any, of_one: bool, is_past: bool, *asked: Any
) -> QuerySet[Item]:
    """The planner is not shown the days either, so that the plan of the whole page is kept; versions it finds by an index only where it knows them."""
    *look, condition = asked
    if not is_past:
        first, last = given(first, DateField()), given(last, DateField())
    return _columns(visible(member, products, condition).filter(starts_on__lte=last, ends_on__gte=first), IDS, *look)


def _beyond(member: Member, products: list[int], first: date, last: date, beyond: str, *asked: Any) -> QuerySet[Item]:
    """What is added to a timeline when such a span is: what touches the days before (or after) it stands there already."""
    *look, condition = asked
    edge = "starts_on" if beyond == "later" else "ends_on"
    rows = visible(member, products, condition).filter(**{f"{edge}__range": (first, last)})
    return _columns(rows.filter(starts_on__isnull=False, ends_on__isnull=False), IDS, *look)


def _named(member: Member, products: list[int], numbers: list[int], *asked: Any) -> QuerySet[Item]:
    *look, condition = asked
    rows = Item.objects.visible_to(member).filter(product__among_some=products, number__among_some=numbers)
    rows = rows if condition is None else rows.filter(condition)
    return _columns(rows.filter(starts_on__isnull=False, ends_on__isnull=False), WORDS, *look)


def _columns(rows: Any, base: tuple[str, ...], lanes: str, colours: str) -> Any:
    return with_columns(rows.order_by("starts_on", "rank", "pk"), base, [*lane_of(lanes), *colour_of(colours)])


BETWEEN, BEYOND = Prepared(_between, many=True), Prepared(_beyond, many=True)
STATUSES, NAMED = Prepared(_statuses), Prepared(_named)
Later = Callable[[], list[Scheduled]]


def between_later(together: Together, question: Question, first: date, last: date, beyond: str = "") -> Later:
    """What has days from `first` to `last`, when it is wanted, in the order of its days; `beyond`: see `plan_later`."""
    member, products = question.member, list(question.products)
    if beyond:
        found = ask(together, BEYOND, member, products, first, last, variant=(beyond, *_look(question)))
    else:
        of_one = len(products) == 1 and not question.is_past
        variant = (of_one, question.is_past, *_look(question))
        found = ask(together, BETWEEN, member, products[0] if of_one else products, first, last, variant=variant)
    statuses = together.ask(STATUSES, member)

    def rows() -> list[Scheduled]:
        told = defaultdict(lambda: ("", ""), {pk: (name, category) for pk, name, category in statuses()})
        keys = {one.pk: one.key for one in seen_products(member)}
        make, none = Scheduled._make, _not_read(question.design)
        return [
            make((pk, keys[product], number, title, start, end, change, *told[status], *more, *none))
            for pk, product, number, title, start, end, change, status, *more in found()
        ]

    return rows


def named_later(together: Together, question: Question, numbers: list[int]) -> Later:
    """Those of the items with these numbers that have days."""
    found = ask(together, NAMED, question.member, list(question.products), numbers, variant=_look(question))
    none = _not_read(question.design)
    return lambda: [Scheduled._make((*values, *none)) for values in found()]


def _look(question: Question) -> tuple[Hashable, ...]:
    """What decides about the text of these statements: a bar shows no facts."""
    return question.design.lanes, question.design.colours, question.condition


def _not_read(design: Design) -> tuple[None, ...]:
    """For the colours that had no column."""
    return (None,) * sum(one is None for one in colour_of(design.colours))
