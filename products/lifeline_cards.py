"""Products below the lifecycle's curve, as cards or, where a stage has many, as lines; drawn in Python since they repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from products.models import Product
from ui import pieces


def cards(products: Iterable[Product], workspace: str, today: dt.date) -> SafeString:
    """Each with the brief of its stage (products/briefs.py). `workspace` is the slug."""
    home = pieces.address("products:overview", workspace)
    return pieces.joined(_card(product, home % product.key, today) for product in products)


def _card(product: Product, address: str, today: dt.date) -> str:
    stale = f' <span class="faint fs-12">{escape(_("stale"))}</span>' if product.health_is_stale else ""
    return (
        f'<a class="pcard" href="{address}"><span class="row">{pieces.tile(product.name, product.stage, "md")}'
        f'<b class="grow">{escape(product.name)}</b></span><span class="pcard__kind">{escape(product.tagline)}</span>'
        f"<span>{pieces.health(product.health)}{stale}</span>"
        f'<span class="pcard__fact">{escape(product.brief.get("fact") or "")}</span>{_next(product, today)}</a>'  # type: ignore[attr-defined]  # set by briefs_later
    )


def _next(product: Product, today: dt.date) -> str:
    brief = product.brief  # type: ignore[attr-defined]
    if not brief.get("next"):
        return ""
    on = brief.get("next_on")
    when = pieces.day(on, today) if on else f"<span>{escape(_('no date'))}</span>"
    return f'<span class="pcard__gate"><span>{escape(brief["next"])}</span>{when}</span>'
