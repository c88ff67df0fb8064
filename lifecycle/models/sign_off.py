from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from lifecycle.models.decision import Decision, Verdict
from lifecycle.models.gate import Gate
from products.models import Product
from products.models.owned import OwnedQuerySet


class SignOffQuerySet(OwnedQuerySet):
    def pending(self) -> SignOffQuerySet:
        """For the coming decision; those of past ones belong to them."""
        return self.filter(decision=None)

    def waiting(self) -> SignOffQuerySet:
        """Asked for and not given."""
        return self.pending().filter(signed_at=None)


class SignOff(Versioned):
    """The opinion of a named approver at a gate: asked for, then given. Whoever is named may sign, a viewer too."""

    told_as = "gate"

    undoable = False

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="sign_offs")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="sign_offs")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="sign_offs")
    asked_at = models.DateTimeField(editable=False)
    verdict = models.CharField(gettext_lazy("opinion"), max_length=12, choices=Verdict, blank=True)
    comment = models.CharField(gettext_lazy("comment"), max_length=400, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)

    objects = SignOffQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "member"], condition=models.Q(decision=None), name="asked_once_per_decision"
            ),
            SameWorkspace(field="gate", target="lifecycle_gate", name="signoff_gate_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="signoff_product_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="signoff_member_same_workspace"),
            SameWorkspace(field="decision", target="lifecycle_decision", name="signoff_decision_same_workspace"),
        ]

    def __str__(self) -> str:
        return _("Sign-off of %(name)s") % {"name": self.member.name}

    def sign(self, verdict: str, comment: str = "", *, by: Actor | Change) -> None:
        """Give one's opinion; until the gate decides it may be given anew.

        Raises PermissionDenied for anybody else, Refused once the gate has decided.
        """
        with Change.open("gate.signed", by=by, workspace=self.workspace) as change:
            if change.member != self.member:
                raise PermissionDenied
            self.refresh_from_db(from_queryset=SignOff.objects.select_for_update())
            self._refuse_late()
            self.verdict, self.comment, self.signed_at = verdict, comment.strip(), change.at
            self.save(update_fields=["verdict", "comment", "signed_at"])
            change.tell("gate", self.gate.number, product_id=self.product_id)

    def withdraw(self, *, by: Actor | Change) -> None:
        """Ask this approver no longer. Raises Refused once the gate has decided."""
        with Change.open("gate.unasked", by=by, workspace=self.workspace) as change:
            self.refresh_from_db(from_queryset=SignOff.objects.select_for_update())
            self._refuse_late()
            self.delete()
            change.tell("gate", self.gate.number, product_id=self.product_id)

    def _refuse_late(self) -> None:
        if self.decision_id is not None:
            raise Refused(_("The gate has decided. What was signed belongs to that decision."))
