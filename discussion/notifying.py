"""Telling members of an event, each once: in the list behind the bell, and by mail as they wish."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Member
from changes import live
from changes.models import Change
from config import clock
from discussion.models.notification import Kind, Notification
from discussion.models.preference import Preference, When
from discussion.models.thread import Thread
from jobs import mail
from jobs.models import Job, State

if TYPE_CHECKING:
    from discussion.models.comment import Comment

#: What lies further back (the demo's history, an import's) is listed but not mailed.
FRESH = timedelta(hours=1)


def notify(
    members: Iterable[Member],
    kind: Kind,
    *,
    event: str,
    by: Actor | Change,
    thread: Thread | None = None,
    comment: Comment | None = None,
    job: Job | None = None,
) -> list[Notification]:
    """Tell `members` of `event`, within the caller's transaction. Returns what is new.

    Left out: who did it, who left the workspace, who cannot see the thread, and who was told of this event already, even
    as another kind. Each notification is looked at again when it is shown and when it is mailed.
    """
    actor, at = (by.actor, by.at) if isinstance(by, Change) else (by, clock.now())
    about = {"kind": kind, "event": event, "thread": thread, "comment": comment, "job": job, "created_at": at}
    chosen = [member for member in _current(members) if member != actor.member]
    if thread is not None:
        chosen = thread.seen_by(chosen)
    with transaction.atomic():
        new = _write(chosen, actor, about)
        for notification in new:
            _tell_browsers(notification, by)
            if clock.now() - at < FRESH:
                _mail_at_once(notification)
    return new


def tell_of_end(job: Job) -> None:
    """Whoever started work that takes a while hears when it is over."""
    if job.member is None or job.state == State.STOPPED or job.is_quiet:
        return
    event = f"job:{job.pk}:{job.finished_at}"
    notify([job.member], Kind.JOB, event=event, by=Actor.system(), job=job)


def _current(members: Iterable[Member]) -> list[Member]:
    ids = [member.pk for member in members]
    return list(Member.objects.current().filter(pk__in=ids).select_related("user", "mail_preference", "workspace"))


def _write(members: list[Member], actor: Actor, about: dict[str, Any]) -> list[Notification]:
    """One row for each member who has none about this event yet; those that are new."""
    wanted = [
        Notification(
            workspace_id=member.workspace_id, member=member, actor=actor.member, actor_label=actor.label, **about
        )
        for member in members
    ]
    Notification.objects.bulk_create(wanted, ignore_conflicts=True)
    by_id = {one.public_id: one for one in wanted}
    new = list(Notification.objects.filter(public_id__in=by_id))
    for row in new:
        row.member = by_id[row.public_id].member
    return new


def _tell_browsers(notification: Notification, by: Actor | Change) -> None:
    if isinstance(by, Change):
        by.tell("notification", notification.public_id, member_id=notification.member_id)
        return
    message = live.Message(
        "notification", notification.public_id, 0, None, notification.member_id, notification.workspace_id
    )
    transaction.on_commit(lambda: live.publish([message]))


def _mail_at_once(notification: Notification) -> None:
    wish = getattr(notification.member, "mail_preference", None) or Preference(member=notification.member)
    if wish.when(notification.kind) != When.AT_ONCE:
        return
    notification.mail = mail.send_later(
        notification.member.user.email,
        "notification",
        key=f"notification:{notification.public_id}",
        workspace=notification.member.workspace,
        notification=notification.pk,
    )
    notification.save(update_fields=["mail"])
