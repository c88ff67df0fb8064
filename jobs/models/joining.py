"""Asking for work that waits already: with a `unique_key`, it is done once for all who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from config import clock

if TYPE_CHECKING:
    from jobs.models.job import Job


def save(job: Job) -> Job:
    job.woken_at = clock.now() if job.run_at <= clock.now() else None
    job.save()
    return job


def save_or_join(job: Job) -> Job:
    """The job, or the one of the same kind and key that waits already, whoever of both comes first."""
    while True:
        try:
            with transaction.atomic():
                return save(job)
        except IntegrityError as taken:
            if "one_queued_job_per_key" not in str(taken):
                raise
            waiting = _share_waiting_twin(job)
            if waiting is not None:
                return waiting


def _share_waiting_twin(job: Job) -> Job | None:
    """Lock the waiting job against being claimed until we commit; many may hold it at once."""
    twins = type(job).objects.raw(
        "SELECT * FROM jobs_job WHERE workspace_id IS NOT DISTINCT FROM %s AND kind = %s"
        " AND unique_key = %s AND state = 'queued' FOR SHARE",
        [job.workspace_id, job.kind, job.unique_key],
    )
    return next(iter(twins), None)
