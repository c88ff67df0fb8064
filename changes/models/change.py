from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, ActorKind
from accounts.constraints import SameWorkspace, workspace_key
from accounts.models import Member, Workspace
from changes import live
from config import clock

INSERT = "INSERT INTO changes_change (workspace_id, actor_kind, member_id, actor_reference, actor_label, verb, at, quiet, undoes_id, reason)"
VALUES = "%s::bigint, %s, %s::bigint, %s, %s, %s, %s::timestamptz, %s::boolean, %s::bigint, %s"
#: What the triggers of versioned tables ask for.
BEGUN = "RETURNING id, set_config('cradle.change', id::text, true), set_config('cradle.at', at::text, true)"

LEAVE_OUT = """
    DELETE FROM changes_change change WHERE id = %s AND NOT EXISTS (SELECT FROM changes_version WHERE change_id = change.id)
"""


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, member: Member) -> ChangeQuerySet:
        """Changes of the workspace. What they touched is filtered by product: see Version.visible_to."""
        return self.filter(workspace=member.workspace_id)

    def by(self, actor: Actor) -> ChangeQuerySet:
        return self.filter(actor_kind=actor.kind, member=actor.member, actor_reference=actor.reference)


class Change(models.Model):
    """What one verb did, by whom, and when. Its rows' versions hang on it; from the two all history is read.

    While it is open a Change also serves as `by` for the verbs that it calls, so that their writes join it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    actor_kind = models.CharField(max_length=8, choices=ActorKind)
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    actor_reference = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=120, blank=True)
    verb = models.CharField(max_length=64)
    at = models.DateTimeField()
    quiet = models.BooleanField(default=False, help_text=_("Kept as history but left out of feeds, as rank moves are."))
    reason = models.TextField(
        blank=True, default="", db_default="", max_length=1000, help_text=_("Why, where whoever did it was asked.")
    )
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            workspace_key("change_workspace_key"),
            SameWorkspace(field="member", target="accounts_member", name="change_member_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="change_feed"),
            models.Index(fields=["member", "-id"], name="change_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    @contextmanager
    def open(
        cls,
        verb: str,
        *,
        by: Actor | Change,
        workspace: Workspace,
        quiet: bool = False,
        undoes: Change | None = None,
        at: datetime | None = None,
        reason: str = "",
    ) -> Iterator[Change]:
        """A transaction in which versioned rows may be written; all of them become versions of one Change.

        `by` an open Change joins that one. Only the demo, imports and tests may set `at`, the instant that history
        will show. `reason` is kept with it, also when it joins another. When the transaction commits, what was told with `tell` goes to the open browsers.

        A verb that finds nothing to write tells nothing: then there was no Change, and its `pk` is None after it.
        """
        if isinstance(by, Change):
            by.explain(reason)
            yield by
            return
        within_another = connection.in_atomic_block
        with transaction.atomic():
            change = cls._begin(verb, by, workspace, quiet, undoes, at or clock.now(), reason)
            yield change
            if not change.messages:
                change._leave_out_if_empty()
            if within_another:
                close_for_writing()
            transaction.on_commit(change._publish)

    @classmethod
    def _begin(  # noqa: PLR0913 - what a Change is made of
        cls,
        verb: str,
        actor: Actor,
        workspace: Workspace,
        quiet: bool,
        undoes: Change | None,
        at: datetime,
        reason: str,
    ) -> Change:
        """Insert the row and hand its id and time to the triggers in the same statement."""
        change = cls(
            workspace=workspace,
            actor_kind=actor.kind,
            member=actor.member,
            actor_reference=actor.reference,
            actor_label=actor.label,
            verb=verb,
            at=at,
            quiet=quiet,
            undoes=undoes,
            reason=reason,
        )
        values = [
            workspace.pk, actor.kind.value, actor.member and actor.member.pk, actor.reference, actor.label, verb, at, quiet,
            undoes and undoes.pk, reason,
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"{INSERT} VALUES ({VALUES}) {BEGUN}", values)
            change.pk = cursor.fetchone()[0]
        change._state.adding, change._state.db = False, "default"
        change.messages = []
        return change

    def _leave_out_if_empty(self) -> None:
        """What has no version shows nowhere and cannot be undone."""
        with connection.cursor() as cursor:
            cursor.execute(LEAVE_OUT, [self.pk])
            if cursor.rowcount:
                self.pk = None

    def explain(self, reason: str) -> None:
        """Keep why it was done; nothing takes a reason away."""
        if reason and reason != self.reason:
            self.reason = reason
            Change.objects.filter(pk=self.pk).update(reason=reason)

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.member, self.actor_reference, self.actor_label)

    def tell(
        self, noun: str, public_id: str | int, *, product_id: int | None = None, member_id: int | None = None
    ) -> None:
        """Let open browsers know that this thing changed. The message carries no content: they refetch it."""
        self.messages.append(live.Message(noun, str(public_id), self.pk, product_id, member_id, self.workspace_id))

    def _publish(self) -> None:
        live.publish(self.messages)


def close_for_writing() -> None:
    """Within an outer transaction the setting would outlive the Change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cradle.change', '', true)")
