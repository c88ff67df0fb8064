"""What dropping a card into a column of a board does to its item.

Into a release or a horizon, and beside another card, it is written without reading more of the item than where it stands
(changes.writing.write_alone). A status takes more along; that, another lane, refusals, and what others did meanwhile take the way of the verb, `Item.arrange`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from changes.writing import told_alone, write_alone
from products.models import Product
from roadmap.boards.reading import COLUMN, HORIZONS
from roadmap.items.picking import numbered
from roadmap.models import Horizon, Item, Release, Status
from roadmap.models.item_alone import take_place
from roadmap.plans.designs import Layout


@dataclass(frozen=True)
class Drop:
    """A card as it was dropped: its number, the key of the column, and the numbers of the cards of its product beside it. `lane` is what its
    new lane sets, nothing where it stayed in its own."""

    product: Product
    number: int
    layout: str
    column: str
    after: int | None = None
    before: int | None = None
    lane: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dropped:
    """What it did: its Change (0 where the card stood there already), the values of the columns that it left and entered ("" for none), and
    the name of the release or status; `lanes` are what stands in the field of its lane now and stood there before, where that was sent."""

    change: int
    left: Any
    entered: Any
    name: str = ""
    lanes: tuple[Any, ...] = ()


def drop(one: Drop, member: Member, *, by: Actor) -> Dropped | None:
    """None where there is no such item. Raises Refused."""
    return _drop_unread(one, member, by) or _drop(one, member, by)


FOUND = Prepared(
    lambda member, product, key: Release.objects.visible_to(member).of(product).filter(public_id=key).values_list("pk")
)


def _drop_unread(one: Drop, member: Member, by: Actor) -> Dropped | None:
    """None, and nothing is done, where that does not do."""
    column = COLUMN[one.layout]
    if one.lane or one.layout == Layout.STATUSES or (one.layout == Layout.HORIZONS and one.column not in HORIZONS):
        return None
    placed = _placed(one, member)
    if placed is None:
        return None
    item, names, where = placed
    aims, also = {}, {"left": (f'held."{Item._meta.get_field(column).column}"', [])}
    if one.layout == Layout.HORIZONS:
        item.horizon = one.column
    elif not one.column:
        item.release_id = None
    else:
        aims["release"] = FOUND.statement(member, one.product, one.column)
        also["entered"] = ("SELECT value FROM aim_release", [])
        also["release_name"] = ("SELECT name FROM roadmap_release WHERE id = (SELECT value FROM aim_release)", [])
    done = write_alone(
        "item.arranged", item, [column, *names], by=by, where=where, answered=["id"], aims=aims, also=also
    )
    if not done:
        return None
    told_alone(item, "item", one.number, product_id=one.product.pk)
    known = vars(item)
    entered = known.get("entered", one.column)
    return Dropped(item.change_id, known["left"] or "", entered, known.get("release_name") or "")


def _placed(one: Drop, member: Member) -> tuple[Item, list[str], tuple[str, list[Any]]] | None:
    """The item, what is written besides its column, and the condition that leads to its row. Read only where its place matters."""
    product = one.product
    if one.after is None and one.before is None:
        item = Item.from_db(
            None, ["workspace_id", "product_id", "number"], [product.workspace_id, product.pk, one.number]
        )
        return item, [], ("product_id = %s AND number = %s AND deleted_at IS NULL", [product.pk, one.number])
    found = numbered(member, product, one.number, one.after, one.before, moved=one.number)
    if any(number not in found for number in (one.number, one.after, one.before) if number is not None):
        return None
    item = found[one.number]
    where = take_place(item, found.get(one.after or 0), found.get(one.before or 0))
    return (item, ["rank"], where) if where is not None else None


def _drop(one: Drop, member: Member, by: Actor) -> Dropped | None:
    item: Item | None = MOVED.first(member, one.product, one.number)
    if item is None:
        return None
    item.product, item.workspace = one.product, one.product.workspace
    left, value = _value_of(item, one.layout), _value(one, member)
    before_it = [getattr(item, name) for name in one.lane]
    found = numbered(member, one.product, one.after, one.before)
    if len(found) < len({one.after, one.before} - {None}):
        raise Refused(_("The item beside that place is gone. Reload the board and try again."))
    after, before = found.get(one.after or 0), found.get(one.before or 0)
    change = item.arrange(by=by, after=after, before=before, **{COLUMN[one.layout]: value, **one.lane})
    name = "" if one.layout == Layout.HORIZONS or value is None else value.name
    return Dropped(change, left, _value_of(item, one.layout), name, (*one.lane.values(), *before_it))


MOVED = Prepared(
    lambda member, product, number: (
        Item.objects.visible_to(member)
        .of(product)
        .filter(number=number)
        .select_related("status")
        .defer("search", "description")
    )
)


def _value_of(item: Item, layout: str) -> Any:
    """Of the column that an item stands in."""
    return getattr(item, Item._meta.get_field(COLUMN[layout]).attname) or ""


def _value(one: Drop, member: Member) -> Any:
    """What an item gets in the column. Raises Refused where there is no such column, or it is another product's."""
    if one.layout == Layout.HORIZONS:
        if one.column not in Horizon.values or not one.column:
            raise Refused(_("There is no such column. Reload the board."))
        return one.column
    if one.layout == Layout.STATUSES:
        found: Any = Status.objects.filter(workspace=member.workspace_id, public_id=one.column).first()
    elif not one.column:
        return None
    else:
        releases = Release.objects.visible_to(member).filter(public_id=one.column)
        found = releases.of(one.product).first()
        if found is None and releases.exists():
            raise Refused(_("This release is of another product. Drop the card into one of its own."))
    if found is None:
        raise Refused(_("There is no such column. Reload the board."))
    return found
