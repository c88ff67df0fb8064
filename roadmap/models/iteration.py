from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.editable import Editable, refuse_backward_span
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.release import Release


class Iteration(Editable):
    """A sprint inside a release: some days, a goal, a capacity, and afterwards a review of what was learned."""

    noun = "iteration"
    refusals = {"iteration_name_is_unique": _("This release has an iteration of that name. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="iterations")
    release = models.ForeignKey(
        Release, verbose_name=_("release"), on_delete=models.CASCADE, related_name="iterations", editable=False
    )
    name = models.CharField(_("iteration"), max_length=80)
    goal = models.CharField(_("goal"), max_length=280, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    capacity = models.DecimalField(
        _("capacity"), max_digits=7, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    learned = models.TextField(_("what was learned"), max_length=8000, blank=True)
    changing = models.TextField(_("what changes"), max_length=8000, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["starts_on", "pk"]
        constraints = [
            workspace_key("iteration_workspace_key"),
            models.UniqueConstraint(
                fields=["release", "name"], condition=models.Q(deleted_at=None), name="iteration_name_is_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="iteration_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(capacity__gte=0), name="iteration_capacity_is_not_negative"),
            SameWorkspace(field="product", target="products_product", name="iteration_product_same_workspace"),
            SameWorkspace(field="release", target="roadmap_release", name="iteration_release_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    def prepare(self, names: set[str], change: Change) -> None:
        refuse_backward_span(self.starts_on, self.ends_on)
        if names & {"learned", "changing"}:
            said = self.learned.strip() or self.changing.strip()
            self.reviewed_at = (self.reviewed_at or change.at) if said else None
            names.add("reviewed_at")

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin; its items are in none then. Repeating it does no harm."""
        with Change.open("iteration.deleted", by=by, workspace=self.workspace) as change:
            super().delete_softly(by=change)
            self.items.with_deleted().update(iteration=None)

    def review(self, learned: str, changing: str, *, by: Actor | Change, seen: int | None = None) -> int:
        """What was learned and what changes from now on. The day of the first review stays."""
        if not (learned.strip() or changing.strip()):
            raise Refused(_("Say what was learned, or what changes from now on."))
        with Change.open("iteration.reviewed", by=by, workspace=self.workspace) as change:
            self.edit(by=change, seen=seen, learned=learned, changing=changing)
        return change.pk or 0
