"""The lifecycle curve in numbers: what its rail and its line are made of. ui/rail.py draws it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui import stages


def cells(current: str, notes: Mapping[str, str]) -> list[dict[str, Any]]:
    reached = stages.BY_KEY[current].number if current in stages.BY_KEY else 0
    return [
        {
            "key": one.key,
            "name": one.name,
            "icon": one.icon,
            "now": one.number == reached,
            "css": "is-past" if one.number < reached else "is-now" if one.number == reached else "is-next",
            "note": notes.get(one.key, ""),
        }
        for one in stages.STAGES
    ]


def paths(current: str, at: float) -> list[dict[str, Any]]:
    reached = stages.BY_KEY[current].number if current in stages.BY_KEY else 0
    drawn = []
    for i, one in enumerate(stages.STAGES):
        if one.number < reached:
            drawn.append(
                {"key": one.key, "area": stages.segment(i, i + 1, area=True), "line": stages.segment(i, i + 1)}
            )
        elif one.number == reached:
            drawn.append(
                {
                    "key": one.key,
                    "area": stages.segment(i, at, area=True),
                    "line": stages.segment(i, at),
                    "ahead": stages.segment(at, i + 1),
                }
            )
        else:
            drawn.append({"key": one.key, "ahead": stages.segment(i, i + 1)})
    return drawn


def clamped(you: float | None, current: str) -> float:
    """The dot stays inside its stage, so that the picture never contradicts the name."""
    number = stages.BY_KEY[current].number if current in stages.BY_KEY else 1
    if you is None:
        return number - 0.5
    return max(number - 0.95, min(number - 0.05, float(you)))
