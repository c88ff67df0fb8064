"""What is said about a product in a line, on its card: a fact, and what comes next, from the apps that know.

briefs.register(lives)     # f(member, products) → product id → {"fact", "next", "next_on"}, any of them, in a few statements
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from accounts.models import Member
from products.models import Product

Provider = Callable[[Member, Sequence[Product]], dict[int, dict[str, Any]]]
_providers: list[tuple[int, Provider]] = []


def register(provider: Provider, order: int = 50) -> None:
    """Where two providers say the same thing, the one with the lower order is heard."""
    if all(provider is not known for _order, known in _providers):
        _providers.append((order, provider))
        _providers.sort(key=lambda pair: pair[0])


def brief(member: Member, products: Sequence[Product]) -> None:
    """Set `product.brief` on each of `products`, which `member` sees."""
    for product in products:
        product.brief = {}
    for _order, provide in _providers:
        said = provide(member, products)
        for product in products:
            product.brief = {**said.get(product.pk, {}), **product.brief}
