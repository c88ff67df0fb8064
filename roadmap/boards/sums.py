"""What apps to the right sum up of the items in a column of a board: demand, revenue.

    sums.add(Sum("demand", _("Demand"), provide=demand_of_groups))

`provide(sql, values, member, together)` is given a statement whose rows are (group, item id) and answers, when it is wanted, group → text.
A customer who asks for two items of a group counts once: the texts are no sums of what the items say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from accounts.together import Together

Provide = Callable[[str, list[Any], Member, Together], Callable[[], Mapping[str, str]]]


@dataclass(frozen=True)
class Sum:
    name: str
    label: Any
    provide: Provide


registered: list[Sum] = []


def add(one: Sum) -> None:
    registered.append(one)


def sums_later(
    sql: str, values: list[Any], member: Member, together: Together
) -> Callable[[], dict[str, list[tuple[Any, str]]]]:
    """Group → label and text of each sum that it has."""
    later = [(one.label, one.provide(sql, values, member, together)) for one in registered]

    def found() -> dict[str, list[tuple[Any, str]]]:
        texts: dict[str, list[tuple[Any, str]]] = {}
        for label, answer in later:
            for group, text in answer().items():
                texts.setdefault(group, []).append((label, text))
        return texts

    return found
