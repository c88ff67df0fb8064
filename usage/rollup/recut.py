"""Cutting a product's days and weeks anew, when its workspace has changed its zone or the day its weeks start on."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from products.models import Product
from usage import sql
from usage.models import DirtyWindow, UsageStream
from usage.partitions import ensure_partitions
from usage.rollup.days import PARTS
from usage.rollup.locks import RECUT


def recut(product_id: int) -> None:
    """Give every raw event its day in the workspace's present zone and ask for everything to be rolled up again.

    Writers wait until it has committed. Bitmaps and figures stay as they are until the rollup replaces them.
    """
    workspace = Product.objects.with_deleted().select_related("workspace").get(pk=product_id).workspace
    ensure_partitions(_days_in(product_id, workspace.time_zone))
    with transaction.atomic():
        sql.execute("SELECT pg_advisory_xact_lock(%s, %s)", product_id, RECUT)
        if UsageStream.objects.get(product=product_id).time_zone != workspace.time_zone:
            _move_events(product_id, workspace.time_zone)
        _dirty_from_the_start(product_id)
        UsageStream.objects.filter(product=product_id).update(
            time_zone=workspace.time_zone, week_start=workspace.week_start
        )


def _days_in(product_id: int, zone: str) -> list[date]:
    found = sql.rows(
        "SELECT DISTINCT (ts AT TIME ZONE %s)::date FROM usage_event WHERE product_id = %s", zone, product_id
    )
    return [day for (day,) in found]


def _move_events(product_id: int, zone: str) -> None:
    """Rows move between partitions. Days that lose or win events are rolled again."""
    sql.execute(
        "INSERT INTO usage_batchday (product_id, day, n)"
        " SELECT %s, day, 0 FROM usage_event WHERE product_id = %s GROUP BY day"
        " UNION SELECT %s, (ts AT TIME ZONE %s)::date, 0 FROM usage_event WHERE product_id = %s",
        *(product_id, product_id, product_id, zone, product_id),
    )
    sql.execute(
        "UPDATE usage_event SET day = (ts AT TIME ZONE %s)::date"
        " WHERE product_id = %s AND day <> (ts AT TIME ZONE %s)::date",
        *(zone, product_id, zone),
    )


def _dirty_from_the_start(product_id: int) -> None:
    """Weeks of the old cut must not be taken for earlier ones of the new; what pages show stays until it is replaced."""
    sql.execute("DELETE FROM usage_weekbitmap WHERE product_id = %s", product_id)
    first, last = sql.row("SELECT min(day), max(day) FROM usage_daybitmap WHERE product_id = %s", product_id)
    if first is None:
        return
    DirtyWindow.objects.bulk_create(
        DirtyWindow(product_id=product_id, part=part, lo=first - date.resolution * 7, hi=last) for part in range(PARTS)
    )
