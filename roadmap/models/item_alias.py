"""Addresses that items had: where one was moved to another product, its old key still leads to it, and is never given again."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger
from django.db import models

from accounts.constraints import SameWorkspace
from accounts.models import Member, Workspace
from products.models import Product


class ItemAliasQuerySet(models.QuerySet["ItemAlias"]):
    def visible_to(self, member: Member) -> ItemAliasQuerySet:
        """Only who sees the product that an item left is led from there, and only to an item that they see."""
        seen = Product.objects.seen_through
        both = seen(member) & seen(member, "item__product")
        return self.filter(both, workspace=member.workspace_id, item__deleted_at=None)

    def now_of(self, keys: Iterable[str]) -> dict[str, str]:
        """The key that each of these leads to, of those that are visible; one statement, none of no keys."""
        parted = [key.rpartition("-") for key in keys]
        if not parted:
            return {}
        rows = self.filter(product__key__in={product for product, _dash, _number in parted}).filter(
            number__in=[int(number) for _product, _dash, number in parted], is_elsewhere=True
        )
        found = rows.values_list("product__key", "number", "item__product__key", "item__number")
        return {f"{product}-{number}": f"{there}-{n}" for product, number, there, n in found}

    def keyed(self, product: str, number: int) -> ItemAliasQuerySet:
        return self.filter(product__key=product.upper(), number=number)


class ItemAlias(models.Model):
    """A key under which an item stands no more. Written by the database alone, whoever moves the item (`moving_triggers`)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    item = models.ForeignKey("roadmap.Item", on_delete=models.CASCADE, related_name="aliases")
    #: The item stands in another product today. False where it came back under another number.
    is_elsewhere = models.BooleanField(default=True)

    objects = ItemAliasQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="item_alias_is_unique"),
            SameWorkspace(field="product", target="products_product", name="itemalias_product_same_workspace"),
            SameWorkspace(field="item", target="roadmap_item", name="itemalias_item_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}-{self.number} → {self.item_id}"


#: Versions of items in products that these have left are shown to who sees the product in which they are now: others need not see the item any more.
#: (Within the past the bare name of the table would be that of the past.)
NOT_ELSEWHERE = (
    "(row_id, product_id) NOT IN (SELECT alias.item_id, alias.product_id FROM roadmap_itemalias alias"
    " JOIN public.roadmap_item now_there ON now_there.id = alias.item_id"
    " WHERE alias.is_elsewhere AND now_there.product_id <> ALL(%s::bigint[]))"
)

#: What hangs on an item stands in its product. Versioned rows say so in `following`, and undo leaves it to these.
FOLLOW = " ".join(
    f"UPDATE {table} SET product_id = NEW.product_id WHERE {column} = NEW.{own} AND product_id IS DISTINCT FROM NEW.product_id;"  # noqa: S608 - names
    for table, column, own in (
        ("discussion_thread", "id", "thread_id"),
        ("discussion_comment", "thread_id", "thread_id"),
        ("discussion_attachment", "thread_id", "thread_id"),
        ("roadmap_requirement", "item_id", "id"),
        ("roadmap_itemlink", "item_id", "id"),
        ("roadmap_publicline", "item_id", "id"),
    )
)
LEAVE_A_KEY = (
    "DELETE FROM roadmap_itemalias WHERE product_id = NEW.product_id AND number = NEW.number AND item_id = NEW.id;"
    " INSERT INTO roadmap_itemalias (workspace_id, product_id, number, item_id, is_elsewhere)"
    " VALUES (OLD.workspace_id, OLD.product_id, OLD.number, OLD.id, true);"
    " UPDATE roadmap_itemalias SET is_elsewhere = product_id <> NEW.product_id"
    " WHERE item_id = NEW.id AND is_elsewhere <> (product_id <> NEW.product_id);"
)


def moving_triggers() -> list[pgtrigger.Trigger]:
    """Of items: one that goes to another product, by its verb or by an undo, leaves its key behind, and takes along what hangs on it."""
    moved = pgtrigger.Trigger(
        name="moved",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("product_id"),
        func=pgtrigger.Func(
            f"IF OLD.product_id <> NEW.product_id THEN {LEAVE_A_KEY} {FOLLOW} END IF; RETURN NULL;"  # noqa: S608 - of the above
        ),
    )
    taken = pgtrigger.Trigger(
        name="taken",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=pgtrigger.Func(
            "IF EXISTS (SELECT FROM roadmap_itemalias WHERE product_id = NEW.product_id AND number = NEW.number) THEN"
            " RAISE unique_violation USING MESSAGE = 'This number leads to an item that was moved.'; END IF; RETURN NEW;"
        ),
    )
    return [moved, taken, _together()]


def _together() -> pgtrigger.Trigger:
    """What stands under an item is in its product, at the end of each transaction: who sees the one sees the other. Whoever chose an item to
    stand under while somebody moved it away waits for that, and is refused."""
    return pgtrigger.Trigger(
        name="together",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "product_id"),
        timing=pgtrigger.Deferred,
        condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
        func=pgtrigger.Func(
            "PERFORM FROM roadmap_item WHERE id = NEW.parent_id FOR KEY SHARE;"
            " IF EXISTS (SELECT FROM roadmap_item item JOIN roadmap_item above ON above.id = item.parent_id"
            " WHERE item.id = NEW.id AND above.product_id <> item.product_id) THEN"
            " RAISE check_violation USING MESSAGE = 'The item above was moved to another product.'; END IF; RETURN NULL;"
        ),
    )
