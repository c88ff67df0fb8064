"""Rows of the portfolio's table: the products of one product line, drawn in Python since they repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from products.models import Product
from ui import pieces
from ui.drawn.times import ago


def rows(products: Iterable[Product], workspace: str, today: dt.date) -> SafeString:
    """One row a product, each with the brief of its stage (products/briefs.py). `workspace` is the slug."""
    home = pieces.address("products:overview", workspace)
    return pieces.joined(_row(product, home % product.key, today) for product in products)


def _row(product: Product, address: str, today: dt.date) -> str:
    name = escape(product.name)
    return (
        f'<tr><td class="title"><a class="t-title" href="{address}">{pieces.tile(product.name, product.stage)}'
        f'<span class="t-id">{product.key}</span><span>{name}</span></a></td>'
        f"<td>{pieces.stage(product.stage, 'stage--plain')}</td><td>{pieces.health(product.health)}</td>"
        f'<td class="lo muted">{_said(product)}</td><td class="lo muted">{_next(product, today)}</td><td>{_lead(product)}</td></tr>'
    )


def _said(product: Product) -> str:
    if product.health_at is None:
        return escape(_("never"))
    stale = f" · {escape(_('stale'))}" if product.health_is_stale else ""
    return f"{ago(product.health_at)}{stale}"


def _next(product: Product, today: dt.date) -> str:
    brief = product.brief  # type: ignore[attr-defined]  # set by briefs_later
    on = brief.get("next_on")
    return f"{escape(brief.get('next') or '')}{f' · {pieces.day(on, today)}' if on else ''}"


def _lead(product: Product) -> str:
    if product.lead is None:
        return f'<span class="faint">{escape(_("Not set"))}</span>'
    return pieces.person(product.lead.name, "sm")
