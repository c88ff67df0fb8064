"""What can be chosen where items are filtered: values and their names, asked when they are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, DateTimeField, F, Func, Q, Value, When
from django.db.models.functions import Concat

from accounts.models import Member, Workspace
from jobs.models import Job, JobQuerySet, State
from products.models import Initiative, Objective, Problem, Product
from roadmap.models import Component, Item, ItemType, Release, Status

MOST_TAGS = 300
#: The kinds of jobs that change many items.
MANY = ("change_items", "move_items", "items_to_product")
Named = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class Choices:
    """Of a workspace, and of one of its products where one is given; without it there are none of what belongs to a product, and the tags
    of the items of `among`, the ids of products that whoever chooses sees."""

    workspace: Workspace
    product: Product | None
    among: tuple[int, ...] = ()

    def statuses(self) -> Named:
        return Status.objects.filter(workspace=self.workspace).values_list("public_id", "name")

    def types(self) -> Named:
        return ItemType.objects.filter(workspace=self.workspace).values_list("key", "name")

    def members(self) -> Named:
        return people(self.workspace.pk)

    def tags(self) -> Named:
        among = [self.product.pk] if self.product else list(self.among)
        rows = Item.objects.filter(workspace=self.workspace, product__among=among)
        each = rows.annotate(tag=Func(F("tags"), function="unnest")).order_by("tag").values_list("tag", flat=True)
        return ((tag, tag) for tag in each.distinct()[:MOST_TAGS])

    def releases(self) -> Named:
        return self._of_product(Release).values_list("public_id", "name")

    def objectives(self) -> Named:
        rows = Objective.objects.filter(workspace=self.workspace).filter(Q(product=self.product) | Q(product=None))
        return rows.values_list("public_id", "name")

    def initiatives(self) -> Named:
        return self._of_product(Initiative).values_list("public_id", "name")

    def problems(self) -> Named:
        return self._of_product(Problem).values_list("public_id", "statement")

    def components(self) -> Named:
        return self._of_product(Component).values_list("public_id", "name")

    def at_once(self) -> Named:
        """Finished changes of many items: how many, and when by the workspace's clock."""
        there = Func(
            Value(self.workspace.time_zone), F("finished_at"), function="timezone", output_field=DateTimeField()
        )
        day = Func(there, Value("YYYY-MM-DD HH24:MI"), function="to_char", output_field=CharField())
        named = Concat("title", Value(", "), day, output_field=CharField())
        return self.jobs().order_by("-pk").annotate(named=named).values_list("public_id", "named")

    def jobs(self) -> JobQuerySet:
        """Of changes of many items of the product, finished; those that brought some of another one here too."""
        here = Q(product_id=self.product.pk) | Q(result__key=self.product.key) if self.product else Q(pk__in=[])
        return Job.objects.filter(here, workspace=self.workspace, kind__in=MANY, state=State.DONE)

    def _of_product(self, model: Any) -> Any:
        return model.objects.filter(workspace=self.workspace, product=self.product)


def people(workspace: int) -> Any:
    """Public id and name of the workspace's members, by name."""
    named = Case(When(user__name="", then=F("user__email")), default=F("user__name"))
    rows = Member.objects.current().filter(workspace=workspace).annotate(label=named)
    return rows.order_by("label").values_list("public_id", "label")
