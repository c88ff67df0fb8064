"""What threads hang on. Apps to the right say, for each kind of subject, who sees it and how it is called.

    subjects.register("item", rows=lambda member: Item.objects.visible_to(member)…, subject=lambda item: Subject(…))

`rows(member)` are the rows that the member may see, with no more columns than `subject` reads; they have a `thread`. A thread
whose row is not among them does not exist for that member: not in lists, counts, notifications or mails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import remember
from accounts.models import Member
from accounts.places import places
from accounts.prepared import Prepared
from accounts.together import Together


@dataclass(frozen=True)
class Subject:
    """How a thread's row is called and where it is. `key` is short, such as DSP-214, or empty."""

    title: str
    url: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.key} {self.title}".strip()


@dataclass(frozen=True)
class Kind:
    rows: Callable[[Member], QuerySet[Any]]
    subject: Callable[[Any], Subject]


_kinds: dict[str, Kind] = {}
#: Of so many members is asked in one statement; each has a part of it.
AT_ONCE = 100


def register(name: str, *, rows: Callable[[Member], QuerySet[Any]], subject: Callable[[Any], Subject]) -> None:
    _kinds[name] = Kind(rows, subject)


def seen_by(member: Member) -> Q:
    """The condition that a thread's subject is visible to `member`."""
    condition = Q(pk__in=[])
    for name, kind in _kinds.items():
        condition |= Q(Exists(kind.rows(member).filter(thread=OuterRef("pk"))), kind=name)
    return condition


def seeing(thread: Any, members: Iterable[Member]) -> list[Member]:
    """Those of `members` who see a thread, in their order. Two statements, however many they are: what each sees, and whether the thread's row
    is among that."""
    members = list(members)
    if not members or thread.kind not in _kinds:
        return []
    found: set[int] = set()
    for start in range(0, len(members), AT_ONCE):
        together, ids = Together(), [member.pk for member in members[start : start + AT_ONCE]]
        asked = {}
        for one in _EACH.rows(ids):
            remember(one)
            asked[one.pk] = together.ask(_SEES, one, thread.pk, variant=(thread.kind,))
        found |= {pk for pk, rows in asked.items() if rows()}
    return [member for member in members if member.pk in found]


def subjects_of(threads: Iterable[Any], member: Member) -> dict[int, Subject]:
    """Thread id → subject, of those that `member` sees. One statement for all kinds."""
    return subjects_later(threads, member, Together())()


def subjects_later(threads: Iterable[Any], member: Member, together: Together) -> Callable[[], dict[int, Subject]]:
    """The same, when it is wanted: asked together with the rest of a page."""
    wanted: dict[str, list[int]] = {}
    for thread in threads:
        wanted.setdefault(thread.kind, []).append(thread.pk)
    asked = [(_kinds[name], together.ask(_OF_THREADS, member, ids, variant=(name,))) for name, ids in wanted.items()]
    return lambda: {row.thread_id: kind.subject(row) for kind, rows in asked for row in rows()}


_OF_THREADS = Prepared(lambda member, ids, name: _kinds[name].rows(member).filter(thread__among=ids))
_SEES = Prepared(lambda member, thread, name: _kinds[name].rows(member).filter(thread=thread).values_list("pk"))
_EACH = Prepared(lambda ids: Member.objects.filter(pk__among=ids).annotate(places=places.seen_by_each()))
