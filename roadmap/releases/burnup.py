"""The burn-up of a release: how large its scope was and how much of it was done at the end of each day. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from roadmap.releases.scope import Step

#: Days that are drawn; of a longer release the last ones.
MOST_DAYS = 400
NOUGHT = Decimal(0)


class Day(NamedTuple):
    """At the end of a day: items and effort in scope, and of these what is done."""

    day: date
    items: int
    effort: Decimal
    done_items: int
    done_effort: Decimal

    def scope(self, unit: str) -> Decimal:
        return self.effort if unit == "effort" else Decimal(self.items)

    def done(self, unit: str) -> Decimal:
        return self.done_effort if unit == "effort" else Decimal(self.done_items)


@dataclass(frozen=True)
class Span:
    """The days of a burn-up: those with values, and the last day of the axis."""

    first: date
    last: date
    end: date


def span_of(
    steps: Sequence[Step], today: date, zone: ZoneInfo, *, starts_on: date | None, ends_on: date | None,
    released_on: date | None,
) -> Span | None:  # fmt: skip
    """From the start of the release, or else the first day on which something was in it, until it was out or today.

    None while nothing ever was in it.
    """
    began = min((step.at.astimezone(zone).date() for step in steps if step.within), default=None)
    if began is None:
        return None
    last = max(released_on or today, began)
    first = starts_on if starts_on is not None and starts_on <= last else began
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    end = min(max(last, ends_on or last), first + timedelta(days=MOST_DAYS * 2))
    return Span(first, last, end)


def burn_up(steps: Sequence[Step], first: date, last: date, zone: ZoneInfo) -> list[Day]:
    """What held at the end of each day, in this zone."""
    ordered = sorted(steps, key=lambda step: step.at)
    held: dict[int, Step] = {}
    days, place = [], 0
    items, effort, done_items, done_effort = 0, NOUGHT, 0, NOUGHT
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        until = datetime.combine(day + timedelta(days=1), time.min, zone)
        while place < len(ordered) and ordered[place].at < until:
            step = ordered[place]
            for one, sign in ((held.get(step.row), -1), (step, 1)):
                if one is not None and one.within:
                    items += sign
                    effort += sign * (one.effort or NOUGHT)
                    done_items += sign * one.is_done
                    done_effort += sign * (one.effort or NOUGHT) * one.is_done
            held[step.row] = step
            place += 1
        days.append(Day(day, items, effort, done_items, done_effort))
    return days


def turning_days(days: Sequence[Day]) -> list[Day]:
    """The first and last day, and those on which something was other than the day before."""
    return [
        day
        for place, day in enumerate(days)
        if place in (0, len(days) - 1) or day[1:] != days[place - 1][1:]
    ]  # fmt: skip
