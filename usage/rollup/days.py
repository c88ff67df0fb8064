"""Raw events of dirty days → bitmaps of who was active."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import numpy as np

from config import clock
from usage import sql
from usage.models import PRODUCT_SCOPE, BatchDay, DayBitmap, DirtyWindow, Population
from usage.rollup.bitmaps import by_scope, repeated, union, unpack
from usage.rollup.locks import again_on_conflict, alone

#: Days that one worker rolls under one lock; a shard is a whole number of these since 0001-01-01.
SHARD_DAYS = 28
#: Days are taken together while they hold no more events than this.
EVENTS_AT_ONCE = 1_000_000
#: Parts into which the scopes are divided, so that several workers can derive the figures of one product.
PARTS = 2
MARGIN = timedelta(days=8)
#: The last day on which a day's event shows in a 28-day figure.
REACH = timedelta(days=27)


def shard_of(day: date) -> int:
    return day.toordinal() // SHARD_DAYS


def roll_days(product_id: int, shard: int, *, wait: bool = False) -> int:
    """Roll what is dirty in the shard; the number of days rolled. 0 too when another worker is at it, unless `wait`."""
    rolled = 0
    while days := again_on_conflict(partial(_roll_some, product_id, shard, wait=wait)):
        rolled += days
    return rolled


def _roll_some(product_id: int, shard: int, *, wait: bool) -> int:
    with alone(product_id, shard, wait=wait) as ours:
        dirt = _dirt(product_id, shard) if ours else {}
        if not dirt:
            return 0
        days = sorted(dirt)
        marks = [mark for of_day in dirt.values() for mark, _batch in of_day]
        batches = [batch for of_day in dirt.values() for _mark, batch in of_day if batch is not None]
        repeats = _repeats(product_id, days)
        last_before = last_day(product_id)
        sql.execute("DELETE FROM usage_daybitmap WHERE product_id = %s AND day = ANY(%s)", product_id, days)
        sql.copy_in(
            DayBitmap, ["product", "day", "scope", "kind", "card", "n", "bm"], list(_bitmaps(product_id, days, repeats))
        )
        if repeats:
            _ask_again(product_id, days, repeats, batches)
        sql.execute("UPDATE usage_batchday SET rolled_at = %s WHERE id = ANY(%s)", clock.now(), marks)
        _dirty_windows(product_id, days, last_before)
        return len(days)


def _dirt(product_id: int, shard: int) -> dict[date, list[tuple[int, int | None]]]:
    """Dirty days of the shard with their (mark, batch): the first of them, up to EVENTS_AT_ONCE."""
    low = date.fromordinal(max(shard * SHARD_DAYS, 1))
    marks = BatchDay.objects.filter(
        product=product_id, rolled_at=None, day__gte=low, day__lt=low + timedelta(SHARD_DAYS)
    ).values_list("day", "id", "batch_id")
    dirty: dict[date, list[tuple[int, int | None]]] = {}
    for day, mark, batch in marks.order_by("day", "id"):
        dirty.setdefault(day, []).append((mark, batch))
    chosen, events = {}, 0
    for day, size in _sizes(product_id, list(dirty)):
        events += size
        if chosen and events > EVENTS_AT_ONCE:
            break
        chosen[day] = dirty[day]
    return chosen


def _sizes(product_id: int, days: list[date]) -> Iterator[tuple[date, int]]:
    return sql.rows(
        "SELECT day, sum(n)::bigint FROM usage_batchday WHERE product_id = %s AND day = ANY(%s) GROUP BY day ORDER BY day",
        product_id,
        days,
    )  # type: ignore[return-value]


def _repeats(product_id: int, days: list[date]) -> list[bytes]:
    """The event ids that came more than once within reach of `days`."""
    around = sorted({day + timedelta(n) for day in days for n in range(-MARGIN.days, MARGIN.days + 1)})
    sent = sql.rows(
        "SELECT string_agg(uuid_send(event_id), ''::bytea) FROM usage_event"
        " WHERE product_id = %s AND day = ANY(%s) GROUP BY day",
        product_id,
        around,
    )
    return repeated(ids for (ids,) in sent)


#: A later event repeats an earlier one when they share an id and their times lie within 7 days; order of receipt decides.
REPEATS = """
    SELECT later.batch_id, later.line, later.day, earlier.day AS earlier_day, earlier.batch_id AS earlier_batch
    FROM usage_event later JOIN usage_event earlier USING (product_id, event_id)
    WHERE product_id = %(product)s AND event_id = ANY(%(ids)s::uuid[])
    AND later.day = ANY(%(days)s) AND earlier.day BETWEEN %(low)s AND %(high)s
    AND (earlier.batch_id, earlier.line) < (later.batch_id, later.line)
    AND earlier.ts BETWEEN later.ts - interval '7 days' AND later.ts + interval '7 days'
"""


def _bitmaps(product_id: int, days: list[date], repeats: list[bytes]) -> Iterator[tuple[object, ...]]:
    """The rows of DayBitmap for `days`, without repeated events."""
    losers, without = "", ""
    if repeats:
        # Once for all days: a NOT IN would be copied into each partition, and the join be made anew for every day.
        losers = f"WITH repeat AS MATERIALIZED ({REPEATS})"
        without = (
            "AND NOT EXISTS (SELECT FROM repeat WHERE (repeat.batch_id, repeat.line) = (event.batch_id, event.line))"
        )
    # One string a day: reading ids row by row in Python is an order of magnitude slower.
    query = f"""
        {losers} SELECT day, string_agg(int8send(feature_id::bigint << 32 | user_id), ''::bytea),
            string_agg(int8send(feature_id::bigint << 32 | account_id), ''::bytea)
        FROM usage_event event WHERE product_id = %(product)s AND day = ANY(%(days)s) {without} GROUP BY day
    """
    for day, users, accounts in sql.named_rows(query, _named(product_id, days, repeats)):
        packed_users, packed_accounts = unpack(users), unpack(accounts)
        events = dict(zip(*(part.tolist() for part in np.unique(packed_users >> 32, return_counts=True)), strict=True))
        for kind, packed in ((Population.USERS, packed_users), (Population.ACCOUNTS, packed_accounts)):
            of_features = dict(by_scope(packed))
            everyone = union(of_features.values())
            yield product_id, day, PRODUCT_SCOPE, kind.value, len(everyone), len(packed), everyone.serialize()
            for scope, bitmap in of_features.items():
                yield product_id, day, scope, kind.value, len(bitmap), events[scope], bitmap.serialize()


def _ask_again(product_id: int, days: list[date], repeats: list[bytes], batches: list[int]) -> None:
    """Mark days outside `days` whose events turned out to be repeats of what these batches brought.

    It takes two writers whose batches overlap: the one that began first committed last, after the other was rolled up.
    """
    around = {day + timedelta(n) for day in days for n in range(-MARGIN.days, MARGIN.days + 1)} - set(days)
    parameters = _named(product_id, sorted(around), repeats) | {"batches": batches, "rolled": days}
    query = f"""
        SELECT DISTINCT day FROM ({REPEATS}) repeat
        WHERE earlier_batch = ANY(%(batches)s) AND earlier_day = ANY(%(rolled)s)
    """
    again = [day for (day,) in sql.named_rows(query, parameters)]
    BatchDay.objects.bulk_create(BatchDay(product_id=product_id, day=day, n=0) for day in again)


def _named(product_id: int, days: list[date], repeats: list[bytes]) -> dict[str, object]:
    low, high = (days[0] - MARGIN, days[-1] + MARGIN) if days else (date.min, date.min)
    return {
        "product": product_id,
        "days": days,
        "low": low,
        "high": high,
        "ids": [event_id.hex() for event_id in repeats],
    }


def last_day(product_id: int) -> date | None:
    """The last day with a counted event, as far as rolled up."""
    return sql.row("SELECT max(day) FROM usage_daybitmap WHERE product_id = %s AND scope = 0", product_id)[0]


def _dirty_windows(product_id: int, days: list[date], last_before: date | None) -> None:
    """Figures from the first of `days` on are dirty; from the day after the last known one where that is earlier,
    since nothing was derived for the quiet days between. Rows are only added, so workers never wait for each other."""
    low = min(days[0], last_before + timedelta(1)) if last_before else days[0]
    DirtyWindow.objects.bulk_create(
        DirtyWindow(product_id=product_id, part=part, lo=low, hi=days[-1] + REACH) for part in range(PARTS)
    )
