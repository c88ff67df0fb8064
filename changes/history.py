"""History for people: who changed which field of a row from what to what, read from the versions alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.models import Version
from changes.models.version import Operation
from ui import formats

HIDDEN = {"id", "workspace_id", "public_id", "change_id", "rank", "search", "measured", "products_change"}


State = dict[str, Any]
#: Of a column that holds many values: the states before and after → (label, before, after) of each that differs.
Teller = Callable[[Any, Any], list[tuple[str, str, str]]]


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


class Name(NamedTuple):
    """How a row is called that another one points to, and the product that it belongs to, or is."""

    text: str
    product_id: int | None = None

    @classmethod
    def of(cls, row: models.Model) -> Name:
        is_product = row._meta.label == "products.Product"
        return cls(str(row), row.pk if is_product else getattr(row, "product_id", None))


NAMELESS = Name("")


class Made(NamedTuple):
    """What history tells of a Change."""

    pk: int
    at: datetime
    verb: str
    reason: str
    member_id: int | None
    who: str


class Told(NamedTuple):
    """A version as it is read for people. `changed`: column → what was before and what after; empty where nothing was before."""

    workspace_id: int
    row_id: int
    operation: str
    changed: dict[str, list[Any]]
    change: Made
    product_id: int | None = None


@dataclass(frozen=True)
class Entry:
    change: Made
    operation: str
    fields: list[FieldChange]
    row_id: int = 0


#: Of one row, the newest first. Only what changed of a state leaves the database: the whole of it is sixty columns.
VERSIONS = """
SELECT version.workspace_id, version.row_id, version.operation, version.columns,
       CASE WHEN version.earlier IS NOT NULL THEN (
           SELECT jsonb_object_agg(one, jsonb_build_array(version.earlier -> one, version.state -> one)) FROM unnest(version.columns) AS one
       ) END,
       change.id, change.at, change.verb, change.reason, change.member_id,
       coalesce(nullif(person.name, ''), person.email, nullif(change.actor_label, ''), 'Cradle')
FROM (
    SELECT id, workspace_id, row_id, operation, change_id, columns, state, lead(state) OVER (ORDER BY id DESC) AS earlier
    FROM changes_version WHERE noun = %s AND row_id = %s ORDER BY id DESC LIMIT %s
) version
JOIN changes_change change ON change.id = version.change_id
LEFT JOIN accounts_member member ON member.id = change.member_id
LEFT JOIN accounts_user person ON person.id = member.user_id
ORDER BY version.id DESC
"""
KINDS = (
    *("bigint", "bigint", "varchar", "varchar[]", "jsonb"),
    *("bigint", "timestamp with time zone", "varchar", "text", "bigint", "varchar"),
)


def history_of(row: models.Model, limit: int = 100) -> list[Entry]:
    """The newest `limit` changes of `row`, newest first. One statement, and one for all the rows that it pointed to."""
    return history_later(row, limit, Together())()


def history_later(row: models.Model, limit: int, together: Together) -> Callable[[], list[Entry]]:
    """The same, when it is wanted: asked together with the rest of a page."""
    later = together.ask_sql(VERSIONS, [row._meta.db_table, row.pk, limit], *KINDS)

    def entries() -> list[Entry]:
        return _entries(type(row), [_read(*one) for one in later()], row)

    return entries


def _read(workspace: int, row_id: int, operation: str, columns: list[str], changed: str | None, *change: Any) -> Told:
    values = json.loads(changed) if changed else {}
    return Told(workspace, row_id, operation, {one: values[one] for one in columns if values}, Made(*change))


def changes_since(
    model: type[models.Model], ids: list[int], since: datetime, *, not_by: Member, limit: int = 200
) -> dict[int, list[Entry]]:
    """Row id → what others changed of it since then, newest first; the newest `limit` of all. As few statements as for one."""
    versions = CHANGED.rows(ids, since, not_by, variant=(model, limit))
    found: dict[int, list[Entry]] = {}
    for entry in _entries(model, list(map(_told, versions))):
        found.setdefault(entry.row_id, []).append(entry)
    return found


def _changed(
    ids: list[int], since: datetime, not_by: Member, model: type[models.Model], limit: int
) -> models.QuerySet[Version]:
    """Each with the state before it."""
    earlier = Version.objects.filter(
        noun=models.OuterRef("noun"), row_id=models.OuterRef("row_id"), pk__lt=models.OuterRef("pk")
    )
    rows = Version.objects.of_rows(model, ids).filter(change__at__gte=since, change__quiet=False)
    rows = rows.filter(~models.Q(change__member=not_by) | models.Q(change__member=None))
    before = models.Subquery(earlier.order_by("-pk").values("state")[:1])
    rows = rows.annotate(earlier=before).select_related("change__member__user").only(*READ)
    return rows.order_by("-pk")[:limit]


#: What is read of a version and its change by those who ask for many rows.
READ = (
    "workspace", "row_id", "operation", "columns", "state", "change__workspace", "change__actor_label", "change__verb", "change__at",
    "change__reason", "change__member__user__name", "change__member__user__email",
)  # fmt: skip
CHANGED = Prepared(_changed)


def _told(version: Any) -> Told:
    change, before = version.change, version.earlier
    who = (change.member.name if change.member else "") or change.actor_label or "Cradle"
    changed = {one: [before.get(one), version.state.get(one)] for one in version.columns if before}
    made = Made(change.pk, change.at, change.verb, change.reason, change.member_id, who)
    return Told(version.workspace_id, version.row_id, version.operation, changed, made, version.state.get("product_id"))


def _entries(model: type[models.Model], versions: list[Told], row: models.Model | None = None) -> list[Entry]:
    columns = {column for version in versions for column in version.changed}
    names = _names_of_related(model, versions, columns, row)
    homes = _homes(versions, row)
    tell = {column: teller(versions) for column, teller in getattr(model, "tellers", {}).items() if column in columns}
    entries = [
        Entry(
            version.change,
            version.operation,
            _fields(model, version.changed, names, tell, homes.get(version.row_id)),
            version.row_id,
        )
        for version in versions
    ]
    return [entry for entry in entries if entry.fields or entry.operation != Operation.UPDATE]


def _homes(versions: list[Told], row: models.Model | None) -> dict[int, int | None]:
    """Row id → the product in which it stands, as the newest of its versions has it."""
    if row is not None:
        return dict.fromkeys((version.row_id for version in versions), getattr(row, "product_id", None))
    return {version.row_id: version.product_id for version in reversed(versions)}


def _fields(
    model: type[models.Model],
    changed: dict[str, list[Any]],
    names: dict[tuple[str, Any], Name],
    tell: dict[str, Teller],
    home: int | None,
) -> list[FieldChange]:
    fields = []
    for column, (before, after) in changed.items():
        field = _columns(model).get(column)
        if field is None or column in HIDDEN:
            continue
        if column in tell:
            fields.extend(FieldChange(*one) for one in tell[column](before, after))
        else:
            fields.append(
                FieldChange(
                    str(field.verbose_name), _shown(field, before, names, home), _shown(field, after, names, home)
                )
            )
    return fields


@cache
def _columns(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    return {field.column: field for field in model._meta.concrete_fields}


def _shown(field: models.Field[Any, Any], value: Any, names: dict[tuple[str, Any], Name], home: int | None) -> str:
    """What belongs to another product than the row does today is not named: whoever sees the row need not see that one."""
    if value is None or value == "" or value == []:
        return ""
    if field.remote_field is not None:
        name = names.get((field.column, value), NAMELESS)
        return "" if home is not None and name.product_id not in (None, home) else name.text
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return _said(field, value)


def _said(field: models.Field[Any, Any], value: Any) -> str:
    """Days, truths and numbers as pages say them. A day keeps its year: history is long."""
    if isinstance(field, models.BooleanField):
        return str(_("Yes") if value else _("No"))
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return formats.day(date.fromisoformat(value), date.min)
    if isinstance(field, models.DecimalField | models.FloatField):
        return formats.number(Decimal(str(value)))
    return str(value)


def _names_of_related(
    model: type[models.Model], versions: list[Told], columns: set[str], row: models.Model | None
) -> dict[tuple[str, Any], Name]:
    """(column, id) → name, of the rows that were pointed to. Those that `row` brings along are not asked for again."""
    pointing = {one: field for one, field in _columns(model).items() if field.remote_field is not None}
    wanted: dict[str, set[Any]] = {column: set() for column in pointing.keys() & columns}
    for version in versions:
        for column in wanted.keys() & version.changed.keys():
            wanted[column].update(version.changed[column])
    names: dict[tuple[str, Any], Name] = {}
    together, later = Together(), {}
    for column, ids in wanted.items():
        field = pointing[column]
        if row is not None and field.is_cached(row) and getattr(row, field.name) is not None:
            names[column, getattr(row, field.attname)] = Name.of(getattr(row, field.name))
        missing = sorted(one for one in ids if one is not None and (column, one) not in names)
        if missing:
            later[column] = together.ask(_named(field.remote_field.model), missing)
    names.update({(column, one.pk): Name.of(one) for column, rows in later.items() for one in rows()})
    return names


@cache
def _named(model: type[models.Model]) -> Prepared:
    """Rows of a model by their ids, deleted ones too, with what `str()` needs of them."""
    composed = [field.name for field in model._meta.concrete_fields if isinstance(field, models.GeneratedField)]

    def build(ids: list[int]) -> models.QuerySet[Any]:
        rows = model._base_manager.filter(pk__among=ids)
        return model.for_names(rows) if hasattr(model, "for_names") else rows.defer(*composed)

    return Prepared(build)
