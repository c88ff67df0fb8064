"""An edit of one field by typing into a cell, written without reading the item: all that is asked is whether it may be written.

That holds for fields in which neither the item nor any other row has a say. What is wrong with what was typed, what somebody else changed
meanwhile, and what is not there, is found out on the long way, by the form and the verb.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.actors import Actor
from changes.writing import told_alone, write_alone
from products.models import Product
from roadmap.forms import ItemForm
from roadmap.models import Item
from roadmap.models.product_scoring import TOLD, adopt_scoring

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


def edit_unread(product: Product, number: int, sent: QueryDict, *, by: Actor) -> Item | None:
    """The item with the one field that was sent set, of which its ids and version are known then; None, and nothing is done, where the
    long way is to be taken. As with every edit, `seen` is the version that the person saw."""
    names = [name for name in sent if name not in AROUND]
    seen = sent.get("seen", "")
    if len(names) != 1 or names[0] not in FIELDS or number >= 2**31 or (seen and not _is_version(seen)):
        return None
    try:
        value = parsed(names[0], sent)
    except ValidationError:
        return None
    item = Item.from_db(None, ["workspace_id", "product_id", "number"], [product.workspace_id, product.pk, number])
    item.product, item.workspace = product, product.workspace
    setattr(item, names[0], value)
    condition, held = "product_id = %s AND number = %s AND deleted_at IS NULL", [product.pk, number]
    if seen:
        condition, held = f"{condition} AND change_id = %s", [*held, int(seen)]
    also = {"told_scoring": TOLD.statement(product)}
    if not write_alone("item.edited", item, names, by=by, answered=["id"], where=(condition, held), also=also):
        return None
    told = item.told_scoring  # type: ignore[attr-defined]
    adopt_scoring(product, json.loads(told) if told else None)
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
