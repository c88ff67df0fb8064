from __future__ import annotations

from celery import shared_task

from jobs import running, waking
from jobs.models.job import due_to_be_woken, park_the_hopeless


@shared_task
def run(job_id: int) -> None:
    running.perform(job_id)


@shared_task(expires=5)
def sweep() -> None:
    """Call workers for what is due and was not begun, or was left by a worker that died. Beat sends it all the time."""
    park_the_hopeless()
    for job_id in due_to_be_woken():
        waking.wake(job_id)
