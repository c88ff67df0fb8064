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


def _with_names(rows: QuerySet[Any], member: str) -> QuerySet[Any]:
    """With the name of a member each, and nothing else of the person."""
    own = [field.name for field in rows.model._meta.concrete_fields if field.name != "search"]
    names = [f"{member}__{name}" for name in ("workspace", "user__name", "user__email")]
    return rows.select_related(f"{member}__user").only(*own, *names)


def _comments(threads: Any) -> QuerySet[Comment]:
    return _with_names(Comment.objects.filter(thread__in=threads), "author")


def _mentions(threads: Any) -> QuerySet[Mention]:
    return _with_names(Mention.objects.filter(comment__thread__in=threads, comment__deleted_at=None), "member")


def _watching(threads: Any, member: Any) -> QuerySet[Any]:
    return Watcher.objects.filter(thread__in=threads, member=member).values_list("pk")


def _files(threads: Any) -> QuerySet[Attachment]:
    return _with_names(Attachment.objects.filter(thread__in=threads), "author")


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
