"""What people write in cells, read: dates in a dozen spellings, numbers with commas, confidence in words."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _


class Unreadable(ValueError):
    """A cell that cannot be read as what its column should be. The message completes the row's reason."""


class DateOrder(StrEnum):
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


TIME = r"""(?:(?:[T\s,]|\sat\s)+(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})
    (?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>z|(?:utc|gmt)?[+-][0-9]{2}:?[0-9]{2}|utc|gmt)?(?:\s*\([^)]{0,60}\))?)?"""
SHAPES = tuple(
    re.compile(shape + TIME, re.VERBOSE | re.IGNORECASE)
    for shape in (
        r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})",
        r"(?:[^\W\d]{2,12}\.?,?\s+)?(?P<day>[0-9]{1,2})\.?(?:st|nd|rd|th)?[-/\s]\s*(?:de\s)?(?P<word>[^\W\d_]{3,12})\.?,?"
        r"[-/\s]\s*(?:de\s)?(?P<year>[0-9]{4}|[0-9]{2})",
        r"(?:[^\W\d]{2,12}\.?,?\s+)?(?P<word>[^\W\d_]{3,12})\.?\s+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>[0-9]{4})",
        r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[0-9]{4}|[0-9]{2})",
    )
)
NUMERIC = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[/-])(?P<second_>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4}|[0-9]{2})" + TIME,
    re.VERBOSE | re.IGNORECASE,
)
# Month by month in the languages in which Jira and Excel write them, accents off; any beginning of three letters counts.
MONTH_NAMES = (
    "january januar janvier enero gennaio januari janeiro stycznia styczen",
    "february februar fevrier febrero febbraio februari fevereiro lutego luty",
    "march marz maerz mrz mars marzo maart mrt marts marco marca marzec",
    "april avril abril aprile kwietnia kwiecien",
    "may mai mayo maggio mei maj maio maja",
    "june juni juin junio giugno junho czerwca czerwiec",
    "july juli juillet julio luglio julho lipca lipiec",
    "august aout agosto augustus augusti sierpnia sierpien",
    "september septembre septiembre settembre setembro wrzesnia wrzesien",
    "october oktober octobre octubre ottobre outubro pazdziernika pazdziernik",
    "november novembre noviembre novembro listopada listopad",
    "december dezember decembre diciembre dicembre dezembro grudnia grudzien",
)


def beginnings() -> dict[str, int]:
    """Every beginning that names one month only."""
    meant: dict[str, set[int]] = {}
    for month, names in enumerate(MONTH_NAMES, start=1):
        for name in names.split():
            for length in range(3, len(name) + 1):
                meant.setdefault(name[:length], set()).add(month)
    return {word: months.pop() for word, months in meant.items() if len(months) == 1}


MONTHS = beginnings()
IMPACTS = tuple(Decimal(value) for value in ("0.25", "0.5", "1", "2", "3"))
IMPACT_WORDS = dict(zip(("minimal", "low", "medium", "high", "massive"), IMPACTS, strict=True))
CONFIDENCE_WORDS = {"high": 100, "medium": 80, "low": 50}
NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<digits>[0-9][0-9.,'’\s]*)(?P<times>[kKmM])?\s*"
    r"(?P<unit>%|pw|w|wks?|weeks?|person-?\s?weeks?|accounts?|customers?|users?|fleets?|x|pts?|points?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in a calendar as written; without a zone where none was written."""

    day: date
    at: datetime | None


def date_in(text: str, order: DateOrder | None, zone: ZoneInfo) -> date:
    """The date, in `zone` where the cell names an instant of another zone."""
    moment = moment_in(text, order)
    if moment.at and moment.at.tzinfo:
        return moment.at.astimezone(zone).date()
    return moment.day


def instant_in(text: str, order: DateOrder | None, zone: ZoneInfo) -> datetime:
    """An aware datetime in UTC; a time without zone is `zone`'s, a date alone its first moment."""
    moment = moment_in(text, order)
    at = moment.at or datetime.combine(moment.day, datetime.min.time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def moment_in(text: str, order: DateOrder | None) -> Moment:
    text = text.strip()
    if len(text) <= 80:
        for shape in SHAPES:
            match = shape.fullmatch(text)
            if match:
                month = month_named(match["word"]) if "word" in match.groupdict() else int(match["month"])
                if month:
                    return moment_of(match, month, int(match["day"]), text)
        match = NUMERIC.fullmatch(text)
        if match:
            day, month = day_and_month(match, order, text)
            return moment_of(match, month, day, text)
    raise Unreadable(_("“%(text)s” is not a date that can be read; write it as 2026-11-19") % {"text": short(text)})


def day_and_month(match: re.Match[str], order: DateOrder | None, text: str) -> tuple[int, int]:
    first, second = int(match["first"]), int(match["second_"])
    if order is None and first != second and first <= 12 and second <= 12:
        raise Unreadable(
            _("“%(text)s” can be read with the day or the month first; choose which, then import again")
            % {"text": short(text)}
        )
    month_first = second > 12 if first <= 12 < second or second <= 12 < first else order == DateOrder.MONTH_FIRST
    return (second, first) if month_first else (first, second)


def moment_of(match: re.Match[str], month: int, day: int, text: str) -> Moment:
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 70 else 1900
    try:
        found = date(year, month, day)
        at = clock_of(match, found)
    except ValueError as error:
        raise Unreadable(_("“%(text)s” is not a day of the calendar") % {"text": short(text)}) from error
    if not 1900 <= found.year <= 2200:
        raise Unreadable(_("“%(text)s” lies outside the years 1900 to 2200") % {"text": short(text)})
    return Moment(found, at)


def clock_of(match: re.Match[str], day: date) -> datetime | None:
    if not match["hour"]:
        return None
    hour = int(match["hour"])
    half = (match["half"] or "").replace(".", "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "pm" else 0)
    zone = zone_of(match["zone"])
    return datetime(day.year, day.month, day.day, hour, int(match["minute"]), int(match["second"] or 0), tzinfo=zone)


def zone_of(text: str | None) -> timezone | None:
    if not text:
        return None
    text = text.casefold().removeprefix("utc").removeprefix("gmt")
    if text in ("", "z"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def month_named(word: str) -> int | None:
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().casefold()
    return MONTHS.get(plain)


def order_of(text: str) -> DateOrder | None:
    """The order of day and month that one cell proves; None where it proves none."""
    match = NUMERIC.fullmatch(text.strip()) if len(text) <= 80 else None
    if not match:
        return None
    first, second = int(match["first"]), int(match["second_"])
    if first > 12 >= second:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if second > 12 >= first else None


def is_open(text: str) -> bool:
    """Can the cell be read with the day and with the month first, as two different days?"""
    match = NUMERIC.fullmatch(text.strip()) if len(text) <= 80 else None
    if not match:
        return False
    first, second = int(match["first"]), int(match["second_"])
    return first != second and first <= 12 and second <= 12


def number_in(text: str, decimal: str = ".") -> tuple[Decimal, str]:
    """The number and its unit. `decimal` is the mark before decimals where a file leaves it open, `.` or `,`."""
    text = text.strip()
    match = NUMBER.fullmatch(text) if len(text) <= 40 else None
    if not match:
        raise Unreadable(_("“%(text)s” is not a number") % {"text": short(text)})
    value = Decimal(match["sign"] + plain_digits(match["digits"], decimal, text))
    times = (match["times"] or "").casefold()
    return value * {"": 1, "k": 1_000, "m": 1_000_000}[times], (match["unit"] or "").casefold()


def plain_digits(digits: str, decimal: str, text: str) -> str:
    digits = re.sub(r"['’\s]", "", digits)
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        decimal = "," if comma > point else "."
    elif comma >= 0 or point >= 0:
        mark = "," if comma >= 0 else "."
        groups = digits.split(mark)
        grouped = len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])
        decimal = mark if not grouped or (decimal == mark and len(groups) == 2) else (",", ".")[mark == ","]
    whole, mark, fraction = digits.partition(decimal)
    whole = whole.replace(",", "").replace(".", "")
    if not whole or (mark and not fraction.isdigit()):
        raise Unreadable(_("“%(text)s” is not a number") % {"text": short(text)})
    return f"{whole}.{fraction}" if fraction else whole


def reach_in(text: str, decimal: str) -> int:
    value, _unit = number_in(text, decimal)
    if value != value.to_integral_value() or not 0 <= value <= 1_000_000_000:
        raise Unreadable(_("“%(text)s” is not a whole number from 0 to 1,000,000,000") % {"text": short(text)})
    return int(value)


def impact_in(text: str, decimal: str) -> Decimal:
    word = re.sub(r"[^a-z]", "", text.casefold())
    if word in IMPACT_WORDS:
        return IMPACT_WORDS[word]
    value, _unit = number_in(text.strip().lstrip("×"), decimal)
    if value not in IMPACTS:
        raise Unreadable(_("“%(text)s” is not one of 0.25, 0.5, 1, 2, 3") % {"text": short(text)})
    return next(impact for impact in IMPACTS if impact == value)


def confidence_in(text: str, decimal: str) -> int:
    """Whole percent. 0.8 and 80 % are the same; 1 is 100 %."""
    word = re.sub(r"[^a-z]", "", text.casefold())
    if word in CONFIDENCE_WORDS:
        return CONFIDENCE_WORDS[word]
    value, unit = number_in(text, decimal)
    if unit != "%" and 0 < value <= 1:
        value *= 100
    if not 0 <= value <= 100:
        raise Unreadable(_("“%(text)s” is not a confidence from 0 to 100 %%") % {"text": short(text)})
    return int(value.to_integral_value(ROUND_HALF_UP))


def effort_in(text: str, decimal: str, divisor: Decimal = Decimal(1)) -> Decimal | None:
    """Person-weeks. Where another unit is divided, 0 means that nobody has estimated: None."""
    value, _unit = number_in(text, decimal)
    if divisor != 1 and value == 0:
        return None
    weeks = (value / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not Decimal("0.01") <= weeks <= 9_999:
        raise Unreadable(_("“%(text)s” is not an effort above 0 and below 10,000") % {"text": short(text)})
    return weeks


def short(text: str) -> str:
    text = " ".join(text[:200].split())
    return text if len(text) <= 40 else text[:39] + "…"
