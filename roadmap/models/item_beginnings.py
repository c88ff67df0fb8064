"""What new items of a product begin with: numbers, ranks and threads, and what the workspace's settings say."""

from __future__ import annotations

from functools import cached_property

from accounts.prepared import Prepared
from accounts.together import Together
from discussion.models import Thread
from products.models import Product
from products.models.product import ItemCounter
from roadmap.backlog import ranks
from roadmap.models.custom_field import CustomField
from roadmap.models.item_type import ItemType
from roadmap.models.known_types import TYPES
from roadmap.models.status import Status

FIRST_STATUS = Prepared(lambda workspace: Status.objects.filter(workspace=workspace)[:1])
#: What the workspace's own fields start with.
OWN_DEFAULTS = Prepared(
    lambda workspace: CustomField.objects.filter(workspace=workspace, default__isnull=False).values_list(
        "key", "default"
    )
)


class Beginnings:
    """Of `count` new items, in three statements. Locks the product's counter; they go to the end of the backlog.

    The first of them is number `drawn` + 1. `last_rank` asks for the highest rank of a product.
    """

    def __init__(self, product: Product, count: int, last_rank: Prepared) -> None:
        self.product, self.count = product, count
        self.drawn = ItemCounter.draw(product, count)
        together = Together()
        last = together.ask(last_rank, product.pk)
        own_defaults = together.ask(OWN_DEFAULTS, product.workspace_id)
        self._first_status = together.ask(FIRST_STATUS, product.workspace_id)
        known_types = together.ask(TYPES, product.workspace_id)
        self.defaults = dict(own_defaults())
        self.types: dict[str, ItemType] = {one.key: one for one in known_types()}
        self.ranks = ranks.several_between(next(iter(last()), None), None, count)
        self.threads = Thread.open_many("item", product, count)

    @cached_property
    def first_status(self) -> Status:
        status: Status = self._first_status()[0]
        return status

    def count_up_to(self, highest: int) -> None:
        """Some brought numbers of their own: the next item gets one above them."""
        if highest > self.drawn + self.count:
            ItemCounter.objects.filter(product=self.product).update(last=highest)
