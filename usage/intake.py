"""One event as somebody sent it → what is counted, or a sentence that says why not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from usage.models import Reason

FIELDS = ("event_id", "feature_key", "user_key", "account_key", "ts")
LONGEST_KEY = 200
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
DAY_ZERO = EARLIEST.toordinal()
#: Older events of the HTTP stream are set aside; a file is a backfill and never late.
LATE_AFTER = timedelta(days=7)
#: A clock may run a little ahead.
EARLY_AFTER = timedelta(days=1)
#: The log of a simulation may run ahead of us, a wrong century may not.
EARLY_AFTER_IN_FILE = timedelta(days=366)


class Unusable(Exception):
    """An event that can't be counted. `detail` is a sentence for its sender, `source` the text where it has no fields."""

    def __init__(self, reason: Reason, detail: str, source: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.source = reason, detail, source


class Parsed(NamedTuple):
    event_id: bytes
    feature: str
    user: str
    account: str
    microseconds: int  # since 2000-01-01 UTC
    day: int  # since 0001-01-01, as date.toordinal()


class Bounds(NamedTuple):
    """The times that are accepted, and the zone whose days are counted."""

    zone: ZoneInfo
    earliest: datetime
    latest: datetime

    @classmethod
    def of_stream(cls, zone: ZoneInfo, received_at: datetime) -> Bounds:
        return cls(zone, received_at - LATE_AFTER, received_at + EARLY_AFTER)

    @classmethod
    def of_file(cls, zone: ZoneInfo, received_at: datetime) -> Bounds:
        return cls(zone, EARLIEST, received_at + EARLY_AFTER_IN_FILE)


def parse(values: Sequence[Any], bounds: Bounds) -> Parsed:
    """`values` in the order of FIELDS, as CSV or JSON gave them. Raises Unusable."""
    event_id = _id(values[0])
    try:
        feature, user, account = map(_seen_key, values[1:4], FIELDS[1:4])
    except TypeError:  # a list or an object can't be looked up
        feature, user, account = map(_key, values[1:4], FIELDS[1:4])
    if feature == "*":
        raise Unusable(Reason.MALFORMED, _("feature_key “*” stands for the whole product; use another key."))
    ts = _instant(values[4])
    if not bounds.earliest <= ts <= bounds.latest or ts < EARLIEST:
        _refuse_time(ts, bounds)
    since = ts - EARLIEST
    day = since.days + DAY_ZERO if bounds.zone.key == "UTC" else ts.astimezone(bounds.zone).toordinal()
    return Parsed(
        event_id, feature, user, account, (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, day
    )


def _refuse_time(ts: datetime, bounds: Bounds) -> None:
    if ts < EARLIEST:
        raise Unusable(Reason.MALFORMED, _("ts %(ts)s lies before the year 2000.") % {"ts": ts.isoformat()})
    if ts < bounds.earliest:
        raise Unusable(Reason.LATE, _("Older than 7 days. Send it as a file: files may be of any age."))
    sentence = _("ts %(ts)s lies in the future. Check the sender's clock.")
    raise Unusable(Reason.EARLY, sentence % {"ts": ts.isoformat()})


def _key(value: Any, field: str) -> str:
    if type(value) is int:
        value = str(value)
    if value is None or value == "":
        raise Unusable(Reason.MISSING, _("%(field)s is missing.") % {"field": field})
    if not isinstance(value, str):
        raise Unusable(Reason.MALFORMED, _("%(field)s must be a text.") % {"field": field})
    text = value.strip()
    if not text:
        raise Unusable(Reason.MISSING, _("%(field)s is empty.") % {"field": field})
    if len(text) > LONGEST_KEY:
        raise Unusable(
            Reason.MALFORMED,
            _("%(field)s is longer than %(limit)d characters.") % {"field": field, "limit": LONGEST_KEY},
        )
    if not text.isascii() or "\0" in text:
        _refuse_what_is_no_text(text, field)
    return text


#: Most keys come again and again. Typed, because 1 and true are equal.
_seen_key = lru_cache(100_000, typed=True)(_key)


def _refuse_what_is_no_text(text: str, field: str) -> None:
    """NUL can't be stored; half a surrogate pair is what broken UTF-8 and broken JSON escapes become."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unusable(Reason.MALFORMED, _("%(field)s is not valid UTF-8.") % {"field": field}) from None
    if "\0" in text:
        raise Unusable(Reason.MALFORMED, _("%(field)s contains a NUL character.") % {"field": field})


def _id(value: Any) -> bytes:
    """The 16 bytes of a UUID in any spelling; any other text is hashed to as many."""
    text = value if type(value) is str and len(value) == 36 else _key(value, "event_id")
    try:
        raw = bytes.fromhex(text.replace("-", ""))
    except ValueError:
        text = _key(value, "event_id")
        raw = b""
    return raw if len(raw) == 16 else hashlib.blake2b(text.encode(), digest_size=16).digest()


def _instant(value: Any) -> datetime:
    try:
        ts = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        ts = _instant_in_words(value)
    return ts if ts.tzinfo is not None else ts.replace(tzinfo=UTC)


def _instant_in_words(value: Any) -> datetime:
    """As databases export it, or not a time at all."""
    if value is None or value == "":
        raise Unusable(Reason.MISSING, _("ts is missing."))
    try:
        return datetime.fromisoformat(value.strip().removesuffix(" UTC"))
    except (ValueError, AttributeError):
        sentence = _("ts %(ts)s is not a time. Write it as 2026-03-05T09:30:00Z.")
        raise Unusable(Reason.MALFORMED, sentence % {"ts": repr(value)[:60]}) from None
