"""Doing one job: claim it, keep its lease alive, write down how it ended."""

from __future__ import annotations

import threading
import traceback
from types import TracebackType

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from accounts.refusals import Refused
from jobs import registry
from jobs.models import ClaimLost, Job, Stopped

log = structlog.get_logger()
LONGEST_DETAILS = 8000


def perform(job_id: int) -> None:
    """Do the job unless somebody else does. Harmless to call at any time, any number of times."""
    job = Job.claimed(job_id)
    if job is None:
        return
    with SignsOfLife(job):
        try:
            result = job.kind_of_work.work(job, **job.arguments)
        except ClaimLost:
            log.warning("job_claim_lost", job=job.pk, kind=job.kind)
        except Stopped:
            job.end_stopped()
        except Refused as no:
            job.refuse(str(no))
        except Exception:
            log.exception("job_failed", job=job.pk, kind=job.kind, attempt=job.attempts)
            _write_failure(job, traceback.format_exc()[-LONGEST_DETAILS:])
        else:
            job.finish(result)


def _write_failure(job: Job, details: str) -> None:
    """It may be the database's connection that failed: a fresh one writes it down. When that fails too, the lease
    runs out and the sweep takes the job up again."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    try:
        delay = job.kind_of_work.delay_after(job.attempts)
    except registry.UnknownKind:
        delay = registry.DELAYS[-1]
    job.fail(details, delay)


class SignsOfLife:
    """Renews the job's lease in a thread of its own, so that work without reports keeps its claim too."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._beat, name=f"lease of job {job.pk}", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join()

    def _beat(self) -> None:
        try:
            while not self.over.wait(settings.JOB_LEASE / 4):
                try:
                    if not self.job.renew_lease():
                        return
                except DatabaseError as trouble:  # the next beat may reach it again
                    log.warning("job_lease_not_renewed", job=self.job.pk, error=str(trouble))
                    connection.close()
        finally:
            connection.close()
