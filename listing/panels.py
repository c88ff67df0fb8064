"""Panels: how an app shows its fragment on a page of an app to its left, without being imported there.

    panels.register("item", "feedback", order=20, template="feedback/_item_panel.html", provide=evidence_of_items)

`provide(ids, member)` is set-based: it takes the ids of all rows that are shown, which the page has read as `member` sees
them, and returns id → context for the template. A row it has nothing for may be left out. `ask(together, id, member)` is for
pages of one row that read all they draw in one statement (accounts/together.py): what it gives back is called after that, and
gives the context or None. `ask_many(together, ids, member)` is `provide` in this manner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from accounts.together import Together

Provider = Callable[[list[int], Member], dict[int, dict[str, Any]]]
Context = dict[str, Any] | None
Asker = Callable[[Together, int, Member], Callable[[], Context]]
ManyAsker = Callable[[Together, list[int], Member], Callable[[], dict[int, dict[str, Any]]]]


@dataclass(frozen=True)
class Panel:
    slot: str
    name: str
    template: str
    provide: Provider
    order: int = 50
    label: Any = ""
    ask: Asker | None = None
    ask_many: ManyAsker | None = None

    def asked(self, together: Together, row_id: int, member: Member) -> Callable[[], Context]:
        if self.ask is not None:
            return self.ask(together, row_id, member)
        return lambda: self.provide([row_id], member).get(row_id)


_panels: dict[tuple[str, str], Panel] = {}


def register(
    slot: str,
    name: str,
    *,
    template: str,
    provide: Provider,
    order: int = 50,
    label: Any = "",
    ask: Asker | None = None,
    ask_many: ManyAsker | None = None,
) -> None:
    _panels[slot, name] = Panel(slot, name, template, provide, order, label, ask, ask_many)


def panels_for(slot: str, row_id: int, member: Member) -> list[dict[str, Any]]:
    """What to include for one row, in order: each with `panel` and the provider's context."""
    return panels_later(slot, row_id, member, Together())()


def panels_later(slot: str, row_id: int, member: Member, together: Together) -> Callable[[], list[dict[str, Any]]]:
    """The same, when it is wanted: what the panels read is asked together with the rest of the page."""
    chosen = sorted((one for one in _panels.values() if one.slot == slot), key=lambda one: one.order)
    asked = [(panel, panel.asked(together, row_id, member)) for panel in chosen]

    def shown() -> list[dict[str, Any]]:
        contexts = ((panel, context()) for panel, context in asked)
        return [{"panel": panel, **context} for panel, context in contexts if context is not None]

    return shown


def facts_together(rows: dict[str, Sequence[Any]], member: Member, *, name: str) -> None:
    """Set `row.facts[name]` on the rows of several slots (slot → rows) from the panels called so: one statement, however many
    rows and slots there are."""
    together = Together()
    asked = [
        (slot, panel.ask_many(together, [row.pk for row in rows[slot]], member))
        for slot in rows
        for panel in _panels.values()
        if panel.slot == slot and panel.name == name and panel.ask_many is not None and rows[slot]
    ]
    for some in rows.values():
        for row in some:
            row.facts = {}
    for slot, found in asked:
        contexts = found()
        for row in rows[slot]:
            if row.pk in contexts:
                row.facts[name] = contexts[row.pk]
