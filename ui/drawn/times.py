"""Days and instants as time elements."""

import datetime as dt
from typing import Any

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from config import clock
from ui import formats


def element(value: Any, text: str) -> SafeString:
    """A day in words as a time element; "Not set" without one."""
    if value is None or value == "":
        return conditional_escape(formats.NOT_SET)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


def ago(instant: dt.datetime | None) -> SafeString:
    """`5 min ago`; the exact time is the title."""
    if instant is None:
        return conditional_escape(formats.NOT_SET)
    text = formats.ago(instant, clock.now())
    exact, text = escape(formats.moment(instant)), escape(text)
    return mark_safe(f'<time datetime="{instant.isoformat()}" title="{exact}">{text}</time>')  # noqa: S308 - escaped
