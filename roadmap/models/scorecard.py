"""Scorecards: by which formula a workspace's products score their items. See roadmap/scores/formulas.py for the formulas."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from roadmap.models.product_scoring import ProductScoring
from roadmap.scores import own_cards
from roadmap.scores.factors import Factor, as_json
from roadmap.scores.formulas import Formula, How, each_factor
from roadmap.scores.ready_made import BUILT_IN

MOST = 40


class Method(models.TextChoices):
    RICE = "rice", "RICE"
    ICE = "ice", "ICE"
    WSJF = "wsjf", "WSJF"
    VALUE_EFFORT = "value_effort", _("Value ÷ effort")
    MOSCOW = "moscow", "MoSCoW"
    KANO = "kano", "Kano"
    WEIGHTED = own_cards.WEIGHTED, _("Weighted")


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def visible_to(self, member: Member) -> ScorecardQuerySet:
        return self.filter(workspace=member.workspace_id)


class Scorecard(Editable):
    """A way to score. `factors` are kept as `as_json` writes them; those of the ready-made methods never change."""

    noun = "scorecard"
    role_to_change = Role.ADMIN
    refusals = {"scorecard_name_is_unique": _("There is a scorecard of that name already. Choose another name.")}

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="scorecards")
    public_id = PublicIdField()
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.WEIGHTED, editable=False)
    name = models.CharField(_("name"), max_length=60)
    how = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in How], default="weigh", editable=False
    )
    factors = models.JSONField(_("factors"), default=list)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(ScorecardQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=models.Q(deleted_at=None), name="scorecard_name_is_unique"
            ),
            workspace_key("scorecard_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def install_defaults(cls, workspace: Workspace, *, by: Change) -> None:
        """The ready-made ones that a new workspace starts with."""
        cls.objects.bulk_create(
            cls(
                workspace=workspace, method=one.method, name=str(one.name), how=str(one.how), created_at=by.at,
                factors=[as_json(factor) for factor in one.factors],
            )
            for one in BUILT_IN.values()
        )  # fmt: skip

    @property
    def is_ready_made(self) -> bool:
        return self.method in BUILT_IN

    @cached_property
    def formula(self) -> Formula:
        return own_cards.formula_of(self.method, self.name, self.factors)

    def prepare(self, names: set[str], change: Change) -> None:
        self.name = " ".join(self.name.split())
        if names == {"name"} or not names:
            return
        if self.is_ready_made and "factors" in names:
            raise Refused(_now("A ready-made scorecard keeps its factors. Make one of your own to weigh others."))
        if not self.pk and Scorecard.objects.filter(workspace=self.workspace_id).count() >= MOST:
            raise Refused(_now("A workspace has at most %(most)d scorecards.") % {"most": MOST})
        self.factors = own_cards.checked(self.factors)
        self.__dict__.pop("formula", None)

    def edit(self, *, by: Actor | Change, seen: int | None = None, **fields: Any) -> int:
        """Set fields; where the factors change, the items of all products that use it are scored anew, by a job if they are many."""
        with Change.open("scorecard.edited", by=by, workspace=self.workspace) as change:
            before = self.factors
            super().edit(by=change, seen=seen, **fields)
            if self.factors != before:
                self._rescore(change)
        return change.pk or 0

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin. Raises Refused while a product scores by it, and for the ready-made ones."""
        with Change.open("scorecard.deleted", by=by, workspace=self.workspace) as change:
            self._lock()
            if self.is_ready_made:
                raise Refused(_now("A ready-made scorecard stays; nobody has to use it."))
            self._refuse_used()
            super().delete_softly(by=change)

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """Scores follow factors that were turned back; one that would go away while a product scores by it stays."""
        for row in cls.objects.with_deleted().filter(pk__in=ids).exclude(deleted_at=None):
            row._refuse_used()
        turned_back = by.versions.filter(noun=cls._meta.db_table, columns__contains=["factors"])
        for row in cls.objects.filter(pk__in=turned_back.values("row_id")):
            row._rescore(by)

    def _refuse_used(self) -> None:
        used = ProductScoring.objects.using_scorecard(self).select_related("product").first()
        if used is not None:
            raise Refused(
                _now("%(product)s scores by it. Choose another scorecard there first.") % {"product": used.product.name}
            )

    def _rescore(self, change: Change) -> None:
        for one in ProductScoring.objects.using_scorecard(self).select_related("workspace", "product__workspace"):
            one.rescore(by=change)

    def _tell(self, change: Change) -> None:
        change.tell(self.noun, self.public_id)


def known_factors(workspace: Any) -> dict[str, Factor]:
    """Every factor of the workspace's scorecards by its key: what can be filled in. One statement."""
    rows = Scorecard.objects.filter(workspace=workspace)
    return {factor.key: factor for factor in each_factor(row.formula for row in rows)}
