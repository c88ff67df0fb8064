from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.history import history_triggers
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from lifecycle.models.gate import Gate
from lifecycle.models.track import State, Track
from products.models import Product
from products.models.owned import OwnedQuerySet


class Verdict(models.TextChoices):
    GO = "go", gettext_lazy("Go")
    CONDITIONAL = "conditional", gettext_lazy("Go with conditions")
    HOLD = "hold", gettext_lazy("Hold")
    REDO = "redo", gettext_lazy("Redo")
    KILL = "kill", gettext_lazy("Kill")

    @property
    def about(self) -> Any:
        """What it means, in a line."""
        return {
            Verdict.GO: gettext_lazy("On to the next stage"),
            Verdict.CONDITIONAL: gettext_lazy("List what must be true by when"),
            Verdict.HOLD: gettext_lazy("Pause, keep the team warm"),
            Verdict.REDO: gettext_lazy("Back to the work of this stage"),
            Verdict.KILL: gettext_lazy("Stop and write it down"),
        }[self]


@dataclass(frozen=True)
class Promise:
    """A condition before it is written: what must be true, until which day, and who sees to it."""

    text: str
    due_on: date
    lead: Member | None = None


class DecisionQuerySet(OwnedQuerySet):
    def newest_first(self) -> DecisionQuerySet:
        return self.order_by("-pk")

    def holding(self) -> DecisionQuerySet:
        """Those that no later decision at the same gate has followed."""
        later = Decision.objects.filter(gate=models.OuterRef("gate"), pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(later))


class Decision(Versioned):
    """What a gate decided, when and why, with the evidence as it was. The database refuses to change or delete it;
    another decision may follow."""

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="decisions")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(gettext_lazy("gate"))
    kind = models.CharField(gettext_lazy("decision"), max_length=12, choices=Verdict)
    reason = models.TextField(gettext_lazy("reason"), max_length=4000)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(gettext_lazy("decided"))
    evidence = models.JSONField(default=dict)

    objects = DecisionQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        triggers = [
            *history_triggers(),
            pgtrigger.Trigger(
                name="immutable",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=pgtrigger.Func(
                    "RAISE EXCEPTION 'A decision is never edited, only followed by another.' USING ERRCODE = 'CR002';"
                ),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_a_reason"),
            workspace_key("decision_workspace_key"),
            SameWorkspace(field="gate", target="lifecycle_gate", name="decision_gate_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="decision_product_same_workspace"),
            SameWorkspace(field="decided_by", target="accounts_member", name="decision_decided_by_same_workspace"),
        ]
        indexes = [models.Index(fields=["workspace", "-decided_at"], name="decision_log")]

    def __str__(self) -> str:
        return f"{self.gate}: {self.get_kind_display()}"

    @property
    def is_go(self) -> bool:
        return self.kind in (Verdict.GO, Verdict.CONDITIONAL)

    @property
    def is_conditional(self) -> bool:
        return self.kind == Verdict.CONDITIONAL

    @property
    def is_kill(self) -> bool:
        return self.kind == Verdict.KILL

    @classmethod
    def record(
        cls,
        gate: Gate,
        kind: str,
        reason: str,
        *,
        by: Actor | Change,
        conditions: Sequence[Promise] = (),
        seen: str | None = None,
    ) -> Decision:
        """One decision at `gate`, with its reason; the track follows it (see Track.follow). Locks the track.

        Raises Refused when the product is not at this gate; for a go also while a must-criterion is not met, an approver
        has not signed, or a condition of an earlier gate is not met, naming each. A conditional go lists what is missing
        as its conditions, so the criteria may still be open. `seen` is the public id of the decision that held when the
        chair looked, "" for none; a newer one is refused, so that nobody decides over a decision unread. None skips that.
        """
        with Change.open("gate.decided", by=by, workspace=gate.workspace) as change:
            track = Track.objects.select_for_update(of=("self",)).select_related("product", "workspace")
            track = track.get(pk=gate.track_id)
            decision = cls(
                workspace=gate.workspace, product=gate.product, gate=gate, number=gate.number, kind=kind,
                reason=reason.strip(), decided_by=change.member, decided_at=change.at,
            )  # fmt: skip
            decision._refuse_unread(seen)
            decision._refuse_incomplete(conditions)
            decision._refuse_out_of_turn(track)
            if decision.is_go:
                decision._refuse_unready(track)
            decision.evidence = decision._collect_evidence()
            decision.save(force_insert=True)
            decision._promise(conditions)
            gate.close_review(decision)
            track.follow(decision, change)
            change.tell("gate", gate.number, product_id=gate.product_id)
            change.tell("decision", decision.public_id, product_id=gate.product_id)
        return decision

    def _refuse_unread(self, seen: str | None) -> None:
        latest = self.gate.decisions.select_related("decided_by__user").order_by("-pk").first()
        if seen is not None and (latest.public_id if latest else "") != seen:
            who = latest.decided_by.name if latest and latest.decided_by else _("Somebody")
            what = latest.get_kind_display() if latest else ""
            raise Refused(
                _("%(who)s has decided here in the meantime: %(what)s. Read it, then decide again if you still must.")
                % {"who": who, "what": what}
            )

    def _refuse_incomplete(self, conditions: Sequence[Promise]) -> None:
        if not self.reason:
            raise Refused(_("Write down why. Whoever reads it in a year was not in the room."))
        if self.is_conditional and not conditions:
            raise Refused(_("List at least one condition with its day, or decide a plain go."))
        if conditions and not self.is_conditional:
            raise Refused(_("Only a go with conditions has conditions. Take them away, or choose that decision."))
        leads = {promise.lead.pk: promise.lead.name for promise in conditions if promise.lead is not None}
        seeing = self.product.seen_by().filter(pk__in=leads).values_list("pk", flat=True) if leads else []
        blind = [name for pk, name in leads.items() if pk not in set(seeing)]
        if blind:
            raise Refused(_("Choose somebody who sees the product instead of %(names)s.") % {"names": ", ".join(blind)})

    def _refuse_out_of_turn(self, track: Track) -> None:
        gate, latest = self.gate, self.gate.decisions.order_by("-pk").first()
        stages = track.stages()
        before, after = stages[gate.stage_before], stages[gate.stage_after]
        names = {"before": before.get_stage_display(), "after": after.get_stage_display(), "gate": str(gate)}
        if track.stopped_at is not None and not (latest and latest.is_kill):
            raise Refused(_("The product was stopped at another gate. Decide there again first."))
        if before.state == State.NOT_STARTED:
            raise Refused(_("%(before)s has not started. The gate before it decides first.") % names)
        if before.state == State.DONE and latest is None:
            raise Refused(_("The product was past %(gate)s before it came to Cradle.") % names)
        if before.state == State.DONE and not self.is_go and _is_overtaken(gate, latest):
            raise Refused(_("The gate after %(after)s has decided since. Decide there.") % names)

    def _refuse_unready(self, track: Track) -> None:
        gate = self.gate
        promised = list(Condition.objects.holding_back(gate).values_list("text", flat=True))
        if promised:
            raise Refused(
                ngettext(
                    "%(gate)s waits for a condition of an earlier gate: %(names)s.",
                    "%(gate)s waits for %(n)d conditions of earlier gates: %(names)s.",
                    len(promised),
                )
                % {"gate": gate, "n": len(promised), "names": "; ".join(promised)}
            )
        unmet = [] if self.is_conditional else list(gate.criteria.unsettled_musts().values_list("text", flat=True))
        if unmet:
            raise Refused(
                ngettext(
                    "%(gate)s cannot be a go while a must-criterion is not met: %(names)s.",
                    "%(gate)s cannot be a go while %(n)d must-criteria are not met: %(names)s.",
                    len(unmet),
                )
                % {"gate": gate, "n": len(unmet), "names": "; ".join(unmet)}
            )
        waiting = [one.member.name for one in gate.sign_offs.waiting().select_related("member__user")]
        if waiting:
            raise Refused(_("These have not signed yet: %(names)s.") % {"names": ", ".join(waiting)})

    def _collect_evidence(self) -> dict[str, Any]:
        """The criteria and signatures as they are now; they may change later, the decision does not."""
        criteria = self.gate.criteria.all()
        signatures = self.gate.sign_offs.pending().select_related("member__user")
        return {
            "criteria": [
                {"text": one.text, "weight": one.weight, "state": one.state, "note": one.note} for one in criteria
            ],
            "sign_offs": [
                {"name": one.member.name, "verdict": one.verdict, "comment": one.comment} for one in signatures
            ],
        }

    def _promise(self, conditions: Sequence[Promise]) -> None:
        Condition.objects.bulk_create(
            Condition(
                workspace=self.workspace,
                product=self.product,
                decision=self,
                text=promise.text,
                due_on=promise.due_on,
                lead=promise.lead,
            )
            for promise in conditions
        )


def _is_overtaken(gate: Gate, latest: Decision) -> bool:
    """The next gate has decided after this one did, so stepping back here would contradict it."""
    later = Gate.objects.filter(track=gate.track_id, number=gate.number + 1, decisions__pk__gt=latest.pk)
    return later.exists()


class ConditionQuerySet(OwnedQuerySet):
    def open(self) -> ConditionQuerySet:
        """Not met, of decisions that still hold."""
        return self.filter(met_at=None, decision__in=Decision.objects.holding())

    def holding_back(self, gate: Gate) -> ConditionQuerySet:
        """Open conditions of the gates before `gate`."""
        return self.open().filter(decision__gate__track=gate.track_id, decision__number__lt=gate.number)


class Condition(Versioned):
    """What a conditional go asks for by a day. Until it is met the next gate cannot be a go."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(gettext_lazy("condition"), max_length=200)
    due_on = models.DateField(gettext_lazy("due"))
    lead = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    met_at = models.DateTimeField(gettext_lazy("met"), null=True, editable=False)
    met_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)

    objects = ConditionQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["due_on", "pk"]
        constraints = [
            SameWorkspace(field="decision", target="lifecycle_decision", name="condition_decision_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="condition_product_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="condition_lead_same_workspace"),
            SameWorkspace(field="met_by", target="accounts_member", name="condition_met_by_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.text

    def meet(self, *, by: Actor | Change) -> None:
        """It is true now. Repeating it changes nothing."""
        with Change.open("condition.met", by=by, workspace=self.workspace) as change:
            self.refresh_from_db(from_queryset=Condition.objects.select_for_update())
            if self.met_at is None:
                self._set(change.at, change.member, change)

    def reopen(self, *, by: Actor | Change) -> None:
        """It turned out not to be true."""
        with Change.open("condition.reopened", by=by, workspace=self.workspace) as change:
            self.refresh_from_db(from_queryset=Condition.objects.select_for_update())
            if self.met_at is not None:
                self._set(None, None, change)

    def _set(self, at: Any, member: Member | None, change: Change) -> None:
        self.met_at, self.met_by = at, member
        self.save(update_fields=["met_at", "met_by"])
        self.change_id = change.pk
        change.tell("gate", self.decision.number, product_id=self.product_id)
