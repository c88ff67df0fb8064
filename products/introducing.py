"""What a new product gets from the apps to the right of products: filled in their AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Called as f(product, by=change) within the Change that introduces the product: its lifecycle track.
on_introduced: list[Callable[..., Any]] = []
