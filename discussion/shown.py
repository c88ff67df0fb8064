"""Notifications as their member sees them now: a sentence, a link, and what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Member
from discussion import subjects
from discussion.models.notification import Kind, Notification
from discussion.subjects import Subject
from jobs.models import State

ICONS = {
    Kind.MENTION: "message-square",
    Kind.COMMENT: "message-square",
    Kind.ASSIGNMENT: "user-round-check",
    Kind.SIGN_OFF: "gavel",
    Kind.JOB: "timer",
}


@dataclass(frozen=True)
class Shown:
    notification: Notification
    title: str
    url: str

    @property
    def sentence(self) -> str:
        return self._words() % {"who": self.notification.who, "title": self.title}

    @property
    def html(self) -> SafeString:
        """The sentence with who and what in bold."""
        bold = {"who": format_html("<b>{}</b>", self.notification.who), "title": format_html("<b>{}</b>", self.title)}
        return format_html(self._words().replace("%(who)s", "{who}").replace("%(title)s", "{title}"), **bold)

    @property
    def icon(self) -> str:
        return ICONS[Kind(self.notification.kind)]

    def _words(self) -> str:
        kind = self.notification.kind
        if kind == Kind.MENTION:
            return _("%(who)s mentioned you on %(title)s")
        if kind == Kind.ASSIGNMENT:
            return _("%(who)s made you the lead of %(title)s")
        if kind == Kind.SIGN_OFF:
            return _("%(who)s asks for your sign-off on %(title)s")
        if kind == Kind.COMMENT:
            return _("%(who)s commented on %(title)s")
        job = self.notification.job
        done = job is not None and job.state == State.DONE
        return _("Finished: %(title)s") if done else _("It did not work: %(title)s")


def shown_to(member: Member, notifications: Iterable[Notification]) -> list[Shown]:
    """Those of `notifications` that there is something to show of. A few statements, however many there are."""
    rows = list(notifications)
    return shown_with(
        subjects.subjects_of({row.thread for row in rows if row.thread is not None}, member), rows, member
    )


def shown_with(found: dict[int, Subject], rows: Iterable[Notification], member: Member) -> list[Shown]:
    """The same, where the subjects of their threads were found with others."""
    shown = (_shown(row, found, member) for row in rows)
    return [one for one in shown if one is not None]


def _shown(row: Notification, found: dict[int, Subject], member: Member) -> Shown | None:
    if row.thread_id is not None:
        subject = found.get(row.thread_id)
        return Shown(row, str(subject), subject.url) if subject is not None else None
    if row.job is not None:
        return Shown(row, str(row.job), reverse("jobs:show", args=[member.workspace.slug, row.job.public_id]))
    return None
