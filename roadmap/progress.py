"""How far an item has come, in percent. Pure."""

from __future__ import annotations

from roadmap.models.dates import ProgressFrom

WHOLE = 100

#: How many there are, and how many of them are done.
Counted = tuple[int, int]


def progress_of(
    progress_from: str, by_hand: int | None, *, shipped: bool, items: Counted = (0, 0), requirements: Counted = (0, 0)
) -> int:
    """0 where nothing is known. What has shipped is done, whatever else is said of it."""
    if shipped:
        return WHOLE
    if progress_from == ProgressFrom.HAND:
        return by_hand or 0
    if progress_from == ProgressFrom.ITEMS:
        return _share(items)
    if progress_from == ProgressFrom.REQUIREMENTS:
        return _share(requirements)
    if items[0]:
        return _share(items)
    return _share(requirements) if requirements[0] else by_hand or 0


def _share(counted: Counted) -> int:
    """Rounded down, so that 100 means all."""
    count, done = counted
    return done * WHOLE // count if count else 0
