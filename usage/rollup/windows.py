"""Bitmaps of days → the figures that pages read, for one part of a product's scopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from pyroaring import BitMap

from changes import live
from products.models import Product
from usage import sql
from usage.models import (
    PRODUCT_SCOPE,
    Adoption,
    DirtyWindow,
    FirstUse,
    LifeWeek,
    MetricDay,
    Population,
    RetentionTriangle,
    TimeToAdopt,
    UsageStream,
    WeekBitmap,
)
from usage.models.rollup import RolledUp
from usage.rollup import periods
from usage.rollup.days import PARTS
from usage.rollup.locks import again_on_conflict, alone
from usage.rollup.releases import releases_of
from usage.rollup.watermark import complete_through

PERIOD = 28


def roll_windows(product_id: int, part: int, *, wait: bool = False) -> bool:
    """Derive what is dirty in the part. False when nothing is, or another worker is at it and `wait` is False."""
    return again_on_conflict(partial(_derive_dirty, product_id, part, wait=wait))


def _derive_dirty(product_id: int, part: int, *, wait: bool) -> bool:
    with alone(product_id, -1 - part, wait=wait) as ours:
        dirt = list(DirtyWindow.objects.filter(product=product_id, part=part)) if ours else []
        if not dirt:
            return False
        derive(product_id, part, min(window.lo for window in dirt), max(window.hi for window in dirt))
        DirtyWindow.objects.filter(pk__in=[window.pk for window in dirt]).delete()
        transaction.on_commit(partial(_tell, product_id))
        return True


def _tell(product_id: int) -> None:
    """Let open pages fetch the new figures."""
    workspace_id = Product.objects.with_deleted().values_list("workspace_id", flat=True).get(pk=product_id)
    live.publish([live.Message("usage", "*", 0, product_id, None, workspace_id)])


@dataclass
class Span:
    """What is derived anew: days `low` to `high`, and weeks from `week` on. `last` is the last day with an event."""

    first: int
    last: int
    low: int
    high: int
    week_start: int
    through: int

    @property
    def week(self) -> int:
        return periods.start_of_week(self.low, self.week_start)

    @property
    def first_week(self) -> int:
        return periods.start_of_week(self.first, self.week_start)

    @property
    def weeks(self) -> int:
        return (periods.start_of_week(self.last, self.week_start) - self.first_week) // 7 + 1

    @property
    def period(self) -> tuple[int, int]:
        """The trailing days over which adoption is told; they end on the last complete day."""
        return self.through - PERIOD + 1, self.through

    @property
    def needs_from(self) -> int:
        """The first day whose bitmaps are needed, for 28-day windows, whole weeks and adoption."""
        return min(self.low - PERIOD + 1, self.week, self.period[0])


@dataclass
class Derived:
    """Rows to be written, by table."""

    weeks: list[Any] = field(default_factory=list)
    first_uses: list[Any] = field(default_factory=list)
    metrics: list[Any] = field(default_factory=list)
    life: list[Any] = field(default_factory=list)
    triangles: list[Any] = field(default_factory=list)
    times: list[Any] = field(default_factory=list)
    adoption: list[Any] = field(default_factory=list)


Sets = dict[tuple[int, int], dict[int, bytes]]


def derive(product_id: int, part: int, low: date, high: date) -> None:
    """Replace every figure of the part's scopes that days `low` to `high` have a share in."""
    first, last = sql.row(
        "SELECT min(day), max(day) FROM usage_daybitmap WHERE product_id = %s AND scope = 0", product_id
    )
    if first is None:
        _replace(product_id, part, date.min, date.max, date.min, Derived())
        return
    span = Span(
        first=first.toordinal(),
        last=last.toordinal(),
        low=min(max(low, first), last).toordinal(),
        high=min(high, last).toordinal(),
        week_start=UsageStream.objects.get(product=product_id).week_start,
        through=(complete_through(product_id) or first - timedelta(1)).toordinal(),
    )
    derived = _Part(product_id, part, span).derive()
    low = min(low, date.fromordinal(span.low))
    week = date.fromordinal(periods.start_of_week(low.toordinal(), span.week_start))
    _replace(product_id, part, low, date.fromordinal(span.high), week, derived)


class _Part:
    """One part of a product's scopes, read once and derived scope by scope."""

    def __init__(self, product_id: int, part: int, span: Span) -> None:
        self.product_id, self.part, self.span = product_id, part, span
        ours = f"product_id = %s AND mod(scope, {PARTS}) = {part}"
        self.days = self._read(
            f"SELECT scope, kind, day, bm FROM usage_daybitmap WHERE {ours} AND day >= %s", span.needs_from
        )
        self.old_weeks = self._read(
            f"SELECT scope, kind, week, bm FROM usage_weekbitmap WHERE {ours} AND week < %s", span.week
        )
        self.old_firsts = self._read(
            f"SELECT scope, kind, day, bm FROM usage_firstuse WHERE {ours} AND day < %s", span.low
        )
        everything = self._read(
            "SELECT scope, kind, day, bm FROM usage_daybitmap WHERE product_id = %s AND scope = 0 AND day >= %s", 1
        )
        self.whole = {kind: _open(everything.get((PRODUCT_SCOPE, kind), {})) for kind in Population}
        self.arrivals = {kind: periods.FirstDays.of(days) for kind, days in self.whole.items()}
        self.released = {
            scope: day.toordinal() for scope, day in releases_of(product_id).items() if scope % PARTS == part
        }
        self.release_weeks = self._read_release_weeks()
        self._eligible: dict[tuple[int, int, int], int] = {}

    def _read_release_weeks(self) -> Sets:
        """The days of the weeks in which features were released: the rest of the time since then is known by week."""
        week_ends = {
            scope: periods.start_of_week(day, self.span.week_start) + 6 for scope, day in self.released.items()
        }
        return _gathered(
            sql.rows(
                "SELECT scope, kind, day, bm FROM usage_daybitmap"
                " JOIN unnest(%s::int[], %s::date[], %s::date[]) release (scope, low, high) USING (scope)"
                " WHERE product_id = %s AND day BETWEEN low AND high",
                list(self.released),
                [date.fromordinal(day) for day in self.released.values()],
                [date.fromordinal(day) for day in week_ends.values()],
                self.product_id,
            )
        )

    def _read(self, query: str, since: int) -> Sets:
        return _gathered(sql.rows(query, self.product_id, date.fromordinal(max(since, 1))))

    def derive(self) -> Derived:
        derived = Derived()
        for scope in sorted({scope for scope, _kind in (*self.days, *self.old_weeks)}):
            counts = []
            for kind in Population:
                days = _open(self.days.get((scope, kind), {}))
                counts += periods.rolling(days, self.span.low, self.span.high)
                weeks = self._derive_weeks(derived, scope, kind, days)
                firsts = self._derive_first_uses(derived, scope, kind, days)
                if scope != PRODUCT_SCOPE:
                    derived.times.append(self._time_to_adopt(scope, kind, firsts))
                    derived.adoption += self._adoption(scope, kind, days, weeks)
            derived.metrics += self._metrics(scope, counts)
        return derived

    def _metrics(self, scope: int, counts: list[list[int]]) -> Iterator[tuple[Any, ...]]:
        for offset, row in enumerate(zip(*counts, strict=True)):
            if row[2] or row[5]:
                yield self.product_id, scope, date.fromordinal(self.span.low + offset), *row

    def _derive_weeks(self, derived: Derived, scope: int, kind: int, days: dict[int, BitMap]) -> dict[int, BitMap]:
        """Weeks, lifecycle and retention. Returns the sets of all weeks, by first day."""
        span = self.span
        old = _open(self.old_weeks.get((scope, kind), {}))
        fresh = periods.weeks_of({day: days[day] for day in days if day >= span.week}, span.week_start)
        seen = BitMap.union(BitMap(), *old.values())
        for week, bitmap in fresh.items():
            new = bitmap - seen
            seen |= bitmap
            derived.weeks.append(
                (
                    self.product_id,
                    date.fromordinal(week),
                    scope,
                    kind,
                    len(bitmap),
                    len(new),
                    bitmap.serialize(),
                    new.serialize(),
                )
            )
        weeks = old | fresh
        life = periods.lifecycle({(week - span.first_week) // 7: weeks[week] for week in weeks}, span.weeks)
        derived.life += self._life(scope, kind, life)
        derived.triangles += self._triangle(scope, kind, life)
        return weeks

    def _life(self, scope: int, kind: int, life: periods.Lifecycle) -> Iterator[tuple[Any, ...]]:
        since = (self.span.week - self.span.first_week) // 7
        columns = (life.active, life.new, life.retained, life.resurrected, life.lapsed)
        for number, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            if number >= since and any(row):
                yield self.product_id, scope, kind, self._week(number), *row

    def _triangle(self, scope: int, kind: int, life: periods.Lifecycle) -> Iterator[tuple[Any, ...]]:
        for cohort in life.new.nonzero()[0].tolist():
            reach = self.span.weeks - cohort
            bounded, unbounded = life.bounded[cohort, :reach].tolist(), life.unbounded[cohort, :reach].tolist()
            yield self.product_id, scope, kind, self._week(cohort), int(life.new[cohort]), bounded, unbounded

    def _week(self, number: int) -> date:
        return date.fromordinal(self.span.first_week + 7 * number)

    def _derive_first_uses(self, derived: Derived, scope: int, kind: int, days: dict[int, BitMap]) -> periods.FirstDays:
        firsts = _open(self.old_firsts.get((scope, kind), {}))
        seen = BitMap.union(BitMap(), *firsts.values())
        for day in sorted(day for day in days if day >= self.span.low):
            new = days[day] - seen
            if new:
                seen |= new
                firsts[day] = new
                derived.first_uses.append((self.product_id, scope, kind, date.fromordinal(day), new.serialize()))
        return periods.FirstDays.of(firsts)

    def _time_to_adopt(self, scope: int, kind: int, firsts: periods.FirstDays) -> tuple[Any, ...]:
        released, last = self.released.get(scope), self.span.last
        adopting = periods.time_to_adopt(self.arrivals[Population(kind)], firsts, last, released, TimeToAdopt.MARKS)
        return (
            self.product_id, scope, kind, released and date.fromordinal(released), date.fromordinal(last),
            adopting.days, adopting.adopted, adopting.waiting, adopting.followed, adopting.by_day,
        )  # fmt: skip

    def _adoption(
        self, scope: int, kind: int, days: dict[int, BitMap], weeks: dict[int, BitMap]
    ) -> Iterator[tuple[Any, ...]]:
        """Who tried and who adopted, in the trailing days and since the release."""
        span = self.span
        if span.through < span.first:
            return
        trailing = periods.weeks_of(_between(days, *span.period), span.week_start)
        yield self._adoption_row(scope, kind, Adoption.Period.TRAILING, span.period[0], trailing.values())
        released = self.released.get(scope)
        if released is not None and released <= span.through:
            whole = {week: weeks[week] for week in weeks if released <= week and week + 6 <= span.through}
            edges = _between(_open(self.release_weeks.get((scope, kind), {})) | days, released, span.through)
            cut = periods.weeks_of(edges, span.week_start)
            yield self._adoption_row(scope, kind, Adoption.Period.SINCE_RELEASE, released, (cut | whole).values())

    def _adoption_row(
        self, scope: int, kind: int, period: Adoption.Period, since: int, weeks: Iterable[BitMap]
    ) -> tuple[Any, ...]:
        tried, adopted = periods.once_and_twice(weeks)
        eligible = self._eligible_from(since, kind)
        return (
            self.product_id, scope, kind, period.value, date.fromordinal(since), date.fromordinal(self.span.through),
            eligible, len(tried), len(adopted),
        )  # fmt: skip

    def _eligible_from(self, since: int, kind: int) -> int:
        wanted = (since, self.span.through, kind)
        if wanted not in self._eligible:
            active = _between(self.whole[Population(kind)], since, self.span.through)
            self._eligible[wanted] = len(BitMap.union(BitMap(), *active.values()))
        return self._eligible[wanted]


def _gathered(rows: Iterable[tuple[Any, ...]]) -> Sets:
    sets: Sets = {}
    for scope, kind, day, bitmap in rows:
        sets.setdefault((scope, kind), {})[day.toordinal()] = bitmap
    return sets


def _between(days: dict[int, BitMap], low: int, high: int) -> dict[int, BitMap]:
    return {day: bitmap for day, bitmap in days.items() if low <= day <= high}


def _open(bitmaps: dict[int, bytes]) -> dict[int, BitMap]:
    return {day: BitMap.deserialize(bitmap) for day, bitmap in bitmaps.items()}


def _replace(product_id: int, part: int, low: date, high: date, week: date, derived: Derived) -> None:
    """Delete what was derived before and write anew. Nothing stays after the last day with an event."""
    ours = f"product_id = %s AND mod(scope, {PARTS}) = {part}"
    after = (
        "(day BETWEEN %s AND %s OR day > (SELECT max(day) FROM usage_daybitmap WHERE product_id = %s AND scope = 0))"
    )
    _put(MetricDay, f"{ours} AND {after}", (product_id, low, high, product_id),
         ["product", "scope", "day", "dau", "wau7", "mau28", "daa", "waa7", "maa28"], derived.metrics)  # fmt: skip
    _put(WeekBitmap, f"{ours} AND week >= %s", (product_id, week),
         ["product", "week", "scope", "kind", "card", "new_card", "bm", "new_bm"], derived.weeks)  # fmt: skip
    _put(
        FirstUse,
        f"{ours} AND day >= %s",
        (product_id, low),
        ["product", "scope", "kind", "day", "bm"],
        derived.first_uses,
    )
    _put(LifeWeek, f"{ours} AND week >= %s", (product_id, week),
         ["product", "scope", "kind", "week", "active", "new", "retained", "resurrected", "lapsed"], derived.life)  # fmt: skip
    _put(RetentionTriangle, ours, (product_id,),
         ["product", "scope", "kind", "cohort", "size", "bounded", "unbounded"], derived.triangles)  # fmt: skip
    _put(TimeToAdopt, ours, (product_id,),
         ["product", "scope", "kind", "released_on", "through", "days", "adopted", "waiting", "followed", "by_day"],
         derived.times)  # fmt: skip
    _put(
        Adoption,
        ours,
        (product_id,),
        ["product", "scope", "kind", "period", "since", "through", "eligible", "tried", "adopted"],
        derived.adoption,
    )


def _put(model: type[RolledUp], which: str, parameters: tuple[Any, ...], names: list[str], values: list[Any]) -> None:
    sql.execute(f"DELETE FROM {model._meta.db_table} WHERE {which}", *parameters)
    sql.copy_in(model, names, values)
