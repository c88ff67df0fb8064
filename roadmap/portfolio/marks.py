"""What apps to the right put on the portfolio roadmap: the stages of products, planned and past, and the gates between them.

marks.register(lives, Gate, …)    # (member, products, together, day) → when it is wanted, product id → Life; and of which tables it is made

`day` is None for today; where it is a past one, what is asked for is read as it was then, and is not what else the page knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from accounts.history import Versioned
from accounts.models import Member
from accounts.together import Together


class Segment(NamedTuple):
    """A stage from a day to a day; None for what lies open. `is_planned`: it has not begun."""

    stage: str
    starts_on: date | None
    ends_on: date | None
    is_planned: bool = False


class Mark(NamedTuple):
    """A day of a product. `kind`: gate, launch, end; `state`: "", done or due."""

    kind: str
    name: str
    day: date
    state: str = ""
    url: str = ""


@dataclass
class Life:
    segments: list[Segment] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


Provide = Callable[[Member, Sequence[Any], Together, date | None], Callable[[], Mapping[int, Life]]]
registered: list[Provide] = []
#: What lives are made of, for who looks back on them.
tables: list[type[Versioned]] = []


def register(provide: Provide, *made_of: type[Versioned]) -> None:
    registered.append(provide)
    tables.extend(made_of)


def lives_later(
    member: Member, products: Sequence[Any], together: Together, day: date | None
) -> Callable[[], dict[int, Life]]:
    """Product id → what all apps know of its life."""
    later = [provide(member, products, together, day) for provide in registered]

    def found() -> dict[int, Life]:
        lives: dict[int, Life] = {product.pk: Life() for product in products}
        for answer in later:
            for pk, life in answer().items():
                lives[pk].segments += life.segments
                lives[pk].marks += life.marks
        return lives

    return found
