"""Calling a worker. A lost call costs seconds, never the work: the sweep finds every row that is due."""

from __future__ import annotations

import structlog
from kombu.exceptions import OperationalError

from config.celery import app

log = structlog.get_logger()


def wake(job_id: int) -> None:
    try:
        app.send_task("jobs.tasks.run", args=[job_id], retry=False, expires=60)
    except OperationalError as error:
        log.warning("job_wake_failed", job=job_id, error=str(error))
