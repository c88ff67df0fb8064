"""What an item may not become, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.prepared import Prepared
from accounts.refusals import Refused
from roadmap.items.hierarchy import refuse_orphaning, refuse_wrong_level
from roadmap.models.custom_field import CustomField, refuse_missing

if TYPE_CHECKING:
    from roadmap.models.item import Item

#: What whoever proposes an item says of it; the rest takes a manager, as editing it does.
PROPOSED = frozenset({"title", "description", "type", "parent", "problem", "tags", "custom"})
#: What an item has of its product alone, and what may also be the whole workspace's.
OF_ITS_PRODUCT, ABOVE_IT = ("parent", "release", "iteration", "component"), ("objective", "initiative", "problem")
#: The workspace's own fields that some status asks for.
REQUIRED = Prepared(lambda workspace: CustomField.objects.filter(workspace=workspace).exclude(required_from=""))


def refuse_deleted(item: Item) -> None:
    if item.deleted_at is not None:
        raise Refused(_("Somebody deleted this item in the meantime. Restore it from the bin to change it."))


def refuse_moved(item: Item, product: int) -> None:
    """Whoever read it elsewhere chose from what that product has."""
    if item.__dict__.get("product_id", product) != product:
        raise Refused(_("Somebody moved this item to another product in the meantime. Open it there to change it."))


def hold_above(above: Iterable[Item], product: int) -> None:
    """Until the end of the transaction nobody moves these away from what is put under them. Waits for who is doing so, and raises Refused then."""
    named = {item.pk: item for item in above}
    if not named:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, product_id FROM roadmap_item WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(named)]
        )
        moved = [pk for pk, now in cursor.fetchall() if now != product and named[pk].product_id == product]
    if moved:
        told = {"name": named[moved[0]]}
        raise Refused(_("Somebody moved “%(name)s” to another product in the meantime. Choose another epic.") % told)


def refuse_impossible_dates(item: Item) -> None:
    if item.starts_on and item.ends_on and item.ends_on < item.starts_on:
        raise Refused(_("The end lies before the start. Choose an end on or after the start."))


def refuse_wrong_place(item: Item) -> None:
    """Of a new item: what stands above it, and the release that its iteration is of."""
    refuse_wrong_level(item)
    if item.iteration is not None and item.iteration.release_id != item.release_id:
        raise Refused(_("“%(name)s” is an iteration of another release. Choose one of its release.") % {
            "name": item.iteration,
        })  # fmt: skip


def refuse_impossible_place(item: Item, fields: dict[str, Any]) -> None:
    if "iteration" in fields:
        refuse_wrong_place(item)
    elif "parent" in fields or "type" in fields:
        refuse_wrong_level(item)
    if item.parent is not None and "parent" in fields:
        hold_above([item.parent], item.product_id)
    if "type" in fields:
        refuse_orphaning(item, item.children.filter(deleted_at=None).count)


def refuse_missing_fields(item: Item) -> None:
    refuse_missing(REQUIRED.rows(item.workspace_id), item.custom, item.status.category)


def refuse_what_is_gone(rows: Any) -> None:
    """Items that an undo turned back may point to what was removed since: then nothing is turned back."""
    if rows.exclude(status__deleted_at=None).exists():
        raise Refused(_("This cannot be undone: the status was removed since."))
    if rows.exclude(its_type__deleted_at=None).exists():
        raise Refused(_("This cannot be undone: the type was removed since."))
    if rows.exclude(component__deleted_at=None).exists():
        raise Refused(_("This cannot be undone: the component was deleted since."))
    elsewhere = (~Q(**{name: None}) & ~Q(**{f"{name}__product": F("product")}) for name in OF_ITS_PRODUCT)
    shared = (Q(**{f"{name}__product__isnull": False}) & ~Q(**{f"{name}__product": F("product")}) for name in ABOVE_IT)
    if rows.filter(Q(*elsewhere, *shared, _connector=Q.OR)).exists():
        raise Refused(_("This cannot be undone: the item was moved to another product since."))
