"""Where a page stands: its product, the pages above it, its own name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from ui.drawn.faces import ptile
from ui.words import gettext as _


def trail(title: Any, product: Any, home: str, links: Iterable[tuple[Any, Any]]) -> SafeString:
    """`product` has name and stage, and leads to `home` where there is one; `links` are addresses and texts."""
    parts = []
    if product:
        named = f"{ptile(product.name, product.stage)}{escape(product.name)}"
        parts.append(
            f'<li><a href="{escape(home)}">{named}</a></li>' if home else f'<li><span class="row">{named}</span></li>'
        )
    parts += [f'<li><a href="{escape(url)}">{conditional_escape(text)}</a></li>' for url, text in links]
    return mark_safe(  # noqa: S308 - escaped here
        f'<nav class="crumbs" aria-label="{escape(_("Breadcrumb"))}"><ol>{"".join(parts)}'
        f"<li><h1>{conditional_escape(title)}</h1></li></ol></nav>"
    )
