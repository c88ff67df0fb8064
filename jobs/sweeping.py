"""What beat looks for all the time: jobs that nobody works on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from config import clock
from jobs.models import Job


def park_the_hopeless() -> None:
    """Jobs whose worker died for the fifth time are left for an admin to look at."""
    for job in Job.objects.hopeless():
        job.park()


def due_to_be_woken(limit: int = 100, patience: timedelta = timedelta(seconds=15)) -> Sequence[int]:
    """Ids of due jobs for which no worker was called lately, or not since their worker died. The oldest first."""
    silent = Job.objects.due().silent(patience)
    ids = list(silent.order_by("run_at").values_list("pk", flat=True)[:limit])
    Job.objects.filter(pk__in=ids).update(woken_at=clock.now())
    return ids
