"""The figures once more, from Python sets and the definitions alone: slow, and easy to believe."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(1)


@dataclass(frozen=True)
class Happening:
    """An event as its sender tells it; `ts` is UTC."""

    event_id: str
    feature: str
    user: str
    account: str
    ts: datetime

    @property
    def values(self) -> list[str]:
        return [self.event_id, self.feature, self.user, self.account, self.ts.isoformat()]

    def again(self, **changes: Any) -> Happening:
        return replace(self, **changes)


def random_log(
    seed: int, *, events: int = 400, start: datetime = datetime(2026, 3, 9, tzinfo=UTC), days: int = 75
) -> list[Happening]:
    """Users in several accounts, features that come late or go away, quiet days, repeats near, far and changed."""
    draw = random.Random(seed)
    features = [f"area.{n}" for n in range(draw.randint(1, 5))]
    lives = {
        feature: (draw.uniform(0, 0.6) * draw.random(), 1 - draw.uniform(0, 0.5) * draw.random())
        for feature in features
    }
    users = [f"u{n}" for n in range(draw.randint(3, 25))]
    quiet = {draw.randrange(days) for _ in range(draw.choice([0, 3, 25]))}
    log: list[Happening] = []
    while len(log) < events:
        at = draw.random() ** draw.choice([1, 1, 2]) * days
        feature = draw.choice(features)
        out_of_life = not lives[feature][0] <= at / days <= lives[feature][1]
        if (int(at) in quiet or out_of_life) and draw.random() < 0.9:
            continue
        user = draw.choice(users[: max(2, int(len(users) * (0.3 + at / days)))])
        account = f"a{hash_of(user) % 4}" if draw.random() < 0.8 else f"a{draw.randrange(7)}"
        seconds = draw.choice([at * 86400, int(at) * 86400, int(at) * 86400 + 86399, at * 86400])
        happening = Happening(
            str(uuid.UUID(int=draw.getrandbits(128))), feature, user, account, start + timedelta(seconds=seconds)
        )
        log.append(happening)
        if log and draw.random() < 0.08:
            log.append(repeat_of(draw, draw.choice(log)))
    return log


def repeat_of(draw: random.Random, happening: Happening) -> Happening:
    """The same event_id once more: as it was, at another time within 7 days, or so far away that it counts anew."""
    away = draw.choice(
        [timedelta(0), timedelta(0), timedelta(days=draw.uniform(-6.9, 6.9)), timedelta(days=draw.choice([-9, 8, 30]))]
    )
    return happening.again(ts=happening.ts + away, user=draw.choice([happening.user, "u1"]))


def hash_of(text: str) -> int:
    return sum(map(ord, text)) * 7


def counted(log: Iterable[Happening]) -> list[Happening]:
    """Without repeats: in order of receipt, an event is dropped when one with its id and a time within 7 days came before."""
    seen: dict[str, list[datetime]] = {}
    kept = []
    for happening in log:
        before = seen.setdefault(happening.event_id, [])
        if all(abs(happening.ts - ts) > timedelta(days=7) for ts in before):
            kept.append(happening)
        before.append(happening.ts)
    return kept


class Brute:
    """Every figure of a log (in order of receipt), with days of `zone` and weeks from ISO weekday `week_start`."""

    def __init__(self, log: Iterable[Happening], zone: str = "UTC", week_start: int = 1) -> None:
        self.week_start = week_start
        self.active: dict[str, dict[date, tuple[set[str], set[str]]]] = {}
        for happening in counted(log):
            day = happening.ts.astimezone(ZoneInfo(zone)).date()
            for scope in ("*", happening.feature):
                users, accounts = self.active.setdefault(scope, {}).setdefault(day, (set(), set()))
                users.add(happening.user)
                accounts.add(happening.account)
        days = sorted(self.active.get("*", {}))
        self.first, self.last = (days[0], days[-1]) if days else (None, None)

    def days(self) -> list[date]:
        return [self.first + n * DAY for n in range((self.last - self.first).days + 1)] if self.first else []

    def who(self, scope: str, kind: int, low: date, high: date) -> set[str]:
        return set().union(*(sets[kind] for day, sets in self.active.get(scope, {}).items() if low <= day <= high))

    def week_of(self, day: date) -> date:
        return day - (day.isoweekday() - self.week_start) % 7 * DAY

    def weeks(self) -> list[date]:
        return sorted({self.week_of(day) for day in self.days()})

    def week(self, scope: str, kind: int, week: date) -> set[str]:
        return self.who(scope, kind, week, week + 6 * DAY)

    def metrics_day(self) -> list[tuple[Any, ...]]:
        rows = []
        for scope in sorted(self.active):
            for day in self.days():
                counts = [len(self.who(scope, kind, day - (n - 1) * DAY, day)) for kind in (0, 1) for n in (1, 7, 28)]
                if counts[2] or counts[5]:
                    rows.append((scope, day, *counts))
        return rows

    def lifecycle_week(self, kind: int = 0) -> list[tuple[Any, ...]]:
        rows = []
        for scope in sorted(self.active):
            ever: set[str] = set()
            before: set[str] = set()
            for week in self.weeks():
                now = self.week(scope, kind, week)
                row = (len(now), len(now - ever), len(now & before), len(now & ever - before), len(before - now))
                if any(row):
                    rows.append((scope, week, *row))
                ever |= now
                before = now
        return rows

    def cohorts(self, scope: str, kind: int) -> dict[date, set[str]]:
        ever: set[str] = set()
        cohorts = {}
        for week in self.weeks():
            now = self.week(scope, kind, week)
            if now - ever:
                cohorts[week] = now - ever
            ever |= now
        return cohorts

    def triangle_week(self, kind: int = 0) -> list[tuple[Any, ...]]:
        rows = []
        for scope in sorted(self.active):
            for cohort, members in self.cohorts(scope, kind).items():
                for k, week in enumerate(week for week in self.weeks() if week >= cohort):
                    later = self.who(scope, kind, week, self.last)
                    bounded = members & self.week(scope, kind, week)
                    rows.append((scope, cohort, k, len(members), len(bounded), len(members & later)))
        return rows

    def adoption_last28(self, until: date | None = None) -> list[tuple[Any, ...]]:
        until = until or self.last
        low = until - 27 * DAY if until else None
        rows = []
        for scope in sorted(set(self.active) - {"*"}):
            users, accounts = (self.who(scope, kind, low, until) for kind in (0, 1))
            if users or accounts:
                everyone = [len(self.who("*", kind, low, until)) for kind in (0, 1)]
                rows.append((scope, len(users), everyone[0], len(accounts), everyone[1]))
        return rows

    def first_days(self, scope: str, kind: int) -> dict[str, date]:
        first: dict[str, date] = {}
        for day in sorted(self.active.get(scope, {})):
            for one in self.active[scope][day][kind]:
                first.setdefault(one, day)
        return first

    def adopted(self, scope: str, kind: int, low: date, high: date) -> set[str]:
        """Those with use in at least two distinct weeks of the period."""
        weeks: dict[str, set[date]] = {}
        for day, sets in self.active.get(scope, {}).items():
            if low <= day <= high:
                for one in sets[kind]:
                    weeks.setdefault(one, set()).add(self.week_of(day))
        return {one for one, of_one in weeks.items() if len(of_one) > 1}

    def waits(self, scope: str, kind: int, released: date | None = None) -> tuple[list[int], list[int]]:
        """Days until first use of those who have begun, and days that the others have been followed without."""
        began, waiting = [], []
        used = self.first_days(scope, kind)
        for one, arrived in self.first_days("*", kind).items():
            start = max(arrived, released) if released else arrived
            if start > self.last:
                continue
            if one in used:
                began.append(max((used[one] - start).days, 0))
            else:
                waiting.append((self.last - start).days)
        return began, waiting
