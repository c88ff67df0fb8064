"""An edit of one field by typing into a cell, or of a bar's days, written without reading the item: all that is asked is whether it may be written.

That holds for fields in which neither the item nor any other row has a say. What is wrong with what was typed, what somebody else changed
meanwhile, and what is not there, is found out on the long way, by the form and the verb.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.actors import Actor
from changes.writing import told_alone, write_alone
from products.models import Product
from roadmap.forms import ItemForm
from roadmap.models import Item
from roadmap.models.product_scoring import TOLD, adopt_scoring
from roadmap.plans.slips import threshold_of

FIELDS = (
    "title",
    "description",
    "reach",
    "impact",
    "confidence",
    "effort",
    "horizon",
    "is_internal",
    "progress",
    "tags",
)

#: What a cell sends beside its field.
AROUND = ("seen", "as", "columns", "order", "csrfmiddlewaretoken")


#: Unless an item keeps to quarters; and unless a firm end moves farther than is passed over in silence (roadmap/plans/slips.py).
PLAIN_DAYS = "certainty <> 'quarter'"
NO_SLIP = "(certainty <> 'firm' OR ends_on IS NULL OR %s::date - ends_on <= %s)"


def edit_unread(product: Product, number: int, sent: QueryDict, *, by: Actor) -> Item | None:
    """The item with the one field that was sent set, of which its ids and version are known then; None, and nothing is done, where the
    long way is to be taken. As with every edit, `seen` is the version that the person saw."""
    names = [name for name in sent if name not in AROUND]
    seen = sent.get("seen", "")
    if len(names) != 1 or names[0] not in FIELDS or (seen and not _is_version(seen)):
        return None
    try:
        value = parsed(names[0], sent)
    except ValidationError:
        return None
    also = {"told_scoring": TOLD.statement(product)}
    item = _write(product, number, {names[0]: value}, int(seen) if seen else None, by=by, also=also)
    if item is not None:
        told = item.told_scoring  # type: ignore[attr-defined]
        adopt_scoring(product, json.loads(told) if told else None)
    return item


def schedule_unread(
    product: Product, number: int, fields: dict[str, Any], seen: int | None, reason: str, *, by: Actor
) -> Item | None:
    """As `edit_unread`, of a bar with its days and what its lane sets; `had_days` tells whether it had any before."""
    starts_on, ends_on = fields["starts_on"], fields["ends_on"]
    if starts_on is not None and ends_on < starts_on:
        return None
    conditions, values = [PLAIN_DAYS], []
    if ends_on is not None and not reason.strip():
        conditions, values = [PLAIN_DAYS, NO_SLIP], [ends_on, threshold_of(product)]
    also: dict[str, tuple[str, list[Any]]] = {"had_days": ("held.starts_on IS NOT NULL", [])}
    return _write(
        product, number, fields, seen, by=by, also=also, answered=["title"], reason=reason, where=(conditions, values)
    )


def _write(
    product: Product, number: int, fields: dict[str, Any], seen: int | None, *, by: Actor, also: dict[str, Any],
    answered: Sequence[str] = (), reason: str = "", where: tuple[list[str], list[Any]] = ([], []),
) -> Item | None:  # fmt: skip
    if number >= 2**31 or (seen is not None and not 0 <= seen < 2**63):
        return None
    item = Item.from_db(None, ["workspace_id", "product_id", "number"], [product.workspace_id, product.pk, number])
    item.product, item.workspace = product, product.workspace
    for name, value in fields.items():
        setattr(item, name, value)
    conditions = ["product_id = %s AND number = %s AND deleted_at IS NULL", *where[0]]
    values = [product.pk, number, *where[1]]
    if seen is not None:
        conditions, values = [*conditions, "change_id = %s"], [*values, seen]
    there = " AND ".join(conditions), values
    if not write_alone(
        "item.edited", item, fields, by=by, answered=["id", *answered], reason=reason, where=there, also=also
    ):
        return None
    told_alone(item, "item", number, product_id=product.pk)
    return item


def title_alone(sent: QueryDict) -> dict[str, Any] | None:
    """The title, where that is all that was sent of a new item and nothing is wrong with it."""
    if not sent.keys() <= {"title", "next", "csrfmiddlewaretoken"}:
        return None
    try:
        return {"title": parsed("title", sent)}
    except ValidationError:
        return None


def parsed(name: str, sent: QueryDict) -> Any:
    """What the form and the model would make of what was sent. Raises ValidationError."""
    field, column = ItemForm.base_fields[name], Item._meta.get_field(name)
    value = field.clean(field.widget.value_from_datadict(sent, {}, name))
    if isinstance(value, str) and "\0" in value:
        raise ValidationError("NUL")
    if not (column.blank and value in field.empty_values):
        column.clean(value, None)
    return value


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
