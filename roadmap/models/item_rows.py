"""Questions about many items."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef

from products.models.owned import OwnedQuerySet
from roadmap.models.known_types import told_type
from roadmap.models.product_scoring import told_scoring
from roadmap.models.status import Category


class ItemQuerySet(OwnedQuerySet):
    def open(self) -> ItemQuerySet:
        return self.exclude(status__category__in=[Category.SHIPPED, Category.DROPPED])

    def for_rows(self) -> ItemQuerySet:
        """With what a row of a table or board shows, in one statement."""
        return self.select_related("status", "lead__user", "release", "objective", "product")

    def whole(self) -> ItemQuerySet:
        """With what the page of one item shows of its own fields, in one statement."""
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
            .defer("search", "parent__search", "parent__description")
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
