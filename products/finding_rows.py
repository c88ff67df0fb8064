"""What needs attention, as rows of a list; drawn in Python since they repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString

from products.attention import Finding
from ui import pieces


def rows(findings: Iterable[Finding], today: dt.date) -> SafeString:
    return pieces.joined(_row(one, today) for one in findings)


def _row(one: Finding, today: dt.date) -> str:
    url = escape(one.url)
    detail = f" · {escape(one.detail)}" if one.detail else ""
    when = (
        f'<span class="pill" data-tone="{one.tone}">{pieces.icon(one.icon)}{pieces.near(one.when, today)}</span>'
        if one.when
        else ""
    )
    return (
        f'<li>{pieces.tile(one.product.name, one.product.stage, "md")}<div class="grow"><a class="attention__t" href="{url}">'
        f'{escape(one.title)}</a><div class="attention__s">{escape(one.product.name)}{detail}</div></div>{when}'
        f'<a class="btn btn--sm only-wide" href="{url}">{escape(one.action)}</a></li>'
    )
