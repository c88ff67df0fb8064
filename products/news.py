"""What the activity feed says about products and their strategy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from changes import feed
from changes.feed import Place
from products.models import Initiative, KeyResult, Objective, Problem, Product


def tell() -> None:
    feed.tell_about(Product, _("product"), name=_name, url=_product_url, order=40)
    feed.tell_about(Objective, _("goal"), name=_name, url=_part_url("objective"), order=20)
    feed.tell_about(KeyResult, _("key result"), name=_name, url=_part_url("key_result"), order=10)
    feed.tell_about(Initiative, _("initiative"), name=_name, url=_part_url("initiative"), order=20)
    feed.tell_about(Problem, _("problem"), name=lambda state: state["statement"], url=_part_url("problem"), order=20)


def _name(state: dict[str, Any]) -> str:
    return state["name"]


def _product_url(place: Place, state: dict[str, Any]) -> str:
    return reverse("products:overview", args=[place.workspace, state["key"]])


def _part_url(name: str) -> Callable[[Place, dict[str, Any]], str]:
    def url(place: Place, state: dict[str, Any]) -> str:
        if not place.product or state["deleted_at"]:
            return ""
        return reverse(f"products:{name}", args=[place.workspace, place.product, state["public_id"]])

    return url
