from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from lifecycle.models.gate import Gate
from products.models import Product
from products.models.owned import OwnedQuerySet


class Weight(models.TextChoices):
    MUST = "must", gettext_lazy("Must meet")
    SHOULD = "should", gettext_lazy("Should meet")


class CriterionState(models.TextChoices):
    OPEN = "open", gettext_lazy("Open")
    MET = "met", gettext_lazy("Met")
    UNMET = "unmet", gettext_lazy("Not met")
    WAIVED = "waived", gettext_lazy("Waived")


#: States in which a criterion no longer stands in the way of a go.
SETTLED = [CriterionState.MET, CriterionState.WAIVED]


class CriterionQuerySet(OwnedQuerySet):
    def unsettled_musts(self) -> CriterionQuerySet:
        return self.filter(weight=Weight.MUST).exclude(state__in=SETTLED)


class Criterion(Editable):
    """Something that a gate asks for: a deliverable of the stage before it, or what else people agreed on."""

    noun = "criterion"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="criteria")
    weight = models.CharField(gettext_lazy("weight"), max_length=6, choices=Weight, default=Weight.MUST)
    text = models.CharField(gettext_lazy("criterion"), max_length=200)
    note = models.CharField(gettext_lazy("evidence"), max_length=400, blank=True)
    state = models.CharField(gettext_lazy("state"), max_length=6, choices=CriterionState, default=CriterionState.OPEN)
    judged_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    judged_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(CriterionQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            workspace_key("criterion_workspace_key"),
            SameWorkspace(field="gate", target="lifecycle_gate", name="criterion_gate_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="criterion_product_same_workspace"),
            SameWorkspace(field="judged_by", target="accounts_member", name="criterion_judged_by_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    def judge(self, state: str, note: str | None = None, *, by: Actor | Change, seen: int | None = None) -> None:
        """Tick it, cross it, waive it or open it again; what is waived says why. `note` None keeps the evidence."""
        fields = {"state": state} if note is None else {"state": state, "note": note.strip()}
        with Change.open("criterion.judged", by=by, workspace=self.workspace) as change:
            self.edit(by=change, seen=seen, **fields)

    def prepare(self, names: set[str], change: Change) -> None:
        if self.state == CriterionState.WAIVED and not self.note.strip():
            raise Refused(_("Say in a sentence why “%(text)s” is waived.") % {"text": self.text})
        if "state" in names:
            opened = self.state == CriterionState.OPEN
            self.judged_by, self.judged_at = (None, None) if opened else (change.member, change.at)
            names.update({"judged_by", "judged_at"})
