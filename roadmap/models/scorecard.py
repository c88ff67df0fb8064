"""Scorecards: by which formula a workspace's products score their items. See roadmap/scores/formulas.py for the formulas."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from listing import figures
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.scores import formulas
from roadmap.scores.factors import LARGEST_NUMBER, Factor, Kind, as_json, decimal_of, from_json, plain
from roadmap.scores.factors import Role as Does
from roadmap.scores.formulas import Formula, How
from roadmap.scores.ready_made import BUILT_IN, RICE, SHARED, SIZES

MOST = 40
MOST_FACTORS = 12
LARGEST_WEIGHT = Decimal(100)


class Method(models.TextChoices):
    RICE = "rice", "RICE"
    ICE = "ice", "ICE"
    WSJF = "wsjf", "WSJF"
    VALUE_EFFORT = "value_effort", _("Value ÷ effort")
    MOSCOW = "moscow", "MoSCoW"
    KANO = "kano", "Kano"
    WEIGHTED = "weighted", _("Weighted")


def new_factor_key() -> str:
    return f"x{secrets.token_hex(4)}"


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
        return formula_of(self.method, self.name, self.factors)

    def prepare(self, names: set[str], change: Change) -> None:
        self.name = " ".join(self.name.split())
        if names == {"name"} or not names:
            return
        if self.is_ready_made and "factors" in names:
            raise Refused(_now("A ready-made scorecard keeps its factors. Make one of your own to weigh others."))
        if not self.pk and Scorecard.objects.filter(workspace=self.workspace_id).count() >= MOST:
            raise Refused(_now("A workspace has at most %(most)d scorecards.") % {"most": MOST})
        self.factors = checked(self.factors)
        self.__dict__.pop("formula", None)

    def edit(self, *, by: Actor | Change, seen: int | None = None, **fields: Any) -> None:
        """Set fields; where the factors change, the items of all products that use it are scored anew, by a job if they are many."""
        with Change.open("scorecard.edited", by=by, workspace=self.workspace) as change:
            before = self.factors
            super().edit(by=change, seen=seen, **fields)
            if self.factors != before:
                for one in ProductScoring.objects.using_scorecard(self).select_related("product__workspace"):
                    one.rescore(by=change)

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin. Raises Refused while a product scores by it, and for the ready-made ones."""
        with Change.open("scorecard.deleted", by=by, workspace=self.workspace) as change:
            self._lock()
            if self.is_ready_made:
                raise Refused(_now("A ready-made scorecard stays; nobody has to use it."))
            used = ProductScoring.objects.using_scorecard(self).select_related("product").first()
            if used is not None:
                raise Refused(
                    _now("%(product)s scores by it. Choose another scorecard there first.")
                    % {"product": used.product.name}
                )
            super().delete_softly(by=change)

    def _tell(self, change: Change) -> None:
        change.tell(self.noun, self.public_id)


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
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Scorecard, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

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
        again does no harm."""
        if second is not None and second.pk == scorecard.pk:
            raise Refused(_now("Choose two different scorecards, or no second one."))
        with Change.open("product.scoring_chosen", by=by, workspace=product.workspace) as change:
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


def formula_of(method: str, name: str, factors: list[dict[str, Any]]) -> Formula:
    if method in BUILT_IN:
        return BUILT_IN[method]
    own = tuple(_as_typed(from_json(one)) for one in factors)
    words = " + ".join(f"{one.name} × {plain(one.weight)}" for one in own if not one.is_cost)
    for one in own:
        if one.role == Does.SUBTRACT:
            words += f" − {one.name} × {plain(one.weight)}"
    divisors = [f"(1 + {one.name} × {plain(one.weight)})" for one in own if one.role == Does.DIVIDE]
    if divisors:
        words = f"({words}) ÷ {' ÷ '.join(divisors)}"
    return Formula(Method.WEIGHTED, name, How.WEIGH, own, words)


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


def known_factors(workspace: Any) -> dict[str, Factor]:
    """Every factor of the workspace's scorecards by its key: what can be filled in. One statement."""
    rows = Scorecard.objects.filter(workspace=workspace)
    return {factor.key: factor for factor in formulas.each_factor(row.formula for row in rows)}


# ---- Own factors


def _as_typed(factor: Factor) -> Factor:
    """Columns of items and figures keep their own manners; the scorecard gives them range, weight and role."""
    shared = SHARED.get(factor.key)
    if shared is None:
        return factor
    return Factor(
        factor.key, shared.name, shared.kind, factor.role, factor.weight, factor.low, factor.high, shared.step,
        shared.levels, shared.unit,
    )  # fmt: skip


def checked(factors: Any) -> list[dict[str, Any]]:
    """Factors as a form or program gave them, complete and in order. Raises Refused with a sentence."""
    if not isinstance(factors, list) or not all(isinstance(one, dict) for one in factors):
        raise Refused(_now("Factors are a list of objects."))
    if not 1 <= len(factors) <= MOST_FACTORS:
        raise Refused(_now("A scorecard has 1 to %(most)d factors.") % {"most": MOST_FACTORS})
    kept = [_checked(one) for one in factors]
    keys = [one["key"] for one in kept]
    names = [one["name"].casefold() for one in kept]
    if len(set(keys)) < len(keys) or len(set(names)) < len(names):
        raise Refused(_now("Each factor needs a name of its own, and each figure counts once."))
    if not any(one["role"] == Does.GAIN for one in kept):
        raise Refused(_now("At least one factor must add to the score."))
    return kept


#: Ranges that follow from the kind alone.
RANGES: dict[str, tuple[Decimal, Decimal]] = {
    Kind.SCALE: (Decimal(0), Decimal(10)),
    Kind.PERCENT: (Decimal(0), Decimal(100)),
    Kind.SIZE: (Decimal(0), Decimal(5)),
    Kind.YESNO: (Decimal(0), Decimal(1)),
}
OWN_KINDS = (*RANGES, Kind.NUMBER, Kind.MONEY)
UNKNOWN = {"key", "name", "kind", "role", "weight", "low", "high", "levels", "unit", "live", "points"}


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    unknown = set(given) - UNKNOWN
    if unknown:
        raise Refused(_now("A factor has no “%(name)s”.") % {"name": str(sorted(unknown)[0])[:40]})
    live, key, unit = str(given.get("live") or ""), str(given.get("key") or ""), str(given.get("unit") or "")[:20]
    if live:
        source = figures.sources.get(live)
        if source is None or source.of != "item":
            raise Refused(_now("There is no figure “%(name)s”.") % {"name": live[:40]})
        key, name, kind, unit = f"live_{live}", str(source.label), Kind.NUMBER, str(source.unit)
    elif key in SHARED:
        shared = SHARED[key]
        name, kind = str(shared.name), shared.kind
    else:
        name, kind = " ".join(str(given.get("name") or "").split())[:60], str(given.get("kind") or Kind.SCALE)
        key = key if key.startswith("x") and key[1:].isalnum() and len(key) <= 12 else new_factor_key()
        if kind not in OWN_KINDS:
            raise Refused(_now("There is no kind of factor “%(kind)s”.") % {"kind": kind[:20]})
    if not name or "\0" in name:
        raise Refused(_now("Give each factor a name."))
    role = str(given.get("role") or Does.GAIN)
    if role not in set(Does):
        raise Refused(_now("A factor adds, subtracts or divides."))
    weight = _number(given.get("weight", 1), name)
    if not 0 < weight <= LARGEST_WEIGHT:
        raise Refused(_now("“%(name)s”: a weight is above 0 and at most 100.") % {"name": name})
    low, high = RANGES.get(kind, (None, None))
    if low is None or high is None:
        low, high = _number(given.get("low", 0), name), _number(given.get("high"), name)
        if low >= high:
            raise Refused(_now("“%(name)s” needs a range: from a smaller number to a larger one.") % {"name": name})
    levels = SIZES if kind == Kind.SIZE else ()
    if key in SHARED and SHARED[key].levels:
        levels = SHARED[key].levels
    return as_json(Factor(key, name, kind, role, weight, low, high, levels=levels, live=live, unit=unit))


def _number(raw: Any, name: str) -> Decimal:
    number = None if isinstance(raw, bool) else decimal_of(raw)
    if number is None or abs(number) >= LARGEST_NUMBER:
        raise Refused(_now("“%(name)s” needs numbers for weight and range.") % {"name": name})
    return round(number, 4)
