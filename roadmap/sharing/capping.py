"""How precisely an audience may know a day: what is left of it is all that leaves the server. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ui import formats

DAY, MONTH, QUARTER = "day", "month", "quarter"


def first_of(day: date, precision: str) -> date:
    """The first day of what may be known."""
    if precision == DAY:
        return day
    return day.replace(day=1) if precision == MONTH else date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def last_of(day: date, precision: str) -> date:
    """The last day of what may be known."""
    if precision == DAY:
        return day
    return following(first_of(day, precision), precision) - timedelta(days=1)


def following(first: date, precision: str) -> date:
    """The first day of the next month or quarter."""
    index = first.year * 12 + first.month - 1 + (1 if precision == MONTH else 3)
    return date(index // 12, index % 12 + 1, 1)


def said(day: date, precision: str, today: date) -> str:
    """`8 Dec`, `Dec 2026` or `Q4 2026`."""
    if precision == DAY:
        return formats.day(day, today)
    if precision == MONTH:
        return date_format(day, pgettext("date format: Dec 2026", "M Y"))
    return _("Q%(n)d %(year)d") % {"n": (day.month + 2) // 3, "year": day.year}
