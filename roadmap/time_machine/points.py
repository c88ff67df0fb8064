"""The two ends of a comparison as an address names them: `2026-09-01`, a moment of it, a baseline's id, nothing for now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.utils.translation import gettext as _

from accounts.refusals import Refused
from changes.past import end_of
from roadmap.models.baseline import EARLIEST, Baseline
from ui import formats


@dataclass(frozen=True)
class Point:
    """`moment` is None for now; `value` is what an address says, `name` that of a baseline."""

    day: date
    moment: datetime | None = None
    name: str = ""
    value: str = ""

    def said(self, today: date) -> str:
        """`1 Sep`, `1 Sep, board plan`, `now`."""
        if self.moment is None:
            return _("now")
        day = formats.day(self.day, today)
        return f"{day}, {self.name}" if self.name else day


def past_day(text: str, today: date) -> date | None:
    """The day that an address asks to look back on; None for none and for today. Raises Refused."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:10]) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("“%(text)s” is no day. Write one such as 2026-09-01.") % {"text": text[:20]})
    if day < EARLIEST:
        raise Refused(_("There is nothing before %(day)s.") % {"day": formats.day(EARLIEST, today)})
    if day > today:
        raise Refused(_("%(day)s is still to come. Choose a day before today.") % {"day": formats.day(day, today)})
    return day if day < today else None


def point(text: str, baselines: Iterable[Baseline], today: date, zone: tzinfo) -> Point:
    """One end of a comparison. Raises Refused."""
    text = text.strip()
    if text in ("", "now"):
        return Point(today)
    for one in baselines:
        if one.public_id == text:
            return Point(one.moment.astimezone(zone).date(), one.moment, one.name, text)
    if len(text) > 10 and text[10] == "T":
        return _instant(text, today, zone)
    if len(text) != 10 or not text[:4].isdigit():
        raise Refused(_("This baseline is gone. Choose another one, or a day."))
    day = past_day(text, today)
    return Point(today) if day is None else Point(day, end_of(day, zone), "", day.isoformat())


def _instant(text: str, today: date, zone: tzinfo) -> Point:
    """An exact moment, as the line of what changed since somebody last looked says it."""
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.date() < EARLIEST:
        raise Refused(_("“%(text)s” is no moment. Choose a day or a baseline.") % {"text": text[:40]})
    day = moment.astimezone(zone).date()
    return Point(day, moment, "", text) if day <= today else Point(today)


def points(text: str, baselines: Iterable[Baseline], today: date, zone: tzinfo) -> tuple[Point, Point]:
    """Both ends, the earlier one first: `compare=2026-09-01,` is that day against now."""
    baselines = list(baselines)
    first, _comma, second = text.partition(",")
    ends = [point(one, baselines, today, zone) for one in (first, second)]
    if ends[0].moment is None and ends[1].moment is None:
        raise Refused(_("Choose a day or a baseline to compare with now."))
    if ends[0].moment is None or (ends[1].moment is not None and ends[1].moment < ends[0].moment):
        ends.reverse()
    return ends[0], ends[1]
