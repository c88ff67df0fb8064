"""The days of gate reviews, marked on timelines (roadmap/timelines/markers.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from lifecycle.course import name_of_gate
from lifecycle.models import Gate
from roadmap.timelines.timeline import Marker
from ui import pieces


def _reviews(member: Member, products: list[int], first: date, last: date) -> QuerySet[Gate, tuple[Any, ...]]:
    rows = Gate.objects.visible_to(member).filter(product__among=products, review_on__range=(first, last))
    return rows.order_by("review_on", "pk").values_list("public_id", "product__key", "number", "review_on")


REVIEWS = Prepared(_reviews)


def gates_marked(
    together: Together, member: Member, products: list[int], first: date, last: date
) -> Callable[[], Iterable[Marker]]:
    """Gates with a review planned for one of these days; a decision takes the day away."""
    rows = together.ask(REVIEWS, member, products, first, last)
    slug = member.workspace.slug
    return lambda: [
        Marker(
            "gate", str(name_of_gate(number)), day, key=public_id,
            address=pieces.address("lifecycle:gate", slug, key) % number,
        )
        for public_id, key, number, day in rows()
    ]  # fmt: skip
