"""By what a product scores, as a row and as pages read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.prepared import Prepared
from accounts.refusals import Refused
from changes.models import Change, Versioned
from listing import figures
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.scores import formulas
from roadmap.scores.factors import Factor
from roadmap.scores.formulas import Formula
from roadmap.scores.own_cards import formula_of
from roadmap.scores.ready_made import RICE

if TYPE_CHECKING:
    from roadmap.models.scorecard import Scorecard


class ScoringQuerySet(OwnedQuerySet):
    def measuring(self) -> ScoringQuerySet:
        """Of products whose scorecards read what is measured."""
        live = [{"live": name} for name, one in figures.sources.items() if one.of == "item"]
        found = models.Q(pk__in=[])
        for one in live:
            found |= models.Q(scorecard__factors__contains=[one]) | models.Q(second__factors__contains=[one])
        return self.filter(found, product__deleted_at=None, workspace__deleted_at=None)

    def using_scorecard(self, scorecard: Scorecard) -> ScoringQuerySet:
        return self.filter(models.Q(scorecard=scorecard) | models.Q(second=scorecard), product__deleted_at=None)


class ProductScoring(Versioned):
    """By which scorecard a product scores, and which one it shows beside it. Without a row: RICE, and none."""

    undoable = False  # a choice made anew is as quick, and scores the items anew

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="scoring")
    scorecard = models.ForeignKey("roadmap.Scorecard", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("roadmap.Scorecard", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ScoringQuerySet.as_manager()

    #: Called as f(scoring, by=change) when the items of a product are to be scored anew.
    on_rescore: list[Any] = []  # noqa: RUF012 - filled by roadmap/apps.py

    class Meta(Versioned.Meta):
        constraints = [
            workspace_key("productscoring_workspace_key"),
            SameWorkspace(field="product", target="products_product", name="scoring_product_same_workspace"),
            SameWorkspace(field="scorecard", target="roadmap_scorecard", name="scoring_scorecard_same_workspace"),
            SameWorkspace(field="second", target="roadmap_scorecard", name="scoring_second_same_workspace"),
            models.CheckConstraint(
                condition=models.Q(second=None) | ~models.Q(second=models.F("scorecard")),
                name="scoring_by_two_scorecards",
            ),
        ]

    def __str__(self) -> str:
        return str(self.scorecard)

    @classmethod
    def choose(
        cls, product: Product, scorecard: Scorecard, second: Scorecard | None = None, *, by: Actor | Change
    ) -> ProductScoring:
        """The product scores by this from now on; its items are scored anew, by a job if they are many. Choosing the same
        again does no harm. Who chooses at the same moment waits: there is no row to lock before the first choice."""
        if second is not None and second.pk == scorecard.pk:
            raise Refused(_("Choose two different scorecards, or no second one."))
        with Change.open("product.scoring_chosen", by=by, workspace=product.workspace) as change:
            Product.objects.with_deleted().select_for_update(no_key=True).get(pk=product.pk)
            row = cls.objects.select_for_update().filter(product=product).first()
            if row is None:
                row = cls(workspace=product.workspace, product=product)
            elif (row.scorecard_id, row.second_id) == (scorecard.pk, second.pk if second else None):
                return row
            row.product, row.scorecard, row.second = product, scorecard, second
            row.save()
            row.change_id = change.pk
            row.rescore(by=change)
        return row

    def rescore(self, *, by: Change) -> None:
        for work in self.on_rescore:
            work(self, by=by)


@dataclass(frozen=True)
class Scoring:
    """The formulas of one product, as pages read them. `label` heads the column. `told`: all that they were made of."""

    first: Formula
    second: Formula | None = None
    told: str = ""

    @property
    def label(self) -> str:
        return str(self.first.name)

    @property
    def words(self) -> str:
        """How it is computed, by name: `RICE: reach × …`."""
        return "; ".join(f"{one.name}: {one.words}" for one in self.formulas)

    @property
    def formulas(self) -> list[Formula]:
        return [self.first, *([self.second] if self.second else [])]

    def factor(self, key: str) -> Factor | None:
        return next((one for one in formulas.each_factor(self.formulas) if one.key == key), None)


BY_RICE = Scoring(RICE)


def told_scoring(product: Any) -> models.Subquery:
    """The scorecards of a product as one column of a statement about something else; `adopt_scoring` reads it."""
    parts = {
        "first": JSONObject(method="scorecard__method", name="scorecard__name", factors="scorecard__factors"),
        "second": JSONObject(method="second__method", name="second__name", factors="second__factors"),
    }
    return models.Subquery(ProductScoring.objects.filter(product=product).values(told=JSONObject(**parts))[:1])


def adopt_scoring(product: Product, told: dict[str, Any] | None) -> Scoring:
    """Let `scoring_of(product)` know what `told_scoring` answered."""
    known = BY_RICE
    if told is not None:
        second = formula_of(**told["second"]) if told["second"]["method"] else None
        known = Scoring(formula_of(**told["first"]), second, json.dumps(told))
    product.__dict__["_scoring"] = known
    return known


TOLD = Prepared(
    lambda product: Product.objects.filter(pk=product.pk).values_list(told_scoring(models.OuterRef("pk")), flat=True)
)


def scoring_of(product: Product) -> Scoring:
    """By what a product scores. One statement, asked once for each instance of the product."""
    known: Scoring | None = product.__dict__.get("_scoring")
    return known if known is not None else adopt_scoring(product, TOLD.first(product))
