"""What is read of a thread to draw it: together with whatever else its page reads (accounts/together.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Later, Together
from discussion.models import Attachment, Comment, Mention, Thread, Watcher

#: f(member, product) → the ids of threads, as a queryset of one column.
Threads = Callable[[Member, Any], QuerySet[Any]]


def _comments(threads: Any) -> QuerySet[Comment]:
    return Comment.objects.filter(thread__in=threads).defer("search").select_related("author__user")


def _mentions(threads: Any) -> QuerySet[Mention]:
    rows = Mention.objects.filter(comment__thread__in=threads, comment__deleted_at=None)
    return rows.select_related("member__user")


def _watching(threads: Any, member: Any) -> QuerySet[Any]:
    return Watcher.objects.filter(thread__in=threads, member=member).values_list("pk")


def _files(threads: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(thread__in=threads).select_related("author__user")


COMMENTS, MENTIONS = Prepared(lambda thread: _comments([thread])), Prepared(lambda thread: _mentions([thread]))
WATCHING = Prepared(lambda thread, member: _watching([thread], member))
ATTACHED = Prepared(lambda thread: _files([thread]))
COMMENTS_AT = Prepared(lambda member, product, threads: _comments(threads(member, product)))
MENTIONS_AT = Prepared(lambda member, product, threads: _mentions(threads(member, product)))
WATCHING_AT = Prepared(lambda member, product, threads: _watching(threads(member, product), member))
ATTACHED_AT = Prepared(lambda member, product, threads: _files(threads(member, product)))


@dataclass(frozen=True)
class Talk:
    """The comments and files of a thread that the page's view has fetched within the member's reach."""

    _comments: Later
    _mentions: Later
    _watching: Later
    files: Later

    @classmethod
    def of(cls, thread: Thread, member: Member, together: Together) -> Talk:
        return cls(
            together.ask(COMMENTS, thread.pk),
            together.ask(MENTIONS, thread.pk),
            together.ask(WATCHING, thread.pk, member.pk),
            together.ask(ATTACHED, thread.pk),
        )

    @classmethod
    def at(cls, threads: Threads, member: Member, product: Any, together: Together) -> Talk:
        """Of one row whose thread is not known before: read with the row. There is a statement for each function `threads`."""
        asked = (COMMENTS_AT, MENTIONS_AT, WATCHING_AT, ATTACHED_AT)
        return cls(*(together.ask(one, member, product, variant=(threads,)) for one in asked))

    def comments(self) -> list[Comment]:
        """Each knows whom it mentions."""
        comments: list[Comment] = self._comments()
        mentioned: dict[int, list[Member]] = {}
        for mention in self._mentions():
            mentioned.setdefault(mention.comment_id, []).append(mention.member)
        for comment in comments:
            comment.mentioned = mentioned.get(comment.pk, [])
        return comments

    def is_watched(self) -> bool:
        return bool(self._watching())
