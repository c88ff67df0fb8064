"""What is dirty, and the two ways to have it done: sent to workers, or here and now."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from config import clock
from products.models import Product
from usage.models import Adoption, BatchDay, DirtyWindow, TimeToAdopt, UsageStream
from usage.rollup import recut
from usage.rollup.days import PARTS, last_day, roll_days, shard_of
from usage.rollup.releases import releases_of
from usage.rollup.watermark import complete_through
from usage.rollup.windows import roll_windows

#: Figures wait for a backfill to end, but under a steady stream no longer than this.
PATIENCE = timedelta(minutes=1)


def dirty_shards(product_id: int | None = None) -> list[tuple[int, int]]:
    """(product, shard) of every shard with days to roll, oldest first."""
    marks = BatchDay.objects.filter(rolled_at=None)
    if product_id is not None:
        marks = marks.filter(product=product_id)
    days = marks.values_list("product_id", "day").distinct().order_by("product_id", "day")
    return list(dict.fromkeys((product, shard_of(day)) for product, day in days))


def dirty_parts(product_id: int | None = None) -> list[tuple[int, int]]:
    """(product, part) of every part with figures to derive, of products whose days are rolled or that waited enough."""
    waiting = BatchDay.objects.filter(rolled_at=None, product=OuterRef("product"))
    windows = DirtyWindow.objects.annotate(waits=Exists(waiting))
    if product_id is not None:
        windows = windows.filter(product=product_id)
    overdue = clock.now() - PATIENCE
    rows = windows.values_list("product_id", "part", "waits", "since").order_by("product_id", "part", "pk")
    return list(dict.fromkeys((product, part) for product, part, waits, since in rows if not waits or since < overdue))


def roll_up(product_id: int) -> int:
    """Roll up all that is dirty, here and now; the number of days rolled. Waits for workers that are at it."""
    notice_calendar(product_id)
    days = 0
    while shards := dirty_shards(product_id):
        days += sum(roll_days(product, shard, wait=True) for product, shard in shards)
    notice_time(product_id)
    for part in range(PARTS):
        roll_windows(product_id, part, wait=True)
    return days


def notice() -> None:
    """Find what became stale without any event: by the calendar, by a release, by a change of the workspace's days."""
    for product_id in UsageStream.objects.values_list("product_id", flat=True):
        notice_calendar(product_id)
        notice_time(product_id)


def notice_calendar(product_id: int) -> None:
    """Cut the days anew when the workspace's zone or week start is no longer the one they were cut by."""
    product = Product.objects.with_deleted().select_related("workspace", "usage_stream").get(pk=product_id)
    stream = getattr(product, "usage_stream", None)
    workspace = product.workspace
    if stream and (stream.time_zone, stream.week_start) != (workspace.time_zone, workspace.week_start):
        recut.recut(product_id)


def notice_time(product_id: int) -> None:
    """Ask for figures anew when a day was completed, or a measured item released, since they were derived."""
    last = last_day(product_id)
    if last is None or DirtyWindow.objects.filter(product=product_id).exists():
        return
    derived_through = Adoption.objects.filter(product=product_id).values_list("through", flat=True).first()
    known = dict(
        TimeToAdopt.objects.filter(product=product_id, released_on__isnull=False).values_list("scope", "released_on")
    )
    if derived_through != complete_through(product_id) or known != releases_of(product_id):
        DirtyWindow.objects.bulk_create(
            DirtyWindow(product_id=product_id, part=part, lo=last, hi=last) for part in range(PARTS)
        )
