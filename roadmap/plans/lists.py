"""A roadmap as a list: its rows by lane, then by start, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from accounts.models import Member
from accounts.prepared import Prepared
from roadmap.boards.reading import within
from roadmap.models import Category, Item
from roadmap.plans.designs import Lanes
from roadmap.plans.laning import lane_of, lanes_in_order
from roadmap.plans.planning import PlanLane
from roadmap.plans.questions import Question
from roadmap.plans.rows import Row, as_rows, read, rows_of, visible

PAGE = 150


@dataclass
class Listed:
    """`following`: how many rows to leave out for the next page, None when this is the last."""

    rows: list[Row]
    lanes: list[PlanLane[Row]]
    following: int | None = None


def _listed(
    member: Member, products: Any, of_one: bool, is_past: bool, first: date | None, last: date | None, skip: int,
    lanes: str, colours: str, shown: tuple[str, ...], condition: Q | None,
) -> QuerySet[Item]:  # fmt: skip
    """Only what the order asks for is read of all items, and the rest of those that the page holds; versions are looked up once."""
    rows = visible(member, products, condition).exclude(status__category=Category.DROPPED)
    rows = rows.filter(within(first, last, "starts_on", "ends_on"))
    order, page = (*_by_lane(lanes), F("starts_on").asc(nulls_last=True), "rank", "pk"), slice(skip, skip + PAGE + 1)
    if is_past:
        return as_rows(rows, lanes, colours, shown).order_by(*order)[page]
    on_page = Item.objects.filter(pk__in=rows.order_by(*order).values("pk")[page])
    return as_rows(on_page, lanes, colours, shown).order_by(*order)


def _by_lane(lanes: str) -> list[OrderBy]:
    """By the lanes' names, those of own fields by their options' keys: rows of a lane stand together on any page."""
    if lanes == Lanes.NONE:
        return []
    key, name = lane_of(lanes)
    return [OrderBy(F(name) if isinstance(name, str) else key, nulls_last=True)]


LISTED = Prepared(_listed)


def list_of(question: Question, skip: int = 0) -> Listed:
    """One statement."""
    design = question.design
    products, is_past = list(question.products), question.is_past
    of_one = len(products) == 1 and not is_past
    variant = (of_one, is_past, *design.span(question.today), skip, *question.variant)
    found = read(LISTED, question.member, products[0] if of_one else products, variant=variant)
    rows = rows_of(found[:PAGE], design)
    lanes = [PlanLane(*one) for one in lanes_in_order(rows, design.lanes, question.own)]
    return Listed(rows, lanes, skip + PAGE if len(found) > PAGE else None)
