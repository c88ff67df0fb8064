from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.db import models
from django.shortcuts import get_object_or_404

from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.places import places
from accounts.roles import Role
from changes.writing import insert
from config import clock
from discussion import subjects


class AtProduct(Protocol):
    pk: int
    workspace_id: int


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, member: Member) -> ThreadQuerySet:
        """Threads whose subject the member sees; where that is gone, its thread is gone too."""
        return self.filter(subjects.seen_by(member), workspace=member.workspace_id)


class Thread(models.Model):
    """Where comments, watchers and notifications of one row hang. The row points here by a plain foreign key."""

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product_id = models.BigIntegerField(null=True, editable=False)
    kind = models.CharField(max_length=20)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [workspace_key("thread_workspace_key")]

    def __str__(self) -> str:
        return f"{self.kind} thread {self.pk}"

    @classmethod
    def open_many(cls, kind: str, product: AtProduct, count: int) -> list[Thread]:
        """Empty threads for `count` new rows of a product."""
        threads = [cls(workspace_id=product.workspace_id, product_id=product.pk, kind=kind) for _ in range(count)]
        if count == 1:
            insert(threads[0])
            return threads
        return cls.objects.bulk_create(threads)

    @classmethod
    def open(cls, kind: str, workspace: Workspace, product: AtProduct | None = None) -> Thread:
        """An empty one, of a row that may have no product."""
        thread = cls(workspace=workspace, product_id=product.pk if product is not None else None, kind=kind)
        insert(thread)
        return thread

    @classmethod
    def for_url(cls, member: Member, public_id: str) -> Thread:
        """The thread of an address, if the member sees it; else Http404."""
        rows = cls.objects.visible_to(member).select_related("workspace")
        return get_object_or_404(rows, public_id=public_id)

    def role_given_to(self, member: Member) -> Role | None:
        """The role that the product gives to the member holds for its threads."""
        if self.product_id is None:
            return None
        product = places.visible(member, {self.product_id}).get(self.product_id)
        return product.role_given_to(member) if product is not None else None

    def is_seen_by(self, member: Member) -> bool:
        return Thread.objects.visible_to(member).filter(pk=self.pk).exists()

    def seen_by(self, members: Iterable[Member]) -> list[Member]:
        """Those of `members` who see it. Two statements, however many they are."""
        return subjects.seeing(self, members)

    def watch(self, member: Member) -> None:
        """Tell `member` of new comments from now on. Repeating it does no harm."""
        Watcher.objects.get_or_create(thread=self, member=member, defaults={"workspace_id": self.workspace_id})

    def unwatch(self, member: Member) -> None:
        self.watchers.filter(member=member).delete()

    def is_watched_by(self, member: Member) -> bool:
        return self.watchers.filter(member=member).exists()


class Watcher(models.Model):
    """A member who wants to hear of new comments."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="watchers")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="watched_threads")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "member"], name="watches_once"),
            SameWorkspace(field="thread", target="discussion_thread", name="watcher_thread_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="watcher_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.member} watches {self.thread}"
