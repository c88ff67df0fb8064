from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback import changelog_mail
from jobs.models import Job
from jobs.registry import job


@job("mail_release_notes", _("Mails about release notes"))
def mail_release_notes(job: Job, *, notes: str) -> dict[str, Any]:
    return changelog_mail.mail_out(job, notes)
