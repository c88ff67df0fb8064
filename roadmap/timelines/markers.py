"""Days that apps to the right mark on every timeline, beside releases and milestones.

    markers.register(gates_marked)

`provide(together, member, products, first, last)` asks for what lies between two days, of products by their ids, together with what the
page reads anyway; what it gives back is called after that and gives the markers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from accounts.models import Member
from accounts.together import Together
from roadmap.timelines.timeline import Marker

Provider = Callable[[Together, Member, list[int], date, date], Callable[[], Iterable[Marker]]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def ask(together: Together, member: Member, products: list[int], first: date, last: date) -> Callable[[], list[Marker]]:
    """All of them, when they are wanted."""
    asked = [provide(together, member, products, first, last) for provide in _providers]
    return lambda: [marker for later in asked for marker in later()]
