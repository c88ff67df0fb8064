"""The sidebar's links, drawn in Python: they stand on every page, and as templates they were a third of an empty one's work."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ui import formats, pieces
from ui.shell import Link, ProductLink, Shell
from ui.templatetags import ui as tags


def places(links: Iterable[Link], css: str = "") -> SafeString:
    """Entries of the shell. css: side__item--sub for the pages of a product, which have no picture."""
    return pieces.joined(_place(link, css) for link in links)


def products(shell: Shell, links: Iterable[ProductLink]) -> SafeString:
    """Products, and the pages of the one that this page is about below it."""
    here, language = getattr(shell.product, "key", None), get_language()
    parts = []
    for link in links:
        opened = ' aria-expanded="true"' if link.key == here else ""
        picture = pieces.tile(link.name, link.stage)
        parts.append(
            f'<a class="side__item side__item--product" href="{escape(link.url)}"{opened}>{picture}'
            f"<span>{escape(link.name)}</span>{_ring(link.stage, language)}</a>"
        )
        if opened:
            parts.append(places(shell.product_places, "side__item--sub"))
    return pieces.joined(parts)


def _place(link: Link, css: str) -> str:
    entry = link.entry
    current = ' aria-current="page"' if link.current else ""
    keys = f' data-key="{escape(entry.keys)}"' if entry.keys else ""
    picture = pieces.icon(entry.icon) if entry.icon and not css else ""
    count = ""
    if link.count:
        fresh = " side__count--new" if entry.new else ""
        count = f'<span class="side__count{fresh}">{formats.number(link.count)}</span>'
    return (
        f'<a class="side__item {css}" href="{escape(link.url)}"{current}{keys}>{picture}'
        f"<span>{escape(str(entry.label))}</span>{count}</a>"
    )


@lru_cache(maxsize=64)
def _ring(stage: str, language: str | None) -> str:
    return str(tags.ring(stage))
