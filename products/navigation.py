"""The products' places in the shell: the sidebar's lists, the pages of a product, the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from products.models import Stage
from products.models.product import seen_products
from ui import pieces
from ui.shell import Entry, ProductLink

#: A product that has not reached Development is a concept.
CONCEPTS = {Stage.INNOVATION, Stage.ANALYSIS}
ENTRIES: tuple[Entry, ...] = (
    Entry("portfolio", _("Portfolio"), "products:portfolio", "layers", order=10, keys="g p", exact=True, tab=True),
    Entry("overview", _("Overview"), "products:overview", "box", section="product", order=10, exact=True),
    Entry(
        "strategy",
        _("Strategy"),
        "products:strategy",
        "compass",
        section="product",
        order=20,
        also=("goals", "results", "initiatives", "problems"),
    ),
    Entry(
        "new_product",
        _("New product"),
        "products:add",
        "plus",
        section="action",
        shows=lambda request: request.member is not None and request.member.may(Role.MANAGER),
    ),
)


def links(request: HttpRequest) -> Sequence[ProductLink]:
    """The products in the sidebar, by name, which the whole page asks for once."""
    address = pieces.address("products:overview", request.workspace.slug)
    return [
        ProductLink(
            product.key,
            product.name,
            product.stage,
            address % product.key,
            product.stage in CONCEPTS,
        )
        for product in seen_products(request.member)
    ]
