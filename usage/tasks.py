"""Each task is a wake-up: what is dirty stands in the tables, and doing it twice does no harm."""

from __future__ import annotations

from celery import shared_task

from usage import readings
from usage.models import PRODUCT_SCOPE
from usage.rollup import plan as planning
from usage.rollup.days import PARTS
from usage.rollup.days import roll_days as roll
from usage.rollup.windows import roll_windows as derive

#: Seconds. What no worker came to by then is sent again by the next plan.
EXPIRES = 60


@shared_task
def plan() -> None:
    """Every minute: send what is dirty to the workers."""
    planning.notice()
    readings.refresh_all()
    for product_id, shard in planning.dirty_shards():
        roll_days.apply_async((product_id, shard), expires=EXPIRES)
    for product_id, part in planning.dirty_parts():
        roll_windows.apply_async((product_id, part), expires=EXPIRES)


@shared_task
def roll_days(product_id: int, shard: int) -> None:
    if roll(product_id, shard) and not planning.dirty_shards(product_id):
        for part in range(PARTS):
            roll_windows.delay(product_id, part)


@shared_task
def roll_windows(product_id: int, part: int) -> None:
    if derive(product_id, part) and part == PRODUCT_SCOPE % PARTS:
        readings.refresh(product_id)
