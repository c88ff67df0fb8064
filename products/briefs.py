"""What is said about a product in a line, on its card: a fact, and what comes next, from the apps that know.

briefs.register(lives)     # f(member, products, together) → function that gives product id → {"fact", "next", "next_on"}, any of them

What the providers read is asked together with the rest of the page (accounts/together.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from accounts.models import Member
from accounts.together import Together
from products.models import Product

Provider = Callable[[Member, Sequence[Product], Together], Callable[[], dict[int, dict[str, Any]]]]
_providers: list[tuple[int, Provider]] = []


def register(provider: Provider, order: int = 50) -> None:
    """Where two providers say the same thing, the one with the lower order is heard."""
    if all(provider is not known for _order, known in _providers):
        _providers.append((order, provider))
        _providers.sort(key=lambda pair: pair[0])


def briefs_later(member: Member, products: Sequence[Product], together: Together) -> Callable[[], None]:
    """When it is called, it sets `product.brief` on each of `products`, which `member` sees."""
    asked = [provide(member, products, together) for _order, provide in _providers]

    def brief() -> None:
        for product in products:
            product.brief = {}
        for told in asked:
            said = told()
            for product in products:
                product.brief = {**said.get(product.pk, {}), **product.brief}

    return brief
