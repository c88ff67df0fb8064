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

from accounts.models import Member
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


def register(name: str, *, rows: Callable[[Member], QuerySet[Any]], subject: Callable[[Any], Subject]) -> None:
    _kinds[name] = Kind(rows, subject)


def seen_by(member: Member) -> Q:
    """The condition that a thread's subject is visible to `member`."""
    condition = Q(pk__in=[])
    for name, kind in _kinds.items():
        condition |= Q(Exists(kind.rows(member).filter(thread=OuterRef("pk"))), kind=name)
    return condition


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
