"""Kaplan–Meier: a median that does not leave out those who have not begun yet."""

from __future__ import annotations

from collections.abc import Sequence


def median(days: Sequence[int], began: Sequence[int], waiting: Sequence[int]) -> int | None:
    """The first day by which half have begun; None while fewer than half are expected to.

    On `days[i]` days after they could, `began[i]` began, and `waiting[i]` were last seen not to have: they count as able
    to begin up to and on that day, and not after.
    """
    still_able = sum(began) + sum(waiting)
    not_begun = 1.0
    for day, began_now, seen_last in sorted(zip(days, began, waiting, strict=True)):
        if began_now:
            not_begun *= 1 - began_now / still_able
            if not_begun <= 0.5 + 1e-12:
                return day
        still_able -= began_now + seen_last
    return None
