from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.roles import Role
from changes.concurrency import check_unseen_changes
from changes.models import Change, Deletable, DeletableManager, Versioned
from config import clock
from discussion import mentions
from discussion.models.mention import Mention
from discussion.models.notification import Kind
from discussion.models.thread import Thread
from discussion.notifying import notify


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, member: Member) -> CommentQuerySet:
        return self.filter(workspace=member.workspace_id, thread__in=Thread.objects.visible_to(member))

    def with_people(self) -> CommentQuerySet:
        """What showing them needs: two statements, however many comments."""
        return self.defer("search").select_related("author__user").prefetch_related(Mention.named("mentions"))


@dataclass(frozen=True)
class Said:
    """A comment as another tool has it. `author` is a member where the name is one's, else the name."""

    thread: Thread
    author: Member | str
    body: str
    at: datetime
    key: str


class Comment(Versioned, Deletable):
    """What a member says about a thread's subject, in Markdown. Only its author edits it; admins may delete it.

    One that came from another tool says so (`imported_from`) and keeps the time at which it was said there. Its author
    may be somebody who is no member.
    """

    told_as = "thread"

    role_to_change = Role.CONTRIBUTOR

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product_id = models.BigIntegerField(null=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="comments")
    author_label = models.CharField(max_length=120, blank=True, editable=False)
    body = models.TextField(_("comment"), max_length=20_000)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    imported_from = models.CharField(max_length=20, blank=True, editable=False)
    import_key = models.CharField(max_length=32, blank=True, editable=False)

    search = models.GeneratedField(
        expression=SearchVector("body", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    objects = DeletableManager.hiding(CommentQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["created_at", "pk"]
        constraints = [
            workspace_key("comment_workspace_key"),
            models.UniqueConstraint(
                fields=["thread", "import_key"], condition=~models.Q(import_key=""), name="comment_imported_once"
            ),
            SameWorkspace(field="thread", target="discussion_thread", name="comment_thread_same_workspace"),
            SameWorkspace(field="author", target="accounts_member", name="comment_author_same_workspace"),
        ]
        indexes = [GinIndex(fields=["search"], name="comment_search")]

    def __str__(self) -> str:
        return self.body[:60]

    @classmethod
    def following(cls, version: Any) -> frozenset[str]:
        """The product is its thread's, and goes with it."""
        return frozenset({"product_id"})

    @classmethod
    def post(cls, thread: Thread, body: str, *, by: Actor | Change) -> Comment:
        """Say something. The author watches from now on; who is mentioned or watches is told, each once."""
        with Change.open("comment.posted", by=by, workspace=thread.workspace) as change:
            comment = cls.objects.create(
                workspace=thread.workspace,
                product_id=thread.product_id,
                thread=thread,
                author=change.member,
                author_label=change.actor_label,
                body=body,
                created_at=change.at,
            )
            comment.change_id = change.pk
            if change.member is not None:
                thread.watch(change.member)
            comment._tell_mentioned(change)
            watching = Member.objects.filter(watched_threads__thread=thread)
            notify(watching, Kind.COMMENT, event=comment.event, by=change, thread=thread, comment=comment)
            change.tell("thread", thread.public_id, product_id=thread.product_id)
        return comment

    @classmethod
    def bring_in(cls, said: Sequence[Said], source: str, *, by: Change) -> set[int]:
        """Take over what was said in the tool `source`; what is there already, or was deleted here, is left alone.

        Returns the ids of the threads that got something new. Nobody is told: it was said long ago.
        """
        known = set(
            cls.objects.with_deleted()
            .filter(thread__in=[one.thread for one in said])
            .exclude(import_key="")
            .values_list("thread_id", "import_key")
        )
        fresh = [one for one in said if (one.thread.pk, one.key) not in known]
        cls.objects.bulk_create(
            cls(
                workspace_id=one.thread.workspace_id,
                product_id=one.thread.product_id,
                thread=one.thread,
                author=one.author if isinstance(one.author, Member) else None,
                author_label=str(one.author)[:120],
                body=one.body,
                created_at=one.at,
                imported_from=source,
                import_key=one.key,
            )
            for one in fresh
        )
        touched = {one.thread.pk: one.thread for one in fresh}
        for thread in list(touched.values())[:20]:
            by.tell("thread", thread.public_id, product_id=thread.product_id)
        return set(touched)

    def edit(self, *, by: Actor | Change, body: str, seen: int | None = None) -> int:
        """Say it otherwise. Whom only the new words mention is told; nobody is told twice. Raises Conflict. The id of the Change, 0 where it
        is said so already."""
        with Change.open("comment.edited", by=by, workspace=self.workspace) as change:
            self.refresh_from_db(from_queryset=Comment.objects.select_for_update())
            check_unseen_changes(self, seen, {"body": body})
            if body == self.body:
                return 0
            self.body, self.edited_at = body, change.at
            self.save(update_fields=["body", "edited_at"])
            self.change_id = change.pk
            self._tell_mentioned(change)
            change.tell("thread", self.thread.public_id, product_id=self.product_id)
        return change.pk or 0

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin, with the notifications about it. Repeating it does no harm."""
        with Change.open("comment.deleted", by=by, workspace=self.workspace) as change:
            self.deleted_at = self.deleted_at or change.at
            self.save(update_fields=["deleted_at"])
            self.change_id = change.pk
            change.tell("thread", self.thread.public_id, product_id=self.product_id)

    def may_be_edited_by(self, member: Member) -> bool:
        return self.author_id == member.pk and not self.imported_from

    def may_be_deleted_by(self, member: Member) -> bool:
        return (self.author_id == member.pk and not self.imported_from) or member.may(Role.ADMIN)

    @property
    def event(self) -> str:
        return f"comment:{self.pk}"

    @cached_property
    def mentioned(self) -> list[Member]:
        """The members whom it names; set by who read them for many comments."""
        return [mention.member for mention in self.mentions.all()]

    @property
    def html(self) -> str:
        return mentions.html_with(self.body, self.mentioned)

    def _tell_mentioned(self, change: Change) -> None:
        seeing = named_in(self.body, self.thread)
        self.mentions.exclude(member__in=seeing).delete()
        Mention.objects.bulk_create(
            [Mention(workspace_id=self.workspace_id, comment=self, member=member) for member in seeing],
            ignore_conflicts=True,
        )
        notify(seeing, Kind.MENTION, event=self.event, by=change, thread=self.thread, comment=self)


def named_in(body: str, thread: Thread) -> list[Member]:
    """The members whom a text names, of those who see the thread."""
    if "@" not in body:
        return []
    everybody = Member.objects.current().filter(workspace=thread.workspace_id).select_related("user")
    return thread.seen_by(mentions.mentioned_in(body, everybody))


def as_posted(body: str, thread: Thread) -> SafeString:
    """How a text would be shown as a comment of the thread. Nothing is stored, and nobody is told."""
    return mentions.html_with(body, named_in(body, thread))
