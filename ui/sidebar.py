"""What repeats in the frame, drawn in Python: links of the sidebar, tabs of phones, the bell. They stand on every page, and as
templates they were a third of an empty one's work."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from ui import formats, pieces
from ui.drawn.states import ring
from ui.shell import Entry, Link, ProductLink, Shell


def places(links: Iterable[Link], css: str = "") -> SafeString:
    """Entries of the shell. css: side__item--sub for the pages of a product, which have no picture."""
    language = get_language()
    return pieces.joined(_place(one.entry, one.url, one.current, one.count or 0, css, language) for one in links)


def products(shell: Shell, links: Iterable[ProductLink]) -> SafeString:
    """Products, and the pages of the one that this page is about below it."""
    here, language = getattr(shell.product, "key", None), get_language()
    parts = []
    for link in links:
        opened = link.key == here
        parts.append(_product(link.name, link.stage, link.url, opened, language))
        if opened:
            parts.append(places(shell.product_places, "side__item--sub"))
    return pieces.joined(parts)


def shared(links: Iterable[Link]) -> SafeString:
    """Pages that people outside see, too."""
    language = get_language()
    return pieces.joined(_shared(one.entry, one.url, language) for one in links)


def tabs(links: Iterable[Link]) -> SafeString:
    """The phone's tab bar, without More."""
    language = get_language()
    return pieces.joined(_tab(one.entry, one.url, one.current, language) for one in links)


def bell(link: Link, live: str) -> SafeString:
    """With what is unread; `live` is where it is fetched anew when that changes."""
    return pieces.joined([_bell(link.entry, link.url, live, link.count or 0, get_language())])


@lru_cache(maxsize=1024)
def _shared(entry: Entry, url: str, language: str | None) -> str:
    picture, away = pieces.icon(entry.icon), pieces.icon("arrow-up-right", "icon--14")
    return f'<a class="side__item" href="{escape(url)}">{picture}<span>{escape(str(entry.label))}</span>{away}</a>'


@lru_cache(maxsize=1024)
def _tab(entry: Entry, url: str, is_current: bool, language: str | None) -> str:
    current = ' aria-current="page"' if is_current else ""
    return f'<a href="{escape(url)}"{current}>{pieces.icon(entry.icon, "icon--20")}{escape(str(entry.label))}</a>'


@lru_cache(maxsize=1024)
def _bell(entry: Entry, url: str, live: str, number: int, language: str | None) -> str:
    label = escape(str(entry.label))
    unread = escape(ngettext(", %(n)s unread", ", %(n)s unread", number) % {"n": number}) if number else ""
    count = f'<i aria-hidden="true">{number}</i>' if number else ""
    return (
        '<a id="bell" class="btn btn--ghost btn--icon nbell tip tip--below tip--end" data-live="notification:*"'
        f' data-live-url="{escape(live)}" href="{escape(url)}" data-tip="{label}" aria-label="{label}{unread}">'
        f"{pieces.icon('bell')}{count}</a>"
    )


@lru_cache(maxsize=1024)
def _product(name: str, stage: str, url: str, opened: bool, language: str | None) -> str:
    expanded = ' aria-expanded="true"' if opened else ""
    return (
        f'<a class="side__item side__item--product" href="{escape(url)}"{expanded}>{pieces.tile(name, stage)}'
        f"<span>{escape(name)}</span>{ring(stage)}</a>"
    )


@lru_cache(maxsize=4096)
def _place(entry: Entry, url: str, is_current: bool, number: int, css: str, language: str | None) -> str:
    current = ' aria-current="page"' if is_current else ""
    keys = f' data-key="{escape(entry.keys)}"' if entry.keys else ""
    picture = pieces.icon(entry.icon) if entry.icon and not css else ""
    count = ""
    if number:
        fresh = " side__count--new" if entry.new else ""
        shown = f"{formats.number(entry.most - 1)}+" if number == entry.most else formats.number(number)
        count = f'<span class="side__count{fresh}">{shown}</span>'
    return (
        f'<a class="side__item {css}" href="{escape(url)}"{current}{keys}>{picture}'
        f"<span>{escape(str(entry.label))}</span>{count}</a>"
    )
