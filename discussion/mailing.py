"""Mails about notifications. They are written when they go out, by what their reader may see at that moment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import Member
from config import clock
from discussion.models.notification import Notification
from discussion.models.preference import Preference
from discussion.shown import Shown, shown_to
from jobs import mail
from jobs.models import Mail

MORNING = time(8)
LONGEST_AGO = timedelta(days=7)
LONGEST_EXCERPT = 400
MOST_IN_DIGEST = 100


def write_notification(letter: Mail) -> tuple[str, dict[str, Any]] | None:
    """The mail about one notification, or None when it was read, or its reader may not see its subject any more."""
    rows = Notification.objects.filter(pk=letter.arguments["notification"]).unread()
    member = _reader(rows)
    found = shown_to(member, rows.visible_to(member).for_list()) if member is not None else []
    if member is None or not found:
        return None
    return "notification", {**_frame(member), "it": _entry(found[0])}


def write_digest(letter: Mail) -> tuple[str, dict[str, Any]] | None:
    """The mail about all that was put into this digest and is neither read nor out of sight by now."""
    rows = Notification.objects.filter(mail=letter).unread()
    member = _reader(rows)
    if member is None:
        return None
    found = shown_to(member, rows.visible_to(member).for_list().order_by("pk")[:MOST_IN_DIGEST])
    if not found:
        return None
    return "digest", {**_frame(member), "entries": [_entry(one) for one in found], "count": len(found)}


def post_digests() -> None:
    """A digest for everybody whose morning it is and for whom something waits; at most one a day."""
    daily = Notification.objects.unread().filter(mail=None)
    waiting = Member.objects.current().filter(pk__in=daily.values("member"))
    for member in waiting.select_related("user", "workspace", "mail_preference"):
        _post_digest(member, daily.filter(member=member))


def _post_digest(member: Member, waiting: Any) -> None:
    wish = getattr(member, "mail_preference", None) or Preference(member=member)
    morning = morning_of(member)
    if clock.now() < morning:
        return
    rows = waiting.filter(kind__in=wish.daily_kinds(), created_at__lt=morning, created_at__gt=morning - LONGEST_AGO)
    if not rows.exists():
        return
    with transaction.atomic():
        letter = mail.send_later(
            member.user.email,
            "digest",
            key=f"digest:{member.public_id}:{morning.date()}",
            workspace=member.workspace,
        )
        if letter is not None:
            rows.update(mail=letter)


def morning_of(member: Member) -> datetime:
    """Today's morning where the member is."""
    zone = ZoneInfo(member.user.time_zone) if member.user.time_zone else member.workspace.zone
    return datetime.combine(clock.now().astimezone(zone).date(), MORNING, tzinfo=zone)


def _reader(rows: Any) -> Member | None:
    """Whose notifications these are, if that person is still a member."""
    readers = Member.objects.current().filter(pk__in=rows.values("member")).select_related("user", "workspace")
    return readers.first()


def _frame(member: Member) -> dict[str, Any]:
    slug = member.workspace.slug
    return {
        "workspace": member.workspace.name,
        "all_url": reverse("discussion:notifications", args=[slug]),
        "settings_url": reverse("discussion:preferences", args=[slug]),
    }


def _entry(one: Shown) -> dict[str, Any]:
    comment = one.notification.comment
    excerpt = Truncator(" ".join(comment.body.split())).chars(LONGEST_EXCERPT) if comment is not None else ""
    return {"sentence": one.sentence, "url": one.url, "excerpt": excerpt}
