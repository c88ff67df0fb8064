from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from changes.models import Answer
from config import clock
from jobs import running, waking
from jobs.models import Job, Mail
from jobs.registry import job
from jobs.sweeping import due_to_be_woken, park_the_hopeless

KEPT = timedelta(days=30)


@shared_task
def run(job_id: int) -> None:
    running.perform(job_id)


@shared_task(expires=5)
def sweep() -> None:
    """Call workers for what is due and was not begun, or was left by a worker that died. Beat sends it all the time."""
    park_the_hopeless()
    for job_id in due_to_be_woken():
        waking.wake(job_id)


@shared_task(expires=3600)
def tidy() -> None:
    """Old jobs go, and answers kept for repeated requests of the API; old mails lose their text.

    That a mail was sent is kept, so that it is never sent again.
    """
    Job.objects.over_for(KEPT).delete()
    Mail.objects.sent_before(clock.now() - KEPT).update(text="", html="", arguments={})
    Answer.forget_old()


@job("deliver_mail", _("Mail"), quiet=True, delays=(30, 300, 3600, 6 * 3600))
def deliver_mail(job: Job, *, mail: int) -> None:
    Mail.objects.get(pk=mail).deliver()
