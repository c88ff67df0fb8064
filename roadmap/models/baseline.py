from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from changes.past import end_of
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from ui import formats

#: There are no plans before.
EARLIEST = date(2000, 1, 1)


class Baseline(Editable):
    """A moment with a name, such as “Q3 plan”: what a product's plans looked like then, read from history whenever it is wanted."""

    noun = "baseline"
    refusals = {"baseline_name_is_unique": _("This product has a baseline of that name. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="baselines")
    name = models.CharField(_("baseline"), max_length=80)
    moment = models.DateTimeField(_("moment"), editable=False)
    made_by = models.ForeignKey(
        Member, verbose_name=_("made by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["moment", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "name"], condition=models.Q(deleted_at=None), name="baseline_name_is_unique"
            ),
            SameWorkspace(field="product", target="products_product", name="baseline_product_same_workspace"),
            SameWorkspace(field="made_by", target="accounts_member", name="baseline_made_by_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def day(self) -> date:
        return self.moment.astimezone(self.workspace.zone).date()

    @classmethod
    def keep(cls, product: Product, name: str, *, by: Actor | Change, day: date | None = None) -> Baseline:
        """Name the end of a past day; today or no day is this very moment. Raises Refused for a day to come."""
        workspace = product.workspace
        with Change.open("baseline.added", by=by, workspace=workspace) as change:
            made: Baseline = cls.add(
                workspace, by=change, product=product, name=name, moment=_moment_of(day, workspace, change.at),
                made_by=change.member,
            )  # fmt: skip
        return made

    def edit(self, *, by: Actor | Change, seen: int | None = None, reason: str | None = None, **fields: Any) -> int:
        """Rename it, or give it another `day`."""
        if "day" in fields:
            fields["moment"] = _moment_of(fields.pop("day"), self.workspace, clock.now())
        return super().edit(by=by, seen=seen, reason=reason, **fields)


def _moment_of(day: date | None, workspace: Workspace, now: datetime) -> datetime:
    today = workspace.today()
    if day is not None and day > today:
        raise Refused(_now("A baseline is of today or of a day that is past. Choose one of these."))
    if day is not None and day < EARLIEST:
        raise Refused(_now("There is nothing before %(day)s.") % {"day": formats.day(EARLIEST, today)})
    return now if day is None or day == today else end_of(day, workspace.zone)
