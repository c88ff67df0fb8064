"""The heads of a board's columns, and whole columns that hold no cards yet. Every text is escaped here.

A board may have hundreds: each is kept as drawn under all that it is made of (`Look`, `Told`), so that only what changed is drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from roadmap.boards.columns import Column, Head
from roadmap.plans.designs import Layout
from ui import formats, pieces
from ui.words import gettext as _

KEPT = 8192


class Look(NamedTuple):
    """What all columns of a board are drawn by: see BoardDrawing."""

    layout: str
    here: str
    limits: str
    today: date
    language: str | None

    @classmethod
    def of(cls, layout: str, here: str, limits: str, today: date) -> Look:
        return cls(layout, here, limits, today, get_language())

    @property
    def is_horizons(self) -> bool:
        return self.layout == Layout.HORIZONS


class Told(NamedTuple):
    """What is told of one column."""

    head: Head
    count: int
    effort: Decimal
    limit: int | None
    sums: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, column: Column) -> Told:
        sums = tuple((str(label), text) for label, text in column.sums) if column.sums else ()
        return cls(column.head, column.count, column.effort, column.limit, sums)

    @property
    def id(self) -> str:
        return f"col-{escape(self.head.key) or 'none'}"

    @property
    def name(self) -> str:
        head = self.head
        return escape(f"{head.product} {head.name}" if head.product else head.name)

    @property
    def too_many(self) -> int:
        """By how many it is over its limit."""
        return max(0, self.count - self.limit) if self.limit is not None else 0


@lru_cache(maxsize=KEPT)
def without_cards(look: Look, told: Told) -> str:
    """A column whose cards come when it is scrolled to, or asked for."""
    if not told.count:
        return around(look, told, "")
    words = ngettext("Show %(n)d card", "Show %(n)d cards", told.count) % {"n": told.count}
    return around(look, told, more(look, told.head, words, "intersect once"))


def around(look: Look, told: Told, inside: str) -> str:
    """A column around what its list holds."""
    css, list_css = ("nnl__col", "nnl__list") if look.is_horizons else ("bcol", "bcol__list")
    none = f'<p class="faint fs-13 nnl__none">{escape(_("Nothing here yet."))}</p>' if not told.count else ""
    return (
        f'<section class="{css}" aria-labelledby="{told.id}-name">{head(look, told)}'
        f'<ul class="{list_css}" data-list="{escape(told.head.key)}" aria-label="{told.name}">{inside}</ul>{none}</section>\n'
    )


def more(look: Look, head: Head, words: str, trigger: str) -> str:
    """A link to all cards of a column."""
    address = escape(f"{look.here}&column={head.key or 'none'}")
    return (
        f'<li class="bcol__more"><a class="btn btn--ghost btn--sm" href="{address}" hx-get="{address}" hx-trigger="{trigger}"'
        f' hx-target="closest [data-list]" hx-swap="innerHTML" hx-push-url="false">{escape(words)}</a></li>'
    )


def heads(look: Look, columns: Iterable[Column]) -> SafeString:
    """The heads anew, for where they stand: after a move, or with cards that come later."""
    return pieces.joined(head(look, Told.of(column), ' hx-swap-oob="true"') for column in columns)


@lru_cache(maxsize=KEPT)
def head(look: Look, told: Told, attributes: str = "") -> str:
    css = "" if look.is_horizons else ' class="bcol__head"'
    inside = _horizon(look, told) if look.is_horizons else _usual(look, told)
    return f'<header id="{told.id}"{css}{attributes}>{inside}{_over(told)}</header>'


def _horizon(look: Look, told: Told) -> str:
    head = told.head
    dots = "".join(f"<i{' class=on' if n < head.confidence else ''}></i>" for n in range(3))
    return (
        f'<h2 id="{told.id}-name">{told.name}</h2>{_count(look, told)}<span class="grow">{escape(head.claim)}</span>'
        f'<span class="conf">{dots}{escape(head.word)}</span><span class="row row--wrap fs-12 bcol__sums">{summed(told.effort, told.sums)}</span>'
    )


def _usual(look: Look, told: Told) -> str:
    head = told.head
    glyph = pieces.status(head.name, head.category, text=False) if head.category else ""
    under = pieces.day(head.ends_on, look.today) if head.ends_on else ""
    if not head.category and not head.ends_on:
        under = escape(_("No day set") if head.key else _("In order of rank"))
    under = under and f'<span class="nowrap">{under}</span>'
    return (
        f'<div class="row">{glyph}<h2 id="{told.id}-name">{told.name}</h2><span class="grow">{_count(look, told)}'
        f'</span></div><div class="row row--wrap fs-12 faint bcol__sums">{under}{summed(told.effort, told.sums)}</div>'
    )


def _count(look: Look, told: Told) -> str:
    count = pieces.number(told.count)
    if told.limit is not None:
        count = f"{count} / {told.limit}"
    css = "num over" if told.too_many else "num faint"
    if not look.limits:
        return f'<span class="{css}">{count}</span>'
    address = look.limits % (escape(told.head.key) or "none")
    label = escape(_("Limit of %(name)s") % {"name": told.head.name})
    return (
        f'<a class="{css} bcol__limit" href="{address}" data-dialog="limit" data-dialog-url="{address}" title="{label}">{count}'
        f'<span class="sr"> {label}</span></a>'
    )


def _over(told: Told) -> str:
    if not told.too_many:
        return ""
    words = ngettext("%(n)d more than the limit", "%(n)d more than the limit", told.too_many) % {"n": told.too_many}
    return f'<p class="bcol__over">{pieces.icon("triangle-alert", "icon--12")}{escape(words)}</p>'


def summed(effort: Decimal, sums: Iterable[tuple[str, str]]) -> str:
    """What a column or lane comes to: effort, and what other apps sum up. Each is named, and effort spelled out, where it is pointed at."""
    said = [(str(label), text, str(label)) for label, text in sums]
    if effort:
        label = _("Effort")
        said.insert(0, (label, formats.weeks(effort, short=True), f"{label}: {formats.weeks(effort)}"))
    return "".join(
        f'<span class="num nowrap" title="{escape(full)}"><span class="sr">{escape(label)} </span>{escape(text)}</span>'
        for label, text, full in said
    )
