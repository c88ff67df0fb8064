"""What happens on which day: releases, gate reviews, milestones, from this app and from those to its right.

agenda.register(releases_of)     # f(member, products, first, last, together) → function that gives Entries

What the providers read is asked together with the rest of the page (accounts/together.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from accounts.models import Member
from accounts.together import Together
from products.models import Product


@dataclass(frozen=True)
class Entry:
    """Something on a day of a product. `kind` is gate, release or milestone."""

    on: date
    product: Product
    kind: str
    icon: str
    text: str
    url: str


Provider = Callable[[Member, Sequence[Product], date, date, Together], Callable[[], Iterable[Entry]]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def entries_later(
    member: Member, products: Sequence[Product], first: date, last: date, together: Together
) -> Callable[[], list[Entry]]:
    """All entries of `products`, which `member` sees, from `first` to `last`, both included, by day."""
    asked = [provide(member, products, first, last, together) for provide in _providers]

    def entries() -> list[Entry]:
        found = [entry for told in asked for entry in told()]
        return sorted(found, key=lambda one: (one.on, one.product.name, one.text))

    return entries


def by_day(shown: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    return [(on, list(group)) for on, group in groupby(shown, key=lambda one: one.on)]
