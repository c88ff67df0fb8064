"""Figures of a product's use that key results read, and when they are read anew."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Member
from listing import figures
from listing.figures import Figure
from products.models import KeyResult, Product
from usage.insights import Insights
from usage.models import Population
from usage.told_figures import KeyFigure

#: name → label, unit, how it is read, over how many days
MEASURES: dict[str, tuple[Any, str, Callable[[Insights], KeyFigure], int]] = {
    "active_28": (gettext_lazy("Active {whom}, 28 days"), "", lambda told: told.active_28, 28),
    "active_7": (gettext_lazy("Active {whom}, 7 days"), "", lambda told: told.active_7, 7),
    "stickiness": (gettext_lazy("Stickiness of {whom}"), "%", lambda told: told.stickiness, 28),
}
WHOM = {Population.ACCOUNTS: gettext_lazy("accounts"), Population.USERS: gettext_lazy("users")}


def register() -> None:
    for name, (label, unit, _read, _days) in MEASURES.items():
        for population, whom in WHOM.items():
            figures.register(
                f"{name}_{population.name.lower()}",
                label=format_lazy(label, whom=whom),
                of="product",
                unit=unit,
                compute=partial(_compute, name, population),
            )


def refresh(product_id: int) -> int:
    """Let the product's key results read anew; how many were asked. Writes only what differs."""
    rows = list(KeyResult.objects.filter(product=product_id).exclude(reads="").select_related("workspace"))
    found = {name: _figure(name, product_id) for name in {row.reads for row in rows}}
    for row in rows:
        figure = found[row.reads]
        if figure is not None and figure.value is not None:
            row.take_reading(figure, by=Actor.system())
    return len(rows)


def refresh_all() -> None:
    """For beat: whatever was missed when figures were derived is read now."""
    waiting = KeyResult.objects.exclude(reads="").exclude(product=None).filter(product__deleted_at=None)
    for product_id in waiting.order_by().values_list("product_id", flat=True).distinct():
        refresh(product_id)


def _figure(name: str, product_id: int) -> Figure | None:
    source = figures.sources.get(name)
    return source.compute([product_id], None).get(product_id) if source is not None else None


def _compute(name: str, population: Population, ids: list[int], member: Member | None) -> dict[int, Figure]:
    """Read from served rows, a few statements for each product: asked when something was derived, not by pages."""
    _label, _unit, read, days = MEASURES[name]
    found = {}
    for product in Product.objects.filter(pk__in=ids):
        told = Insights(product, population)
        if told.through is not None:
            value = read(told).value
            period = _("%(days)d days to %(day)s") % {"days": days, "day": date_format(told.through, "j M Y")}
            exact = None if value is None else round(Decimal(value), 2)
            found[product.pk] = Figure(exact, period, str(WHOM[population]))
    return found
