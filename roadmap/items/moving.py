"""Items go to another product: with all that is theirs, under the next numbers there, without what belongs to the product they leave.

What hangs on an item goes along by the triggers of `models/item_alias.py`, as it comes back by an undo; so does the old key, which leads
to the new one from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from products.models import Product
from products.models.product import ItemCounter
from roadmap.backlog import ranks
from roadmap.models import Item, ParkedItem
from roadmap.models.item import ORDER

TOLD = 20  #: of so many items each is told by itself

#: Filled by apps to the right: what of theirs belongs to the product that items (ids) leave is let go, within the same Change.
on_leaving: list[Callable[[list[int], Change], None]] = []
#: What else lets go says so before: items (a queryset) → its name and how many.
foreseen_by: list[Callable[[Any], tuple[str, int]]] = []


@dataclass(frozen=True)
class Foreseen:
    """What a move would do: `items` are those that were chosen, `under` those under them that were not; `lost` says of what, and how often, it
    lets go."""

    items: int
    under: int
    lost: list[tuple[str, int]]


@dataclass(frozen=True)
class Outcome:
    """`moved` with those under them that went along; the Change is 0 where there was nothing to move."""

    change: int
    moved: list[Item]


def destinations(member: Member, product: Product) -> QuerySet[Product]:
    """Where `member` may move items of `product` to: what they may change, as they may change these."""
    return Product.objects.changeable_by(member, Role.MANAGER).exclude(pk=product.pk).order_by("name", "pk")


def require_both(member: Member, product: Product, target: Product) -> None:
    for one in (product, target):
        require(member, Role.MANAGER, at=one)


def foresee(rows: QuerySet[Item], *, along: bool) -> Foreseen:
    """As many statements however many items they are."""
    chosen = Item.objects.filter(pk__in=rows.order_by().values("pk"))
    under = Item.objects.filter(parent__in=chosen.values("pk")).exclude(pk__in=chosen.values("pk"))
    parted = chosen.filter(parent__isnull=False).exclude(parent__in=chosen.values("pk"))
    count = under.count()
    moving = Item.objects.filter(Q(pk__in=chosen.values("pk")) | Q(pk__in=under.values("pk"))) if along else chosen
    found = moving.aggregate(
        **{name: Count(name) for name in ("release", "iteration", "component")},
        **{name: Count(name, filter=Q(**{f"{name}__product__isnull": False})) for name in ABOVE},
    )
    parked = ParkedItem.objects.filter(item__in=moving.values("pk")).count()
    lost = [
        (_("Release"), found["release"]),
        (_("Iteration"), found["iteration"]),
        (_("Epic above"), parted.count() + (0 if along else count)),
        (_("Component"), found["component"]),
        (_("Goal"), found["objective"]),
        (_("Initiative"), found["initiative"]),
        (_("Problem"), found["problem"]),
        (_("Place in a parking lot"), parked),
        *(tell(moving) for tell in foreseen_by),
    ]
    return Foreseen(chosen.count(), count, [(name, n) for name, n in lost if n])


def move(rows: QuerySet[Item], product: Product, target: Product, *, along: bool, by: Actor | Change) -> Outcome:
    """All `rows` of `product` to the end of `target`, in their order, as one Change. With `along` what stands under them goes too; else it
    stays, under nothing. The same number of statements for any number of items.

    Holds both counters from the start, the older product's first: so moves never wait for each other in a circle, and nobody else draws
    a number or a place meanwhile. Repeating it finds nothing to move.
    """
    if target.pk == product.pk:
        raise Refused(_("These items are in this product already. Choose another one."))
    if target.workspace_id != product.workspace_id:
        raise Refused(_("There is no such product. Choose another one."))
    with Change.open("item.moved", by=by, workspace=product.workspace) as change:
        list(ItemCounter.objects.filter(product__in=[product.pk, target.pk]).order_by("pk").select_for_update())
        items, left = _family(rows, product, along=along)
        ids = [item.pk for item in items]
        if not ids:
            return Outcome(0, [])
        if left:
            Item.objects.with_deleted().filter(pk__among=left).update(parent=None)
        for let_go in on_leaving:
            let_go(ids, change)
        ParkedItem.objects.filter(item__among=ids).update(deleted_at=change.at)
        numbers = [item.number for item in items]
        _write(items, target)
        _tell(change, product, numbers)
        _tell(change, target, [item.number for item in items])
    return Outcome(change.pk or 0, items)


def _family(rows: QuerySet[Item], product: Product, *, along: bool) -> tuple[list[Item], list[int]]:
    """Those that move, in their order, and ids of those that stay without what stood above them. Locks all of them by their ids; the chosen ones
    first, so that what somebody put under one of them at this moment is seen."""
    found = Item.objects.with_deleted().filter(
        pk__among=list(rows.order_by().values_list("pk", flat=True)), product=product
    )
    chosen = set(found.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    among = Q(pk__among=list(chosen)) | Q(parent__among=list(chosen))
    family = Item.objects.with_deleted().filter(among, product=product).only(
        "pk", "workspace", "product", "number", "rank", "parent", "deleted_at", "change_id"
    )  # fmt: skip
    locked = list(family.order_by("pk").select_for_update(of=("self",)))
    moving = [item for item in locked if item.deleted_at is None and (along or item.pk in chosen)]
    gone = {item.pk for item in moving}
    left = [item.pk for item in locked if item.pk not in gone and item.parent_id in gone]
    return sorted(moving, key=lambda item: item.rank), left


#: What an item may be told by that a product has, or all of them: this is what it keeps.
ABOVE = {"objective": "products_objective", "initiative": "products_initiative", "problem": "products_problem"}
KEPT = ", ".join(
    f"{name}_id = (SELECT id FROM {table} WHERE id = item.{name}_id AND product_id IS NULL)"  # noqa: S608 - names
    for name, table in ABOVE.items()
)
#: An import brings rows again by what they were called where they came from: one such row for each product.
SOURCE = (
    "source_id = CASE WHEN item.source_id <> '' AND EXISTS (SELECT FROM roadmap_item there WHERE there.product_id = %(target)s"
    " AND there.source = item.source AND there.source_id = item.source_id) THEN '' ELSE item.source_id END"
)
WRITE = f"""
    UPDATE roadmap_item item SET product_id = %(target)s, number = fresh.number, rank = fresh.rank, release_id = NULL,
        iteration_id = NULL, component_id = NULL, {KEPT}, {SOURCE},
        parent_id = CASE WHEN item.parent_id = ANY(%(ids)s::bigint[]) THEN item.parent_id END
    FROM unnest(%(ids)s::bigint[], %(numbers)s::int[], %(ranks)s::text[]) AS fresh (id, number, rank) WHERE item.id = fresh.id
"""  # noqa: S608 - of the above


def _write(items: list[Item], target: Product) -> None:
    drawn = ItemCounter.draw(target, len(items))
    fresh = ranks.several_between(next(iter(ORDER.last.rows(target.pk)), None), None, len(items))
    for place, item in enumerate(items):
        item.number, item.rank, item.product = drawn + place + 1, fresh[place], target
    values: dict[str, Any] = {"target": target.pk, "ids": [item.pk for item in items], "ranks": fresh}
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {**values, "numbers": [item.number for item in items]})


def _tell(change: Change, product: Product, numbers: list[int]) -> None:
    for number in numbers if len(numbers) <= TOLD else ["*"]:
        change.tell("item", number, product_id=product.pk)
