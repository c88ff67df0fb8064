"""The values that items have in a workspace's own fields: how many, reading what was given, taking an option out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.models import Change, Version
from roadmap.models.custom_field import CustomField, FieldKind
from roadmap.models.item import Item

COUNT_OPTIONS = """
SELECT chosen, count(*) FROM roadmap_item, LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(custom -> %(key)s) WHEN 'array' THEN custom -> %(key)s ELSE jsonb_build_array(custom -> %(key)s) END
) chosen
WHERE workspace_id = %(workspace)s AND deleted_at IS NULL AND custom ? %(key)s
  AND product_id IN (SELECT id FROM products_product WHERE deleted_at IS NULL) GROUP BY chosen
"""


def items_with(field: CustomField, option: str = "") -> Any:
    """Items that have a value in the field, or one of its options."""
    rows = Item.objects.filter(workspace=field.workspace_id, product__deleted_at=None)
    if not option:
        return rows.filter(custom__has_key=field.key)
    return rows.filter(custom__contains={field.key: option if field.kind == FieldKind.SELECT else [option]})


def count_of_options(field: CustomField) -> dict[str, int]:
    """Option key → how many items have it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_OPTIONS, {"key": field.key, "workspace": field.workspace_id})
        return dict(cursor.fetchall())


def read_values(workspace: Workspace, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given by field key, as it is kept. Raises Refused on a field that there is not, and on what is no value."""
    fields = {one.key: one for one in CustomField.objects.filter(workspace=workspace)}
    values = {}
    for key, raw in given.items():
        if key not in fields:
            raise Refused(_("There is no field “%(key)s”.") % {"key": str(key)[:40]})
        values[key] = fields[key].stored(raw)
        fields[key].check_people(values[key])
    return values


def drop_option(field: CustomField, option: str, *, by: Actor | Change) -> int:
    """Take an option off the list and from the items that have it, as one Change. Returns how many had it."""
    with Change.open("custom_field.edited", by=by, workspace=field.workspace) as change:
        field._lock()
        field._option(option)
        rows = Item.objects.with_deleted().filter(workspace=field.workspace_id)
        key = Cast(Value(field.key), TextField())
        only = option if field.kind == FieldKind.SELECT else [option]
        count = rows.filter(**{f"custom__{field.key}": only}).update(custom=_without(F("custom"), key))
        if field.kind == FieldKind.MULTI:
            path = Func(key, function="ARRAY", template="ARRAY[%(expressions)s]")
            rest = _without(
                Func(F("custom"), key, template="(%(expressions)s)", arg_joiner=" -> ", output_field=JSONField()),
                Cast(Value(option), TextField()),
            )
            changed = Func(F("custom"), path, rest, function="jsonb_set", output_field=JSONField())
            count += rows.filter(custom__contains={field.key: [option]}).update(custom=changed)
        left = [one for one in field.options if one["key"] != option]
        default = field.default
        if default == option:
            default = None
        elif isinstance(default, list):
            default = [one for one in default if one != option] or None
        field._set({"options": left, "default": default}, change)
    return count


def _without(json: Any, key: Any) -> Func:
    """`json - key`: an object without a key, or an array without a text."""
    return Func(json, key, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())


def people_in(fields: Iterable[CustomField], workspace: int) -> dict[str, str]:
    """Public id → name of the members, asked only where a field takes a person."""
    if all(one.kind != FieldKind.PERSON for one in fields):
        return {}
    rows = Member.objects.filter(workspace=workspace).select_related("user")
    return {member.public_id: member.name for member in rows}


def tell_of_values(versions: list[Version]) -> Callable[[Any, Any], list[tuple[str, str, str]]]:
    """For the history: (name, before, after) of each own field that differs between two states of the column."""
    workspace = versions[0].workspace_id
    fields = list(CustomField.objects.with_deleted().filter(workspace=workspace))
    names = people_in(fields, workspace)

    def tell(before: Any, after: Any) -> list[tuple[str, str, str]]:
        before, after = before or {}, after or {}
        return [
            (one.name, one.shown(before.get(one.key), names), one.shown(after.get(one.key), names))
            for one in fields
            if before.get(one.key) != after.get(one.key)
        ]

    return tell


Item.tellers["custom"] = tell_of_values
