"""Dates, numbers and money as the design writes them, in the reader's language."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, ngettext, pgettext

from ui.words import gettext as _

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "PLN": "zł", "UAH": "₴"}
NOT_SET = "—"


def day(value: dt.date | dt.datetime | None, today: dt.date) -> str:
    """`8 Dec`, with the year only if it is not this one."""
    if value is None:
        return NOT_SET
    value = _as_date(value)
    return _day(value, value.year == today.year, get_language())


@lru_cache(maxsize=4096)
def _day(value: dt.date, this_year: bool, language: str | None) -> str:
    """Kept, since lists name the same days again and again."""
    if this_year:
        return date_format(value, pgettext("date format: 8 Dec", "j M"))
    return date_format(value, pgettext("date format: 8 Dec 2027", "j M Y"))


def span(start: dt.date | None, end: dt.date | None, today: dt.date) -> str:
    """`5 Oct – 4 Dec`; an open end stays open."""
    if start is None and end is None:
        return NOT_SET
    return f"{day(start, today) if start else ''} – {day(end, today) if end else ''}".strip()


def near(value: dt.date | dt.datetime | None, today: dt.date) -> str:
    """Relative within a week (`tomorrow`, `3 days ago`), else the day."""
    if value is None:
        return NOT_SET
    days = (_as_date(value) - today).days
    if abs(days) >= 7:
        return day(value, today)
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if days > 0:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}


def ago(instant: dt.datetime | None, now: dt.datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, then days, then the day."""
    if instant is None:
        return NOT_SET
    seconds = (now - instant).total_seconds()
    if seconds < 0:
        return near(timezone.localtime(instant), timezone.localtime(now).date())
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("%(n)d min ago") % {"n": seconds // 60}
    today = timezone.localtime(now).date()
    if timezone.localtime(instant).date() == today:
        return _("%(n)d h ago") % {"n": seconds // 3600}
    return near(timezone.localtime(instant), today)


def moment(instant: dt.datetime) -> str:
    """The whole instant in the person's zone, for a title."""
    return _clock_time(timezone.localtime(instant).replace(tzinfo=None), get_language())


@lru_cache(maxsize=4096)
def _clock_time(local: dt.datetime, language: str | None) -> str:
    """Without a zone: the same instant in two zones would be one key."""
    return date_format(local, pgettext("date format: Tue 8 Dec 2026, 14:05", "D j M Y, H:i"))


def lasted(start: dt.datetime, end: dt.datetime) -> str:
    return timesince(start, end, depth=2)


def number(value: Any, places: int | None = None) -> str:
    """Grouped by locale; without `places`, as many decimals as the value needs, at most two."""
    if value is None or value == "":
        return NOT_SET
    value = Decimal(str(value))
    if places is None:
        value = value.quantize(Decimal("0.01")).normalize()
        places = max(0, -int(value.as_tuple().exponent))
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True).replace("-", "−", 1)


def percent(value: Any, places: int = 0) -> str:
    if value is None or value == "":
        return NOT_SET
    return pgettext("percentage", "%(n)s%%") % {"n": number(value, places)}


def compact(value: Any) -> str:
    """`940`, `18.4k`, `1.42M`."""
    if value is None or value == "":
        return NOT_SET
    value = Decimal(str(value))
    for limit, letter in ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "k")):
        if abs(value) >= limit:
            scaled = value / limit
            places = 0 if abs(scaled) >= 100 else 1 if abs(scaled) >= 10 else 2
            return number(_trimmed(scaled, places)) + letter
    return number(value)


def money(value: Any, currency: str, *, short: bool = False) -> str:
    """`€1,420,000`, short `€1.42M`; whole amounts without decimals."""
    if value is None or value == "":
        return NOT_SET
    value = Decimal(str(value))
    amount = compact(abs(value)) if short else number(abs(value), 0 if value == value.to_integral_value() else 2)
    symbol = SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    sign = "−" if value < 0 else ""
    return sign + pgettext("money", "%(symbol)s%(amount)s") % {"symbol": symbol, "amount": amount}


def weeks(effort: Decimal | int | None, *, of: Decimal | None = None, short: bool = False) -> str:
    """An estimate: `8 person-weeks`, short `8 pw`. `of` is a capacity that it takes: `5 of 3 person-weeks`, short `5 / 3 pw`."""
    measure = effort if of is None else of
    if effort is None or measure is None:
        return NOT_SET
    said = {"weeks": number(effort), "capacity": number(of)}
    if short:
        return (_("%(weeks)s pw") if of is None else _("%(weeks)s / %(capacity)s pw")) % said
    plural = 1 if measure == 1 else max(2, ceil(measure))
    if of is None:
        return ngettext("%(weeks)s person-week", "%(weeks)s person-weeks", plural) % said
    return ngettext("%(weeks)s of %(capacity)s person-week", "%(weeks)s of %(capacity)s person-weeks", plural) % said


def _trimmed(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places))


def _as_date(value: dt.date | dt.datetime) -> dt.date:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
