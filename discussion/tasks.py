from __future__ import annotations

from typing import Any

from celery import shared_task

from discussion import mailing
from jobs import mail
from jobs.models import Mail


@shared_task(expires=600)
def digests() -> None:
    mailing.post_digests()


@mail.writer("notification")
def notification(letter: Mail) -> tuple[str, dict[str, Any]] | None:
    return mailing.write_notification(letter)


@mail.writer("digest")
def digest(letter: Mail) -> tuple[str, dict[str, Any]] | None:
    return mailing.write_digest(letter)
