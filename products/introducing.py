"""What a new product gets from the apps to the right of products: filled in their AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Called as f(product, by=change) within the Change that introduces the product: its lifecycle track.
on_introduced: list[Callable[..., Any]] = []


def _without_lifecycle(product: Any, stage: str, reason: str, *, by: Any) -> None:
    raise RuntimeError("The app `lifecycle` must be installed: it knows where a product is in its life.")


#: Called as adopt(product, stage, reason, by=change) for a product that is further than Innovation when it is introduced.
adopt: Callable[..., None] = _without_lifecycle


def _no_review(product: Any, member: Any) -> tuple[str, str]:
    return "", ""


#: Called as next_review(product, member): the words and the address beside the compact rail, or two empty texts.
next_review: Callable[..., tuple[str, str]] = _no_review
