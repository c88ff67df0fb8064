"""Panels: how an app shows its fragment on a page of an app to its left, without being imported there.

    panels.register("item", "feedback", order=20, template="feedback/_item_panel.html", provide=evidence_of_items)

`provide(ids, member)` is set-based: it takes the ids of all rows that are shown, which the page has read as `member` sees
them, and returns id → context for the template. A row it has nothing for may be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import Member

Provider = Callable[[list[int], Member], dict[int, dict[str, Any]]]


@dataclass(frozen=True)
class Panel:
    slot: str
    name: str
    template: str
    provide: Provider
    order: int = 50
    label: Any = ""


_panels: dict[tuple[str, str], Panel] = {}


def register(slot: str, name: str, *, template: str, provide: Provider, order: int = 50, label: Any = "") -> None:
    _panels[slot, name] = Panel(slot, name, template, provide, order, label)


def panels_for(slot: str, row_id: int, member: Member) -> list[dict[str, Any]]:
    """What to include for one row, in order: each with `panel` and the provider's context."""
    shown = []
    for panel in sorted((one for one in _panels.values() if one.slot == slot), key=lambda one: one.order):
        context = panel.provide([row_id], member).get(row_id)
        if context is not None:
            shown.append({"panel": panel, **context})
    return shown


def facts_for(slot: str, rows: Iterable[Any], member: Member, *, names: Collection[str]) -> None:
    """Set `row.facts[name]` on each row from the panels of `slot` called so: a few statements, however many rows there are."""
    by_id = {row.pk: row for row in rows}
    for row in by_id.values():
        row.facts = {}
    for panel in (one for one in _panels.values() if by_id and one.slot == slot and one.name in names):
        for row_id, context in panel.provide(list(by_id), member).items():
            by_id[row_id].facts[panel.name] = context
