from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.identity import PublicIdField
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.models import Change, Versioned
from products.models import Product
from products.models.owned import OwnedQuerySet
from roadmap.models.item import Item


class Dependency(Versioned):
    """`item` cannot start before `needs` ends. Both belong to the workspace; the product is the item's."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="dependents")

    objects = OwnedQuerySet.as_manager()

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["item", "needs"], name="dependency_once"),
            models.CheckConstraint(condition=~models.Q(item=models.F("needs")), name="nothing_needs_itself"),
            SameWorkspace(field="product", target="products_product", name="dependency_product_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="dependency_item_same_workspace"),
            SameWorkspace(field="needs", target="roadmap_item", name="dependency_needs_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} needs {self.needs_id}"

    @classmethod
    def add(cls, item: Item, needs: Item, *, by: Actor | Change) -> Dependency:
        """Raises Refused with the path when `needs` already waits for `item`. Repeating it does no harm."""
        with Change.open("dependency.added", by=by, workspace=item.workspace) as change:
            path = cls._path(needs, item)
            if path:
                raise Refused(_("That would be a circle: %(path)s.") % {"path": " → ".join(_keys(path, change))})
            made, _created = cls.objects.get_or_create(
                item=item, needs=needs, defaults={"workspace": item.workspace, "product": item.product}
            )
            change.tell("item", item.number, product_id=item.product_id)
        return made

    @classmethod
    def closes_a_circle(cls, item: Item, needs: Item) -> bool:
        return item.pk == needs.pk or bool(cls._path(needs, item))

    def remove(self, *, by: Actor | Change) -> None:
        with Change.open("dependency.removed", by=by, workspace=self.workspace) as change:
            self.delete()
            change.tell("item", self.item.number, product_id=self.product_id)

    @classmethod
    def _path(cls, start: Item, goal: Item) -> list[int]:
        """The items along which `start` already needs `goal`; empty when it does not."""
        edges: dict[int, list[int]] = {}
        for item_id, needs_id in cls.objects.filter(workspace=start.workspace_id).values_list("item_id", "needs_id"):
            edges.setdefault(item_id, []).append(needs_id)
        trail: dict[int, int | None] = {start.pk: None}
        queue = [start.pk]
        for node in queue:
            for following in edges.get(node, ()):
                if following not in trail:
                    trail[following] = node
                    queue.append(following)
        if goal.pk not in trail or start.pk == goal.pk:
            return []
        nodes: list[int] = []
        step: int | None = goal.pk
        while step is not None:
            nodes.insert(0, step)
            step = trail[step]
        return nodes


def _keys(path: list[int], change: Change) -> list[str]:
    """The keys of the items on a path; those that whoever asks does not see are left unnamed."""
    items = Item.objects.with_deleted().filter(pk__in=path).select_related("product")
    if change.member is not None:
        items = items.visible_to(change.member)
    known = {item.pk: item.key for item in items}
    return [known.get(node, "…") for node in path]
