"""Rows of what a member leads, drawn in Python: a hundred of them stand on the page. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui import pieces


class Led(NamedTuple):
    """An open item that the member leads."""

    number: int
    title: str
    ends_on: date | None
    status: str
    category: str
    product_key: str
    product: str
    stage: str


def rows(items: Iterable[Led], workspace: str, today: date) -> SafeString:
    return pieces.joined(_row(item, workspace, today) for item in items)


def _row(item: Led, workspace: str, today: date) -> str:
    url = pieces.address("roadmap:item", workspace, item.product_key) % item.number
    product = escape(item.product)
    return (
        f'<tr><td class="title"><a class="t-title" href="{escape(url)}"><span class="t-id">{escape(item.product_key)}-{item.number}'
        f'</span><span>{escape(item.title)}</span></a></td><td class="lo">{pieces.status(item.status, item.category)}</td>'
        f'<td class="lo"><span class="row">{pieces.tile(item.product, item.stage)}<span class="muted truncate">{product}</span>'
        f'</span></td><td class="num">{_due(item.ends_on, today)}</td></tr>\n'
    )


def _due(day: date | None, today: date) -> str:
    if day is None:
        return f'<span class="muted">{escape(_("no date"))}</span>'
    if day < today:
        return f'<span class="delta" data-tone="bad">{pieces.day(day, today)}</span>'
    return f'<span class="muted">{pieces.near(day, today)}</span>'
