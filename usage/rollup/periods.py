"""Figures over time, from sets of ids by day and week. Pure: days are numbers as date.toordinal(), sets are bitmaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from pyroaring import BitMap

from usage.rollup.bitmaps import ids_of, union

WINDOWS = (1, 7, 28)
#: Up to so many days, uniting bitmaps is faster than decoding them.
FEW_DAYS = 5
NEVER = 1 << 19

Days = Mapping[int, BitMap]


def start_of_week(day: int, week_start: int) -> int:
    """The first day of the week of `day`; weeks start on ISO weekday `week_start` (1 is Monday, 7 Sunday)."""
    return day - (day - week_start) % 7


def rolling(days: Days, low: int, high: int) -> list[list[int]]:
    """Distinct ids in the 1, 7 and 28 days that end on each day from `low` to `high`: one list a window.

    `days` must reach back 27 days before `low`.
    """
    if high - low < FEW_DAYS:
        return [[_in_window(days, day, width) for day in range(low, high + 1)] for width in WINDOWS]
    base = low - WINDOWS[-1] + 1
    chosen = [(day - base, bitmap) for day, bitmap in days.items() if base <= day <= high]
    length = high - base + 1
    if not chosen:
        return [[0] * (high - low + 1) for _width in WINDOWS]
    packed = np.sort(np.concatenate([ids_of(bitmap) << 20 | day for day, bitmap in chosen]))
    ids, active_on = packed >> 20, packed & 0xFFFFF
    # One id counts from its active day until its next one takes over, or the window has passed.
    next_on = np.full(len(packed), NEVER)
    same = ids[1:] == ids[:-1]
    next_on[:-1][same] = active_on[1:][same]
    begins = np.bincount(active_on, minlength=length)
    counts = []
    for width in WINDOWS:
        ends = np.bincount(np.minimum(np.minimum(next_on, active_on + width), length), minlength=length)
        counts.append(np.cumsum(begins - ends[:length])[low - base :].tolist())
    return counts


def _in_window(days: Days, last: int, width: int) -> int:
    return len(union(days[day] for day in range(last - width + 1, last + 1) if day in days))


def weeks_of(days: Days, week_start: int) -> dict[int, BitMap]:
    """The ids of each week that has any, by the week's first day."""
    grouped: dict[int, list[BitMap]] = {}
    for day in sorted(days):
        grouped.setdefault(start_of_week(day, week_start), []).append(days[day])
    return {week: union(bitmaps) for week, bitmaps in grouped.items()}


@dataclass(frozen=True)
class Lifecycle:
    """Counts by week number (0 is the first week): new + retained + resurrected = active; lapsed were active the week
    before and are not now. `bounded[c, k]` of cohort c are active in week c + k, `unbounded[c, k]` then or later."""

    active: np.ndarray
    new: np.ndarray
    retained: np.ndarray
    resurrected: np.ndarray
    lapsed: np.ndarray
    bounded: np.ndarray
    unbounded: np.ndarray


def lifecycle(weeks: Mapping[int, BitMap], count: int) -> Lifecycle:
    """From the sets of weeks numbered 0 to count − 1; a week without anybody may be left out."""
    if not weeks:
        nobody, nothing = np.zeros(count, int), np.zeros((count, count), int)
        return Lifecycle(nobody, nobody, nobody, nobody, nobody, nothing, nothing)
    packed = np.sort(np.concatenate([ids_of(bitmap) << 16 | week for week, bitmap in weeks.items()]))
    ids, week = packed >> 16, packed & 0xFFFF
    is_first = np.concatenate([[True], ids[1:] != ids[:-1]])
    is_last = np.concatenate([is_first[1:], [True]])
    cohorts = week[is_first]
    cohort = cohorts[np.cumsum(is_first) - 1]
    follows = ~is_first & (week - np.concatenate([[0], week[:-1]]) == 1)
    active, new = np.bincount(week, minlength=count), np.bincount(cohorts, minlength=count)
    retained = np.bincount(week[follows], minlength=count)
    bounded = np.bincount(cohort * count + week - cohort, minlength=count * count).reshape(count, count)
    ages = np.bincount(cohorts * count + week[is_last] - cohorts, minlength=count * count).reshape(count, count)
    return Lifecycle(
        active=active,
        new=new,
        retained=retained,
        resurrected=active - new - retained,
        lapsed=np.concatenate([[0], active[:-1]]) - retained,
        bounded=bounded,
        unbounded=ages[:, ::-1].cumsum(axis=1)[:, ::-1],
    )


def once_and_twice(bitmaps: Iterable[BitMap]) -> tuple[BitMap, BitMap]:
    """Who is in any of the sets, and who in at least two of them."""
    once, twice = BitMap(), BitMap()
    for bitmap in bitmaps:
        twice |= once & bitmap
        once |= bitmap
    return once, twice


@dataclass(frozen=True)
class FirstDays:
    """Who was first active on which day: ids in rising order, each with its day."""

    ids: np.ndarray
    days: np.ndarray

    @classmethod
    def of(cls, days: Days) -> FirstDays:
        """From the sets of days, whether these hold all who were active or only the new ones."""
        if not days:
            return cls(np.zeros(0, int), np.zeros(0, int))
        packed = np.sort(np.concatenate([ids_of(bitmap) << 20 | day for day, bitmap in days.items()]))
        ids = packed >> 20
        first = np.concatenate([[True], ids[1:] != ids[:-1]])
        return cls(ids[first], packed[first] & 0xFFFFF)


@dataclass(frozen=True)
class Adopting:
    """How long it took, in days: (days, adopted, waiting) as a histogram, and at each mark (followed, begun by then)."""

    days: list[int]
    adopted: list[int]
    waiting: list[int]
    followed: list[int]
    by_day: list[int]


def time_to_adopt(
    product: FirstDays, feature: FirstDays, last: int, released: int | None, marks: tuple[int, ...]
) -> Adopting:
    """From the first day in the product, or the release if later, to the first use; followed through day `last`."""
    starts = np.maximum(product.days, released or 0)
    at_risk = starts <= last
    known_for = last - starts[at_risk]
    users = np.isin(product.ids[at_risk], feature.ids, assume_unique=True)
    first_use = feature.days[np.isin(feature.ids, product.ids[at_risk], assume_unique=True)]
    took = np.maximum(first_use - starts[at_risk][users], 0)
    length = int(known_for.max(initial=0)) + 1
    adopted, waiting = np.bincount(took, minlength=length), np.bincount(known_for[~users], minlength=length)
    some = np.flatnonzero(adopted + waiting)
    long_enough = [known_for >= mark for mark in marks]
    return Adopting(
        days=some.tolist(),
        adopted=adopted[some].tolist(),
        waiting=waiting[some].tolist(),
        followed=[int(enough.sum()) for enough in long_enough],
        by_day=[int((took[enough[users]] <= mark).sum()) for mark, enough in zip(marks, long_enough, strict=True)],
    )
