"""My work: what waits for one member, what they lead, who asked them something, and what moved that they watch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.history import Entry, changes_since
from config import clock
from discussion import subjects
from discussion.models import Comment, Kind, Notification, Thread
from discussion.shown import Shown, shown_with
from discussion.subjects import Subject
from lifecycle.lately import FIRST_TIME
from lifecycle.led_rows import Led
from lifecycle.models import SignOff, Visit
from roadmap.models import Item

MOST_LED = 100
MOST_MENTIONS = 20
MOST_WATCHED = 200


@dataclass(frozen=True)
class Group:
    label: Any
    items: list[Led]


@dataclass
class Watched:
    """A thread's subject, what others changed of it since the last visit, and how many comments they made."""

    thread: Thread
    subject: Subject
    entries: list[Entry] = field(default_factory=list)
    comments: int = 0

    @property
    def count(self) -> int:
        return len(self.entries) + self.comments


@dataclass(frozen=True)
class MyWork:
    today: date
    since: datetime
    returning: bool
    sign_offs: list[SignOff]
    groups: list[Group]
    led: int
    overdue: int
    mentions: list[Shown]
    watched: list[Watched]

    @property
    def moved(self) -> list[Watched]:
        return [one for one in self.watched if one.count]

    @property
    def still(self) -> list[Watched]:
        return [one for one in self.watched if not one.count]


def my_work(member: Member, group_by: str) -> MyWork:
    """Notes that the member looks now. The number of statements does not grow with the rows."""
    together = Together()
    led, unanswered, signing = (together.ask(rows, member) for rows in (LED, UNANSWERED, WAITING))
    threads = together.ask(THREADS, member)
    before = Visit.of(member, together).look()
    since, today = before or clock.now() - FIRST_TIME, member.workspace.today()
    items = [Led._make(row) for row in led()]
    groups = _by_product(items) if group_by == "product" else _by_day(items, today)
    overdue = sum(1 for item in items if item.ends_on is not None and item.ends_on < today)
    mentions, watched = _said_and_watched(member, unanswered(), threads(), since)
    return MyWork(
        today, since, before is not None, _waiting_for(signing()), groups, len(items), overdue, mentions, watched
    )


def _waiting_for(rows: list[SignOff]) -> list[SignOff]:
    """Gates that ask for the member's opinion, the next review first; each with how many were asked and have signed."""
    return sorted(rows, key=lambda one: (one.gate.review_on is None, one.gate.review_on or date.max, one.pk))


def _waiting(member: Member) -> QuerySet[SignOff]:
    pending = Q(gate__sign_offs__decision=None)
    rows = SignOff.objects.visible_to(member).waiting().filter(member=member).select_related("gate__track", "product")
    return rows.annotate(
        asked=Count("gate__sign_offs", filter=pending),
        signed=Count("gate__sign_offs", filter=pending & Q(gate__sign_offs__signed_at__isnull=False)),
    )


WAITING = Prepared(_waiting)
LED = Prepared(
    lambda member: (
        Item.objects.visible_to(member)
        .open()
        .filter(lead=member)
        .order_by("ends_on", "product__name", "rank")
        .values_list(
            "number",
            "title",
            "ends_on",
            "status__name",
            "status__category",
            "product__key",
            "product__name",
            "product__stage",
        )[:MOST_LED]
    )
)


def _by_day(items: list[Led], today: date) -> list[Group]:
    """NULL comes last in PostgreSQL's order, and so does what has no day."""
    week = today + timedelta(days=7)
    named: list[tuple[Any, list[Led]]] = [
        (_("Overdue"), [one for one in items if one.ends_on and one.ends_on < today]),
        (_("Within a week"), [one for one in items if one.ends_on and today <= one.ends_on <= week]),
        (_("Later"), [one for one in items if one.ends_on is None or one.ends_on > week]),
    ]
    return [Group(label, rows) for label, rows in named if rows]


def _by_product(items: list[Led]) -> list[Group]:
    found: dict[str, list[Led]] = {}
    for item in sorted(items, key=lambda one: one.product.casefold()):
        found.setdefault(item.product, []).append(item)
    return [Group(name, rows) for name, rows in found.items()]


def _unanswered(member: Member) -> QuerySet[Notification]:
    """Who mentioned the member where the member has said nothing since."""
    answers = Comment.objects.filter(thread=OuterRef("thread"), author=member, created_at__gt=OuterRef("created_at"))
    rows = Notification.objects.visible_to(member).filter(~Exists(answers), kind=Kind.MENTION)
    return rows.for_list()[:MOST_MENTIONS]


UNANSWERED = Prepared(_unanswered)


def _said_and_watched(
    member: Member, said: list[Notification], threads: list[Thread], since: datetime
) -> tuple[list[Shown], list[Watched]]:
    """Who said something, and what moved, the most first."""
    ids, together = [one.pk for one in threads], Together()
    about = {*threads, *(one.thread for one in said if one.thread is not None)}
    subjects_of = subjects.subjects_later(about, member, together)
    item_of = together.ask(ITEMS, member, ids)
    counts = together.ask(COMMENTS, member, ids, since)
    if not about:
        return [], []
    known = subjects_of()
    found = {one.pk: Watched(one, known[one.pk]) for one in threads if one.pk in known}
    items = dict(item_of())
    for item, entries in changes_since(Item, list(items), since, not_by=member).items() if items else ():
        found[items[item]].entries = [entry for entry in entries if entry.fields]
    for thread, count in counts():
        if thread in found:
            found[thread].comments = count
    return shown_with(known, said, member), sorted(found.values(), key=lambda one: -one.count)


THREADS = Prepared(
    lambda member: Thread.objects.visible_to(member).filter(watchers__member=member).order_by("-pk")[:MOST_WATCHED]
)
ITEMS = Prepared(
    lambda member, threads: (
        Item.objects.visible_to(member).filter(thread__among=threads).order_by().values_list("pk", "thread_id")
    )
)
COMMENTS = Prepared(
    lambda member, threads, since: (
        Comment.objects.filter(thread__among=threads, created_at__gte=since)
        .filter(~Q(author=member) | Q(author=None))
        .order_by()
        .values_list("thread")
        .annotate(Count("pk"))
    )
)
