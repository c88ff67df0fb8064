"""What a timeline's tray holds: the first of what has no days yet, in the order of the backlog, and how many there are.

Counting ten thousand takes longer than finding the first forty: a whole page leaves it to the browser, which asks once it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from roadmap.models import Item
from roadmap.plans.planning import Waiting
from roadmap.plans.questions import Question
from roadmap.plans.rows import ask, visible

MOST = 40


def _first(member: Member, products: list[int], one: int, condition: Q | None, is_one: bool) -> QuerySet[Item]:
    """And one more, where there are more. `one`: the only product, where `is_one`: in its order an index walks until enough are found."""
    rows = _all(member, one if is_one else products, condition)
    shown = Item.objects.filter(pk__in=rows.order_by("rank", "pk").values("pk")[: MOST + 1]).order_by("rank", "pk")
    return shown.values_list("product__key", "number", "title", "change_id")


def _count(member: Member, products: list[int], condition: Q | None) -> QuerySet[Item]:
    """With nothing else asked of them, an index alone counts them."""
    rows = _all(member, products, condition).order_by()
    return rows.annotate(all=Func(F("pk"), function="COUNT", output_field=IntegerField())).values_list("all")


def _all(member: Member, products: list[int] | int, condition: Q | None) -> Any:
    return visible(member, products, condition).filter(starts_on=None).open()


FIRST, COUNT = Prepared(_first), Prepared(_count)


class Tray:
    """Asked for together with a plan. Unless `counted`, more than the first are not counted."""

    def __init__(self, together: Together, question: Question, *, counted: bool = True) -> None:
        products, is_one = list(question.products), len(question.products) == 1
        one, variant = products[0] if is_one else 0, (question.condition, is_one)
        self.first = ask(together, FIRST, question.member, products, one, variant=variant)
        self.count = _ask_count(together, question) if counted else None

    def found(self) -> tuple[list[Waiting], int | None]:
        """The first of them, and how many there are: None for more than these that were not counted."""
        found = [Waiting._make(one) for one in self.first()]
        if len(found) <= MOST:
            return found, len(found)
        return found[:MOST], self.count()[0][0] if self.count else None


def count_of(question: Question) -> int:
    """How many have no days yet; none where the filter can leave nothing."""
    return sum(count for (count,) in _ask_count(Together(), question)())


def _ask_count(together: Together, question: Question) -> Callable[[], list[Any]]:
    return ask(together, COUNT, question.member, list(question.products), variant=(question.condition,))
