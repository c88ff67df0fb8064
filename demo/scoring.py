"""How the products of the demo score: most by RICE, as everybody does at first, some by another card or one of their own."""

from __future__ import annotations

from typing import Any

from accounts.models import Workspace
from changes.models import Change
from products.models import Product
from roadmap.models import Item, ProductScoring, Scorecard


def choose(product: Product, told: dict[str, Any], items: list[dict[str, Any]], *, by: Change) -> None:
    """The card that `told` names, or describes, and what its factors are for the items."""
    ProductScoring.choose(product, _card(product.workspace, told, by), by=by)
    rows = {item.title: item for item in Item.objects.of(product).select_related("product", "workspace", "status")}
    for one in items:
        if one.get("factors"):
            rows[one["title"]].edit(by=by, factors=one["factors"])


def _card(workspace: Workspace, told: dict[str, Any], by: Change) -> Scorecard:
    if "method" in told:
        return Scorecard.objects.get(workspace=workspace, method=told["method"])
    return Scorecard.add(workspace, name=told["name"], factors=told["factors"], by=by)
