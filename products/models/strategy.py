from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.editable import Editable, refuse_backward_span
from changes.models import Change, DeletableManager, Versioned
from config import clock
from listing import figures
from listing.figures import Figure
from products.models.aims import Aim
from products.models.health import HasHealth
from products.models.owned import OwnedQuerySet, refuse_foreign
from products.models.product import Product

TARGET_IS_START = _("The target is the start. Choose a target that lies elsewhere.")


class Objective(Aim, HasHealth):
    """A measurable goal of a product, or of the workspace where there is no product."""

    noun = "objective"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="objectives")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="objectives")
    name = models.CharField(_("goal"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=8000)
    lead = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            workspace_key("objective_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="objective_product_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="objective_lead_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    def prepare(self, names: set[str], change: Change) -> None:
        super().prepare(names, change)
        refuse_backward_span(self.starts_on, self.ends_on)

    @property
    def progress(self) -> Decimal | None:
        """The mean of its key results' progress, in percent; None while there are none. Prefetch `key_results`."""
        return mean_progress(self.key_results.all())


class KeyResult(Editable):
    """What will be true when the objective is met. Progress = (now − start) ÷ (target − start).

    `now` is typed, or read from a figure of the product (`reads`, see listing.figures): then `reading` says of whom and
    when it is, and nobody types over it.
    """

    noun = "key_result"
    refusals = {"target_differs_from_start": TARGET_IS_START}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="key_results")
    name = models.CharField(_("key result"), max_length=160)
    unit = models.CharField(_("unit"), max_length=16, blank=True)
    start = models.DecimalField(_("start"), max_digits=14, decimal_places=2, default=Decimal(0))
    now = models.DecimalField(_("now"), max_digits=14, decimal_places=2, default=Decimal(0))
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2)
    reads = models.CharField(_("measured by"), max_length=40, blank=True)
    reading = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(target=models.F("start")),
                name="target_differs_from_start",
                violation_error_message=TARGET_IS_START,
            ),
            SameWorkspace(field="objective", target="products_objective", name="keyresult_objective_same_workspace"),
            SameWorkspace(field="product", target="products_product", name="keyresult_product_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def add_to(cls, objective: Objective, *, by: Actor | Change, **fields: Any) -> KeyResult:
        return cls.add(objective.workspace, by=by, objective=objective, product=objective.product, **fields)

    def prepare(self, names: set[str], change: Change) -> None:
        if self.target == self.start:
            raise Refused(str(TARGET_IS_START))
        if "reads" in names:
            self._begin_to_read()
            names |= {"now", "reading"}
        elif self.reads and "now" in names:
            raise Refused(_now("This value is measured. To type it, choose “By hand” first."))

    def take_reading(self, figure: Figure, *, by: Actor | Change) -> None:
        """The figure as it is now. Writes nothing where nothing differs, or where it is typed by now."""
        with Change.open("key_result.read", by=by, workspace=self.workspace, quiet=True) as change:
            self._lock()
            before = self.now, self.reading
            self._hold(figure)
            if self.reads and self.deleted_at is None and (self.now, self.reading) != before:
                self.save(update_fields=["now", "reading"])
                self.change_id = change.pk
                self._tell(change)

    def get_reads_display(self) -> str:
        source = figures.sources.get(self.reads)
        return str(source.label) if source else _now("By hand")

    def _begin_to_read(self) -> None:
        self.reading = ""
        if not self.reads:
            return
        source = figures.sources.get(self.reads)
        if source is None or source.of != "product":
            raise Refused(_now("There is no such figure. Choose another one, or type the value by hand."))
        if self.product_id is None:
            raise Refused(_now("A goal of the workspace is measured by hand: figures are of one product."))
        found = source.compute([self.product_id], None).get(self.product_id)
        if found is not None:
            self._hold(found)

    def _hold(self, figure: Figure) -> None:
        if figure.value is not None:
            self.now = round(Decimal(figure.value), 2)
            self.reading = f"{figure.population}, {figure.period}"[:200]

    @property
    def progress(self) -> Decimal:
        """(now − start) ÷ (target − start), in percent; below 0 and above 100 where it is so."""
        return (self.now - self.start) / (self.target - self.start) * 100


def mean_progress(results: Iterable[KeyResult]) -> Decimal | None:
    """In percent; None where there are no results."""
    parts = [result.progress for result in results]
    return sum(parts, Decimal(0)) / len(parts) if parts else None


class Initiative(Aim, HasHealth):
    """A strategic bet with a time span, under an objective."""

    noun = "initiative"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="initiatives")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="initiatives")
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.SET_NULL, related_name="initiatives"
    )
    name = models.CharField(_("initiative"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=8000)
    lead = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            workspace_key("initiative_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="initiative_product_same_workspace"),
            SameWorkspace(field="objective", target="products_objective", name="initiative_objective_same_workspace"),
            SameWorkspace(field="lead", target="accounts_member", name="initiative_lead_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    def prepare(self, names: set[str], change: Change) -> None:
        super().prepare(names, change)
        refuse_backward_span(self.starts_on, self.ends_on)
        refuse_foreign(self, self.objective)
