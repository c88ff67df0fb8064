"""The mails about new release notes: one for each subscriber and release, however often the job runs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from feedback.models import Changelog, Subscriber
from jobs import mail
from jobs.models import Job, Mail
from roadmap.models import ReleaseNotes
from ui.markdown import words_of

WRITER = "release_notes"
CHUNK = 200


def mail_out(job: Job, public_id: str) -> dict[str, Any]:
    """Ask for a mail to each subscriber. What was asked for before is not asked for again."""
    notes = ReleaseNotes.objects.public().filter(public_id=public_id).first()
    changelog = Changelog.objects.public().filter(product=notes.product_id).first() if notes else None
    if notes is None or changelog is None:
        return {"mailed": 0}
    rows = Subscriber.objects.filter(changelog=changelog).exclude(confirmed_at=None).order_by("pk")
    total, mailed = rows.count(), 0
    for place, row in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        sent = mail.send_later(
            row.email, WRITER, key=f"release-notes:{notes.public_id}", workspace=notes.workspace,
            notes=notes.public_id, subscriber=row.public_id,
        )  # fmt: skip
        mailed += sent is not None
        job.report(place, total)
    return {"mailed": mailed}


@mail.writer(WRITER)
def write(letter: Mail) -> tuple[str, dict[str, Any]] | None:
    """Looks again: who unsubscribed, may not read it any more, or what was taken back, gets no mail."""
    notes = ReleaseNotes.objects.public().filter(public_id=letter.arguments["notes"]).first()
    subscribers = Subscriber.objects.select_related("changelog__workspace", "changelog__product")
    row = subscribers.filter(public_id=letter.arguments["subscriber"]).exclude(confirmed_at=None).first()
    if notes is None or row is None or not row.changelog.admits(row.email):
        return None
    place = row.changelog.place
    return "release_notes", {
        "title": notes.published_title,
        "lines": [line for line in words_of(notes.published_text).splitlines() if line.strip()],
        "changelog": row.changelog.title,
        "workspace": row.changelog.workspace.name,
        "url": reverse("portal:changelog_notes", args=[*place, notes.public_id]),
        "unsubscribe": reverse("portal:changelog_unsubscribe", args=[*place, row.public_id]),
    }
