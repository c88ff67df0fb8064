from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from lifecycle.course import ORDER, number_of
from products.models import Product, Stage
from products.models.owned import OwnedQuerySet

if TYPE_CHECKING:
    from lifecycle.models.decision import Decision


class State(models.TextChoices):
    NOT_STARTED = "not_started", gettext_lazy("Not started")
    ACTIVE = "active", gettext_lazy("Active")
    DONE = "done", gettext_lazy("Done")
    SKIPPED = "skipped", gettext_lazy("Skipped")


class Track(Versioned):
    """The way of a product through its life: six stages, which may overlap, with a gate after each but the last."""

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="tracks")
    entry_stage = models.CharField(max_length=16, choices=Stage, default=Stage.INNOVATION, editable=False)
    adopted_at = models.DateTimeField(null=True, editable=False)
    adopted_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    adoption_reason = models.CharField(gettext_lazy("reason"), max_length=400, blank=True)
    stopped_at = models.DateTimeField(null=True, editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["product"], name="one_track_per_product"),
            workspace_key("track_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="track_product_same_workspace"),
            SameWorkspace(field="adopted_by", target="accounts_member", name="track_adopted_by_same_workspace"),
        ]

    def __str__(self) -> str:
        return str(self.product)

    def stages(self) -> dict[str, StageState]:
        """The six stage rows by stage, in their order; one statement."""
        rows = {row.stage: row for row in self.states.all()}
        return {stage: rows[stage] for stage in ORDER}

    def adopt_at(self, stage: str, reason: str, *, by: Actor | Change, since: date | None = None) -> None:
        """Say once that the product stood in `stage` before it came to Cradle, and why that is known.

        Stages before it count as done, and gates before it are not decided any more. Raises Refused when it was said
        before, or when a gate has decided already: then only gates move the product.
        """
        with Change.open("stage.adopted", by=by, workspace=self.workspace) as change:
            track = self._locked()
            self._refuse_adoption(track, stage, reason)
            self.entry_stage, self.adopted_at, self.adopted_by = stage, change.at, change.member
            self.adoption_reason = reason.strip()
            self.save(update_fields=["entry_stage", "adopted_at", "adopted_by", "adoption_reason"])
            for row in self.stages().values():
                if number_of(row.stage) < number_of(stage):
                    row.become(State.DONE, None, adopted=True)
                elif row.stage == stage:
                    row.become(State.ACTIVE, since, adopted=True)
            self.copy_stage(change)

    def reopen(self, stage: str, reason: str, *, by: Actor | Change) -> None:
        """Work in a finished stage again, beside the later ones: the next version of a product that is in-life."""
        with Change.open("stage.reopened", by=by, workspace=self.workspace) as change:
            track = self._locked()
            row = self.stages()[stage]
            if row.state != State.DONE or track.stopped_at is not None:
                raise Refused(_("Only a stage that is done can be opened again."))
            if not reason.strip():
                raise Refused(_("Say in a sentence why the stage is opened again."))
            row.reason = reason.strip()
            row.become(State.ACTIVE, self.day_of(change))
            self.copy_stage(change)

    def follow(self, decision: Decision, change: Change) -> None:
        """Do what a gate decided: go ends the stage before it and starts the one after, kill stops, others step back."""
        stages = list(self.stages().values())
        before, after = stages[decision.number - 1], stages[decision.number]
        today = self.day_of(change)
        if decision.is_go:
            if before.state == State.ACTIVE:
                before.become(State.DONE, today)
            if after.state != State.ACTIVE:
                after.become(State.ACTIVE, today)
        elif before.state == State.DONE:
            before.become(State.ACTIVE, before.started_on)
            after.become(State.NOT_STARTED, None)
        stopped = change.at if decision.is_kill else None
        if (self.stopped_at is None) != (stopped is None):
            self.stopped_at = stopped
            self.save(update_fields=["stopped_at"])
        self.copy_stage(change)

    def copy_stage(self, change: Change) -> None:
        """The product carries the furthest active stage; where none is active, it keeps the one it has."""
        active = [row.stage for row in self.stages().values() if row.state == State.ACTIVE]
        if active:
            self.product.take_stage(active[-1], by=change)
        change.tell("product", self.product.key, product_id=self.product_id)

    def day_of(self, change: Change) -> date:
        return self.workspace.local(change.at).date()

    def _locked(self) -> Track:
        """All that moves a product through its life waits here for its turn."""
        return Track.objects.select_for_update().get(pk=self.pk)

    def _refuse_adoption(self, track: Track, stage: str, reason: str) -> None:
        if track.adopted_at is not None:
            raise Refused(_("This was said once already. From here on gates move the product."))
        if self.gates.filter(decisions__isnull=False).exists():
            raise Refused(_("A gate has decided already. From here on gates move the product."))
        if stage == Stage.INNOVATION:
            raise Refused(_("Every product starts in Innovation. Choose the later stage that it was in."))
        if not reason.strip():
            raise Refused(_("Say in a sentence how you know that it was there."))


class StageState(Versioned):
    """How one stage of a track stands. `adopted`: it was entered before Cradle, so its dates may be unknown."""

    told_as = "product"

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="states")
    stage = models.CharField(gettext_lazy("stage"), max_length=16, choices=Stage)
    state = models.CharField(gettext_lazy("state"), max_length=12, choices=State, default=State.NOT_STARTED)
    started_on = models.DateField(gettext_lazy("since"), null=True)
    ended_on = models.DateField(gettext_lazy("until"), null=True)
    adopted = models.BooleanField(gettext_lazy("entered before Cradle"), default=False)
    reason = models.CharField(gettext_lazy("reason"), max_length=400, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["track", "stage"], name="stage_once_per_track"),
            SameWorkspace(field="track", target="lifecycle_track", name="stagestate_track_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="stagestate_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.get_state_display()}"

    def become(self, state: str, on: date | None, *, adopted: bool | None = None) -> None:
        """Take `state` from day `on`. For the verbs of Track alone."""
        self.state = state
        if adopted and state == State.DONE:
            self.started_on = self.ended_on = None
        elif state == State.DONE:
            self.ended_on = on
        else:
            self.started_on, self.ended_on = on, None
        if adopted is not None:
            self.adopted = adopted
        self.save()
