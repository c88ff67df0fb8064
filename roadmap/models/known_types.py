"""The types of items that a workspace has, as others read and choose of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.prepared import Prepared
from accounts.refusals import Refused
from roadmap.models.item_type import ItemType
from roadmap.models.item_type_looks import TypeKind

#: A workspace's types, in their order: they are few.
TYPES = Prepared(lambda workspace: ItemType.objects.filter(workspace=workspace))


def types_of(workspace: int) -> list[ItemType]:
    return TYPES.rows(workspace)


def named(types: Iterable[ItemType]) -> list[tuple[str, str]]:
    """As choices: key and name."""
    return [(one.key, one.name) for one in types]


def offered(types: list[ItemType]) -> list[tuple[str, str, bool]]:
    """As the choices of a new item: key, name, and whether it is the one where nobody says."""
    return [(one.key, one.name, one is usual(types)) for one in types]


def usual(types: Iterable[ItemType]) -> ItemType:
    """What a new item is where nobody says: the first feature, else the first that is no epic."""
    plain = [one for one in types if not one.is_epic]
    return next((one for one in plain if one.kind == TypeKind.FEATURE), plain[0])


def of_kind(types: Iterable[ItemType], kind: str) -> ItemType:
    """The type that stands for a kind: the first of it, else what a new item usually is. Raises Refused where an epic is
    wanted and there is none."""
    types = list(types)
    found = next((one for one in types if one.kind == kind), None)
    if found is None and kind == TypeKind.EPIC:
        raise Refused(_("This workspace has no type of epic. An admin can add one in the settings."))
    return found or usual(types)


def held(workspace: int, key: str) -> dict[str, ItemType]:
    """The type of this key, which nobody removes before the transaction ends; nothing where there is none. Waits for
    whoever is removing it."""
    rows = ItemType.objects.raw(
        "SELECT * FROM roadmap_itemtype WHERE workspace_id = %s AND key = %s AND deleted_at IS NULL FOR KEY SHARE",
        [workspace, key],
    )
    return {row.key: row for row in rows}


def told_type() -> JSONObject:
    """An item's type as one column of the statement that reads the item; `Item.own_type` reads it."""
    return JSONObject(**{name: f"its_type__{name}" for name in ("key", "name", "kind", "icon", "tone")})


def tell_of_types(versions: list[Any]) -> Callable[[Any, Any], list[tuple[str, str, str]]]:
    """History names types as they are called today, also those that were removed."""
    workspaces = {version.workspace_id for version in versions}
    rows = ItemType.objects.with_deleted().filter(workspace__in=workspaces)
    names: Mapping[str, str] = dict(rows.values_list("key", "name"))
    label = str(_("type"))
    return lambda before, after: [(label, names.get(before, before or ""), names.get(after, after or ""))]
