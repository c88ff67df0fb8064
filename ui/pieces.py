"""Pieces that lists repeat hundreds of times, kept as drawn: the components of ui/drawn/ for Python that draws rows.

A page of 200 cards spends its time on templates, not on the database (measured on the release board: 35 of 65 ms): so rows
that repeat are drawn in Python, each in the module named for it, from plain values. All these functions escape what they are given;
what is kept depends on the arguments alone, and on the language where it has words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.defaultfilters import floatformat
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ui import formats, glyphs
from ui.drawn import faces, measures, states


def joined(parts: Iterable[str]) -> SafeString:
    """Drawn parts as one; each has escaped its texts already."""
    return mark_safe("".join(parts))  # noqa: S308 - see above


def escaped(texts: Iterable[str]) -> list[str]:
    """Each as HTML, by one pass over all: a NUL is in no text that PostgreSQL keeps, and between two of these."""
    return escape("\0".join(texts)).split("\0")


def address(name: str, *place: str) -> str:
    """The addresses of `name` as a pattern: `address("roadmap:item", slug, key) % number`."""
    return _address(name, place, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1024)
def _address(name: str, place: tuple[str, ...], urlconf: Any, prefix: str) -> str:
    head, tail = reverse(name, urlconf=urlconf, args=[*place, "0"]).rsplit("/0/", 1)
    return f"{head}/%s/{tail}"


@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> str:
    return str(glyphs.icon(name, css))


@lru_cache(maxsize=4096, typed=True)
def face(name: str, size: str = "", *, org: bool = False, label: bool = True) -> str:
    return str(faces.avatar(name, size, org=org, label=label))


def person(name: str, size: str = "") -> str:
    return _person(name, size, get_language())


@lru_cache(maxsize=4096)
def _person(name: str, size: str, language: str | None) -> str:
    return str(faces.person(name, size))


@lru_cache(maxsize=1024, typed=True)
def status(name: str, category: str, *, text: bool = True) -> str:
    return str(states.status(name, category, text=text))


@lru_cache(maxsize=1024, typed=True)
def item_type(name: str, picture: str, tone: str) -> SafeString:
    return states.item_type(name, picture, tone)


@lru_cache(maxsize=1024, typed=True)
def tile(name: str, stage: str = "", size: str = "") -> str:
    return str(faces.ptile(name, stage, size))


def stage(key: str, css: str = "") -> str:
    return _stage(key, css, get_language())


@lru_cache(maxsize=128)
def _stage(key: str, css: str, language: str | None) -> str:
    return str(states.stage(key, css))


@lru_cache(maxsize=1024, typed=True)
def pill(text: str, tone: str = "neutral", picture: str = "") -> str:
    return str(states.pill(text, tone, picture))


def health(key: str, *, text: bool = True) -> str:
    return _health(key, text, get_language())


@lru_cache(maxsize=64)
def _health(key: str, text: bool, language: str | None) -> str:
    return str(states.health(key, text))


def progress(value: float | None, tone: str = "", css: str = "", label: str = "") -> str:
    return _progress(None if value is None else round(float(value)), tone, css, label, get_language())


@lru_cache(maxsize=1024)
def _progress(value: int | None, tone: str, css: str, label: str, language: str | None) -> str:
    return str(measures.progress(value, tone, css, label))


def weeks(effort: Decimal, of: Decimal | None = None, css: str = "") -> str:
    """Of an estimate, or of a capacity: `8 pw`, in full where it is pointed at."""
    return _weeks(effort, of, css, get_language())


@lru_cache(maxsize=4096)
def _weeks(effort: Decimal, of: Decimal | None, css: str, language: str | None) -> str:
    return str(measures.weeks(effort, of, css))


def score(value: Decimal, highest: Decimal) -> str:
    return _score(value, highest, get_language())


@lru_cache(maxsize=2048)
def _score(value: Decimal, highest: Decimal, language: str | None) -> str:
    return str(measures.score(value, highest))


def day(value: dt.date, today: dt.date) -> str:
    """`8 Dec` in a time element."""
    return f'<time datetime="{value.isoformat()}">{escape(formats.day(value, today))}</time>'


def near(value: dt.date, today: dt.date) -> str:
    """Relative within a week, then the day, in a time element."""
    return f'<time datetime="{value.isoformat()}">{escape(formats.near(value, today))}</time>'


def rounded(value: Decimal, places: int = 0) -> str:
    """As the filter floatformat writes it; negative places are left out where they are nought."""
    return _rounded(value, places, get_language())


@lru_cache(maxsize=8192)
def _rounded(value: Decimal, places: int, language: str | None) -> str:
    return str(floatformat(value, places))


def money(value: Decimal, currency: str) -> str:
    """Short, as in lists: `€1.42M`."""
    return _money(value, currency, get_language())


@lru_cache(maxsize=8192)
def _money(value: Decimal, currency: str, language: str | None) -> str:
    return str(escape(formats.money(value, currency, short=True)))


def options(choices: Iterable[tuple[str, object]], chosen: str = "") -> SafeString:
    """The options of a select."""
    drawn = (
        f'<option value="{escape(value)}"{" selected" if str(value) == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    )
    return joined(drawn)


def number(value: float | Decimal | None, places: int | None = None) -> str:
    return _number(value, places, get_language())


@lru_cache(maxsize=16384)
def _number(value: float | Decimal | None, places: int | None, language: str | None) -> str:
    return str(escape(formats.number(value, places)))


def percent(value: float | None, places: int = 0) -> str:
    return _percent(value, places, get_language())


@lru_cache(maxsize=4096)
def _percent(value: float | None, places: int, language: str | None) -> str:
    return str(escape(formats.percent(value, places)))
