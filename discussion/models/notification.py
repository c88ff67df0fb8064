from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from config import clock
from discussion.models.mention import Mention
from discussion.models.thread import Thread
from jobs.models import Job, Mail


class Kind(models.TextChoices):
    MENTION = "mention", _("Mentions")
    ASSIGNMENT = "assignment", _("Assignments")
    SIGN_OFF = "sign_off", _("Sign-offs")
    COMMENT = "comment", _("Watching")
    JOB = "job", _("Finished work")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, member: Member) -> NotificationQuerySet:
        """The member's own, about what the member still sees: a visible thread or job, a comment that was not deleted."""
        thread = Exists(Thread.objects.visible_to(member).filter(pk=OuterRef("thread")))
        job = Exists(Job.objects.visible_to(member).filter(pk=OuterRef("job")))
        own = self.filter(Q(thread=None) | thread, Q(job=None) | job, member=member)
        return own.exclude(comment__deleted_at__isnull=False)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def read_all(self) -> int:
        return self.unread().update(read_at=clock.now())

    def for_list(self) -> NotificationQuerySet:
        rows = self.select_related("thread", "comment", "actor__user", "job").defer("comment__search")
        return rows.prefetch_related(Mention.named("comment__mentions"))


class Notification(models.Model):
    """One event that one member is told of; `(member, event)` is unique. It holds no content: that is read when shown."""

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind)
    event = models.CharField(max_length=120)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey("discussion.Comment", null=True, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "event"], name="told_once"),
            SameWorkspace(field="member", target="accounts_member", name="notification_member_same_workspace"),
            SameWorkspace(field="thread", target="discussion_thread", name="notification_thread_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="notification_of_member"),
            models.Index(fields=["member"], name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member}"

    def read(self) -> None:
        """Seen by its member. Repeating it does no harm."""
        Notification.objects.filter(pk=self.pk, read_at=None).update(read_at=clock.now())

    @property
    def who(self) -> str:
        return self.actor.name if self.actor is not None else self.actor_label or "Cradle"
