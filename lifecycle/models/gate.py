from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.concurrency import check_unseen_changes
from changes.models import Change, Versioned
from discussion.models import Thread
from discussion.models.notification import Kind
from discussion.notifying import notify
from lifecycle.course import QUESTIONS, name_of_gate, stage_after, stage_before
from lifecycle.models.track import Track
from products.models import Product, Stage
from products.models.owned import OwnedQuerySet


class Gate(Versioned):
    """The decision between two stages of a track: what it asks for, who signs, and every decision made there."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="gates")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="gates")
    number = models.PositiveSmallIntegerField(gettext_lazy("gate"))
    review_on = models.DateField(gettext_lazy("review"), null=True, blank=True)
    thread = models.OneToOneField(Thread, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="gate_once_per_track"),
            models.CheckConstraint(condition=models.Q(number__gte=1, number__lte=5), name="gate_is_one_of_five"),
            workspace_key("gate_workspace_key"),
            SameWorkspace(field="track", target="lifecycle_track", name="gate_track_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="gate_product_same_workspace"),
            SameWorkspace(field="thread", target="discussion_thread", name="gate_thread_same_workspace"),
        ]

    def __str__(self) -> str:
        return name_of_gate(self.number)

    @property
    def question(self) -> Any:
        return QUESTIONS[self.number]

    @property
    def stage_before(self) -> Stage:
        return stage_before(self.number)

    @property
    def stage_after(self) -> Stage:
        return stage_after(self.number)

    def plan(self, review_on: date | None, *, by: Actor | Change, seen: int | None = None) -> None:
        """Set the day of the review; None takes it away."""
        with Change.open("gate.planned", by=by, workspace=self.workspace) as change:
            self.refresh_from_db(from_queryset=Gate.objects.select_for_update())
            check_unseen_changes(self, seen, {"review_on": review_on})
            self.review_on = review_on
            self.save(update_fields=["review_on"])
            self.change_id = change.pk
            self._tell(change)

    def ask(self, member: Member, *, by: Actor | Change) -> Any:
        """Name `member` as an approver of the coming decision. Asking again changes nothing.

        Raises Refused for somebody who does not see the product.
        """
        with Change.open("gate.asked", by=by, workspace=self.workspace) as change:
            if not self.product.seen_by().filter(pk=member.pk).exists():
                raise Refused(
                    _("%(name)s does not see this product. Choose somebody who does.") % {"name": member.name}
                )
            signature, created = self.sign_offs.get_or_create(
                member=member,
                decision=None,
                defaults={"workspace": self.workspace, "product": self.product, "asked_at": change.at},
            )
            if created:
                self._tell(change)
                notify([member], Kind.SIGN_OFF, event=f"sign_off:{signature.pk}", by=change, thread=self.thread)
        return signature

    def close_review(self, decision: Any) -> None:
        """The signatures belong to this decision now, and its day is over. For Decision.record alone."""
        self.sign_offs.pending().update(decision=decision)
        if self.review_on is not None:
            self.review_on = None
            self.save(update_fields=["review_on"])

    def _tell(self, change: Change) -> None:
        change.tell("gate", self.number, product_id=self.product_id)
