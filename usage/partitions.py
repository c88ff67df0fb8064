"""Partitions of the raw events: one a day, made when the first event of a day is about to be written."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection, transaction

LOCK = 0x75_73_61_67_65  # "usage"; any number that nobody else locks
AT_ONCE = 40  # each new table takes a few locks until its transaction ends


def ensure_partitions(days: Collection[date]) -> None:
    """Make the partitions that are missing, and commit. Call it before the transaction that writes the events.

    A new table is attached rather than created as a partition: that does not wait for those who read or write.
    """
    missing = sorted(set(days) - _existing(days))
    for start in range(0, len(missing), AT_ONCE):
        _make(missing[start : start + AT_ONCE])


def name_of(day: date) -> str:
    return f"usage_event_{day:%Y%m%d}"


def _existing(days: Collection[date]) -> set[date]:
    """Asked of the catalogue's rows: to_regclass() may answer from a cache that is older than the lock we waited for."""
    names = {name_of(day): day for day in days}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid)", [list(names)]
        )
        return {names[name] for (name,) in cursor.fetchall()}


def _make(days: list[date]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for day in sorted(set(days) - _existing(days)):
            name = connection.ops.quote_name(name_of(day))
            cursor.execute(f"CREATE TABLE {name} (LIKE usage_event)")
            cursor.execute(
                f"ALTER TABLE usage_event ATTACH PARTITION {name} FOR VALUES FROM ('{day}') TO ('{day + timedelta(1)}')"
            )
