"""What is read of a thread to draw it: together with whatever else its page reads (accounts/together.py)."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Later, Together
from discussion.models import Attachment, Comment, Mention, Thread, Watcher

WATCHING = Prepared(lambda thread, member: Watcher.objects.filter(thread=thread, member=member).values_list("pk"))
COMMENTS = Prepared(lambda thread: Comment.objects.filter(thread=thread).defer("search").select_related("author__user"))
MENTIONS = Prepared(
    lambda thread: Mention.objects.filter(comment__thread=thread, comment__deleted_at=None).select_related(
        "member__user"
    )
)
ATTACHED = Prepared(lambda thread: Attachment.objects.filter(thread=thread).select_related("author__user"))


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
