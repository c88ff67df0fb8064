from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.editable import Editable
from changes.models import Change, DeletableManager, Versioned
from config import clock
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.backlog import ranks
from roadmap.models.item import Item

MOST_CRITERIA = 40
LONGEST_CRITERION = 400


class RequirementKind(models.TextChoices):
    FUNCTIONAL = "functional", _("Functional")
    PERFORMANCE = "performance", _("Performance")
    SECURITY = "security", _("Security")
    COMPLIANCE = "compliance", _("Compliance")
    INTEROPERABILITY = "interoperability", _("Interoperability")


class Requirement(Editable):
    """One line of an item's checklist: what must hold, and the acceptance criteria by which one sees that it does.

    `criteria` is a list of {"text", "met"}, each text once. With criteria it is done when all of them are met; without,
    when somebody says so.
    """

    noun = "requirement"
    told_as = "item"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, editable=False, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, editable=False, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(_("kind"), max_length=16, choices=RequirementKind, default=RequirementKind.FUNCTIONAL)
    text = models.CharField(_("requirement"), max_length=400)
    criteria = models.JSONField(_("acceptance criteria"), default=list, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    rank = models.CharField(max_length=255, db_collation="C", editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = DeletableManager.hiding(OwnedQuerySet)

    class Meta(Versioned.Meta):
        ordering = ["item", "rank", "pk"]
        indexes = [
            models.Index(fields=["item", "rank"], name="requirement_of_item", condition=models.Q(deleted_at=None))
        ]
        constraints = [
            SameWorkspace(field="product", target="products_product", name="requirement_product_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="requirement_item_same_workspace"),
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def following(cls, version: Any) -> frozenset[str]:
        """The product is its item's, and goes with it."""
        return frozenset({"product_id"})

    @classmethod
    def add_to(cls, item: Item, text: str, *, by: Actor | Change, **fields: Any) -> Requirement:
        """A new line at the end of the item's checklist."""
        with Change.open("requirement.added", by=by, workspace=item.workspace) as change:
            item._lock()
            last = cls.objects.filter(item=item).order_by("-rank").values_list("rank", flat=True).first()
            rank = ranks.between(last, None)
            return cls.add(item.workspace, by=change, item=item, product=item.product, text=text, rank=rank, **fields)

    def meet(self, criterion: str, met: bool, *, by: Actor | Change) -> None:
        """Say of one acceptance criterion, named by its text, whether it is met. Repeating it does no harm."""
        with Change.open("requirement.edited", by=by, workspace=self.workspace) as change:
            self._lock()
            self._refuse_deleted()
            if all(one["text"] != criterion for one in self.criteria):
                raise Refused(_now("Somebody changed this criterion in the meantime. Look at it again."))
            told = [{**one, "met": met} if one["text"] == criterion else one for one in self.criteria]
            self._set({"criteria": told}, change)

    def edit(
        self, *, by: Actor | Change, seen: int | None = None, reason: str | None = None, done: bool | None = None, **fields: Any
    ) -> int:  # fmt: skip
        """As every noun's; `done` says as `mark` does whether it is done, of the criteria that are given or of those there are."""
        with Change.open("requirement.edited", by=by, workspace=self.workspace) as change:
            if done is not None:
                self._lock()
                criteria = [{**one, "met": done} for one in fields.get("criteria", self.criteria)]
                fields |= {"criteria": criteria, "done_at": (self.done_at or change.at) if done else None}
            return super().edit(by=change, seen=seen, reason=reason, **fields)

    def mark(self, done: bool, *, by: Actor | Change) -> None:
        """Say that it is done, and with it all its criteria; or that it is not, and none of them."""
        self.edit(by=by, done=done)

    def put_after(self, other: Requirement | None, *, by: Actor | Change) -> None:
        """Right after `other` of the same item; first when that is None."""
        with Change.open("requirement.ranked", by=by, workspace=self.workspace, quiet=True) as change:
            self.item._lock()
            rows = Requirement.objects.filter(item=self.item_id).exclude(pk=self.pk).order_by("rank")
            low = None
            if other is not None:
                low = rows.filter(pk=other.pk).values_list("rank", flat=True).first()
                if low is None:
                    raise Refused(_now("The requirement beside that place is gone. Look at the list again."))
                rows = rows.filter(rank__gt=low)
            self._set({"rank": ranks.between(low, rows.values_list("rank", flat=True).first())}, change)

    def prepare(self, names: set[str], change: Change) -> None:
        """Criteria decide whether it is done, where there are any."""
        if "criteria" not in names:
            return
        self.criteria = tidy(self.criteria)
        if self.criteria:
            names.add("done_at")
            met = all(one["met"] for one in self.criteria)
            self.done_at = (self.done_at or change.at) if met else None

    def _tell(self, change: Change) -> None:
        change.tell("item", self.item.number, product_id=self.product_id)

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def met_count(self) -> int:
        return sum(one["met"] for one in self.criteria)


def tidy(criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without empty and repeated texts. Raises Refused on what is too long."""
    kept: dict[str, bool] = {}
    for one in criteria:
        text = " ".join(str(one["text"]).split())
        if len(text) > LONGEST_CRITERION:
            raise Refused(_now("A criterion has at most %(most)d characters.") % {"most": LONGEST_CRITERION})
        if text:
            kept.setdefault(text, bool(one["met"]))
    if len(kept) > MOST_CRITERIA:
        raise Refused(_now("A requirement has at most %(most)d criteria. Split it.") % {"most": MOST_CRITERIA})
    return [{"text": text, "met": met} for text, met in kept.items()]
