from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, ActorKind
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change
from config import clock
from jobs import registry, waking
from jobs.models.joining import save, save_or_join
from jobs.models.progress import ClaimLost, Progress
from jobs.models.queue import MOST_ATTEMPTS, JobQuerySet, State

DIED = _("The program ended while it worked on this.")
UNEXPECTED = _("Something failed on our side.")


class HasKey(Protocol):
    pk: Any


def lease() -> timedelta:
    """How long a job is left alone after its worker's last sign of life."""
    return timedelta(seconds=settings.JOB_LEASE)


class Job(Progress):
    """Work to be done after a verb, written in the verb's transaction. The row is the truth, the broker only wakes.

    Operational, not history: what the work changes is versioned, the job itself is not.
    """

    public_id = PublicIdField()
    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.CASCADE, related_name="jobs")
    product_id = models.BigIntegerField(null=True, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    unique_key = models.CharField(max_length=200, blank=True)

    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField(default=clock.now)
    woken_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=16, blank=True, help_text="Of the one worker that may write to this row.")
    claimed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)

    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.CharField(max_length=500, blank=True, help_text="A sentence for the person who started it.")
    details = models.TextField(blank=True, help_text="The traceback, for administrators.")

    actor_kind = models.CharField(max_length=8, choices=ActorKind)
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_reference = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=120, blank=True)

    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    #: Called as f(job) in the transaction in which a job ends, well or not.
    on_end: ClassVar[list[Callable[[Job], None]]] = []

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "unique_key"],
                condition=Q(state=State.QUEUED) & ~Q(unique_key=""),
                nulls_distinct=False,
                name="one_queued_job_per_key",
            ),
            SameWorkspace(field="member", target="accounts_member", name="job_member_same_workspace"),
        ]
        indexes = [
            models.Index(fields=["run_at"], name="job_queued", condition=Q(state=State.QUEUED)),
            models.Index(fields=["lease_until"], name="job_running", condition=Q(state=State.RUNNING)),
            models.Index(fields=["workspace", "-id"], name="job_of_workspace"),
        ]

    def __str__(self) -> str:
        return self.title or self.label

    # --- asking for work

    @classmethod
    def enqueue(
        cls,
        kind: str,
        *,
        by: Actor | Change,
        workspace: Workspace | None,
        product: HasKey | None = None,
        title: str = "",
        run_at: datetime | None = None,
        unique_key: str = "",
        **arguments: Any,
    ) -> Job:
        """Ask for work, within the verb's transaction: it is done if and only if that commits.

        With a `unique_key`, a job of the same kind and key that still waits is returned instead of another one; the
        waiting job will see what this transaction wrote. A running one does not count: it may have looked already.
        """
        registry.kind(kind)
        actor = by.actor if isinstance(by, Change) else by
        wanted = cls(
            kind=kind,
            workspace=workspace,
            product_id=product.pk if product is not None else None,
            title=title[:200],
            arguments=arguments,
            unique_key=unique_key,
            run_at=run_at or clock.now(),
            actor_kind=actor.kind,
            member=actor.member,
            actor_reference=actor.reference,
            actor_label=actor.label,
        )
        with transaction.atomic():
            job = save_or_join(wanted) if unique_key else save(wanted)
            if job is wanted and job.run_at <= clock.now():
                transaction.on_commit(job.wake, robust=True)
        return job

    def wake(self) -> None:
        waking.wake(self.pk)

    # --- doing it

    @classmethod
    def claimed(cls, job_id: int) -> Job | None:
        """The job, now ours to do; None when somebody else does it, it is done, or not due yet."""
        now, claim = clock.now(), secrets.token_hex(8)
        won = (
            cls.objects.due()
            .filter(pk=job_id, attempts__lt=MOST_ATTEMPTS)
            .update(
                state=State.RUNNING,
                attempts=F("attempts") + 1,
                claim=claim,
                claimed_at=now,
                lease_until=now + lease(),
                started_at=models.functions.Coalesce("started_at", models.Value(now)),
                error="",
            )
        )
        if not won:
            return None
        return cls.objects.select_related("workspace", "member__user").get(pk=job_id)

    def _mine(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.pk, claim=self.claim, state=State.RUNNING)

    def renew_lease(self) -> bool:
        """A sign of life. False when the job is no longer ours."""
        return bool(self._mine().update(lease_until=clock.now() + lease()))

    def hold(self) -> None:
        """Within a transaction: nobody else can take the job until it ends. Raises ClaimLost when somebody has.

        Work that is not harmless to do twice at the same time calls it first in each of its transactions.
        """
        if not self._mine().select_for_update().exists():
            raise ClaimLost

    def keep(self, result: dict[str, Any]) -> dict[str, Any]:
        """Within the transaction of the work: what it came to, so that whoever repeats the job after that can tell it."""
        self._mine().update(result=result)
        self.result = result
        return result

    # --- how it ends

    def finish(self, result: dict[str, Any] | None) -> None:
        self._write_progress()
        self._end(State.DONE, result=result or {}, step=len(self.steps))

    def refuse(self, sentence: str) -> None:
        """For good: the work cannot be done, and the sentence says why."""
        self._end(State.FAILED, error=sentence[:500])

    def end_stopped(self, result: dict[str, Any] | None = None) -> None:
        self._end(State.STOPPED, result=result or {})

    def fail(self, details: str, delay: int) -> None:
        """Unexpectedly: try again in `delay` seconds, or park the job after the fifth time."""
        if self.attempts >= MOST_ATTEMPTS:
            self._end(State.PARKED, error=str(UNEXPECTED), details=details)
            return
        try:
            with transaction.atomic():
                self._mine().update(
                    state=State.QUEUED,
                    run_at=clock.now() + timedelta(seconds=delay),
                    woken_at=None,
                    error=str(UNEXPECTED),
                    details=details,
                    claim="",
                )
        except IntegrityError:  # a younger job with the same unique key waits already and will do the same work
            self._end(State.STOPPED, error=str(_("A later job does the same work.")), details=details)

    def park(self) -> None:
        """Its worker died for the last time: an admin looks at it, unless somebody does it after all."""
        self._end(State.PARKED, among=Job.objects.hopeless(), error=str(DIED))

    def _end(self, state: State, among: models.QuerySet[Job] | None = None, **fields: Any) -> None:
        """Write the end, unless the row is no longer ours (or, when given, `among` these): then it is not ours to end."""
        with transaction.atomic():
            fields |= {"state": state, "finished_at": clock.now()}
            rows = self._mine() if among is None else among.filter(pk=self.pk)
            if not rows.update(**fields, claim=""):
                return
            for name, value in fields.items():
                setattr(self, name, value)
            self._tell_end()

    def _tell_end(self) -> None:
        for listener in self.on_end:
            listener(self)

    # --- what people do to it

    def stop(self, *, by: Actor) -> None:
        """One that waits stops at once, a running one at its next report. Refused when the kind cannot be stopped."""
        if not self.kind_of_work.stoppable:
            raise Refused(_("This work cannot be stopped; it will end by itself."))
        now = clock.now()
        Job.objects.filter(pk=self.pk, state=State.RUNNING, stop_asked_at=None).update(stop_asked_at=now)
        self._end(State.STOPPED, among=Job.objects.filter(state=State.QUEUED), stop_asked_at=now)

    def retry(self, *, by: Actor) -> None:
        """Five new tries for a job that was parked or failed. Repeating it does no harm."""
        with transaction.atomic():
            try:
                with transaction.atomic():
                    again = Job.objects.filter(pk=self.pk, state__in=[State.PARKED, State.FAILED]).update(
                        state=State.QUEUED, attempts=0, run_at=clock.now(), woken_at=clock.now(),
                        stop_asked_at=None, finished_at=None, error="",
                    )  # fmt: skip
            except IntegrityError as taken:
                raise Refused(_("A job for the same work is waiting already.")) from taken
            if again:
                transaction.on_commit(self.wake, robust=True)

    # --- what is shown of it

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.member, self.actor_reference, self.actor_label)

    @property
    def kind_of_work(self) -> registry.Kind:
        return registry.kind(self.kind)

    @property
    def label(self) -> str:
        try:
            return str(self.kind_of_work.label)
        except registry.UnknownKind:
            return self.kind

    @property
    def is_quiet(self) -> bool:
        return self.kind in registry.quiet_kinds()

    @property
    def is_over(self) -> bool:
        return self.state not in (State.QUEUED, State.RUNNING)

    @property
    def is_stopping(self) -> bool:
        return self.state == State.RUNNING and self.stop_asked_at is not None

    @property
    def percent(self) -> int | None:
        """How far it is, of the current step; None while that is not known."""
        if self.state == State.DONE:
            return 100
        if not self.progress_total:
            return None
        return min(100, self.progress_done * 100 // self.progress_total)

    @property
    def seconds_left(self) -> int | None:
        """At the pace so far; None while it is too early to say."""
        if self.state != State.RUNNING or not self.progress_total or not self.progress_done or not self.claimed_at:
            return None
        elapsed = (clock.now() - self.claimed_at).total_seconds()
        if elapsed < 3:
            return None
        return round(elapsed * max(0, self.progress_total - self.progress_done) / self.progress_done)
