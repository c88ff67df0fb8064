"""Questions about many items."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef

from products.models.owned import OwnedQuerySet
from roadmap.models.known_types import told_type
from roadmap.models.product_scoring import told_scoring
from roadmap.models.status import Category

#: What the page of an item shows of the rows beside it. Whoever wants to know more of one of them reads that then.
BESIDE = (
    *(f"status__{name}" for name in ("workspace", "public_id", "name", "category")),
    *("lead__workspace", "lead__public_id", "lead__user__name", "lead__user__email"),
    *(f"release__{name}" for name in ("workspace", "product", "public_id", "name", "ends_on")),
    *(f"objective__{name}" for name in ("workspace", "product", "public_id", "name")),
    *(f"problem__{name}" for name in ("workspace", "product", "public_id", "statement", "who")),
    *(f"initiative__{name}" for name in ("workspace", "product", "public_id", "name")),
    *(f"component__{name}" for name in ("workspace", "product", "public_id", "name")),
    "thread",
    *(f"parent__{name}" for name in ("deleted_at", "workspace", "product", "number", "type", "title")),
    *(f"parent__status__{name}" for name in ("workspace", "name", "category")),
)


class ItemQuerySet(OwnedQuerySet):
    def open(self) -> ItemQuerySet:
        return self.exclude(status__category__in=[Category.SHIPPED, Category.DROPPED])

    def for_rows(self) -> ItemQuerySet:
        """With what a row of a table or board shows, in one statement."""
        return self.select_related("status", "lead__user", "release", "objective", "product")

    def whole(self) -> ItemQuerySet:
        """With what the page of one item shows of its own fields, in one statement."""
        own = (field.name for field in self.model._meta.concrete_fields if field.name != "search")
        return (
            self.select_related(
                "status",
                "lead__user",
                "release",
                "objective",
                "problem",
                "initiative",
                "component",
                "thread",
                "parent__status",
            )
            .only(*own, *BESIDE)
            .annotate(told_scoring=told_scoring(OuterRef("product")), told_type=told_type())
        )

    def for_audiences(self) -> ItemQuerySet:
        """What may leave the workspace by a share link. Every reading for one begins here."""
        return self.filter(is_internal=False)

    def ranked(self) -> ItemQuerySet:
        return self.order_by("rank")

    def with_neighbours(self, others: ItemQuerySet) -> ItemQuerySet:
        """Each with the ranks right above and right below it, `rank_above` and `rank_below`, among these others."""
        above = others.filter(rank__lt=OuterRef("rank")).order_by("-rank").values("rank")[:1]
        below = others.filter(rank__gt=OuterRef("rank")).order_by("rank").values("rank")[:1]
        return self.annotate(rank_above=models.Subquery(above), rank_below=models.Subquery(below))

    def others(self, product: int, pk: int) -> ItemQuerySet:
        """Of a product, all but one."""
        return self.filter(product=product).exclude(pk=pk)

    def beside(self, anchor: int, upwards: bool) -> ItemQuerySet:
        """The anchor, unless it is in the bin, and the one beyond it in the order of ranks."""
        own = models.Subquery(self.filter(pk=anchor, deleted_at=None).values("rank")[:1])
        rows = self.filter(rank__gte=own).order_by("rank") if upwards else self.filter(rank__lte=own).order_by("-rank")
        return rows[:2]
