"""History for people: who changed which field of a row from what to what, read from the versions alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.models import Change, Version
from changes.models.version import Operation

HIDDEN = {"id", "workspace_id", "public_id", "change_id", "rank", "search", "measured", "products_change"}


State = dict[str, Any]
#: Of a column that holds many values: the states before and after → (label, before, after) of each that differs.
Teller = Callable[[Any, Any], list[tuple[str, str, str]]]


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    change: Change
    operation: str
    fields: list[FieldChange]
    row_id: int = 0


#: What history tells of a version and its change.
READ = (
    "workspace", "row_id", "operation", "columns", "state", "change__workspace", "change__actor_label", "change__verb", "change__at",
    "change__reason", "change__member__user__name",
)  # fmt: skip
VERSIONS = Prepared(
    lambda noun, row_id, limit: (
        Version.objects.filter(noun=noun, row_id=row_id)
        .select_related("change__member__user")
        .only(*READ)
        .order_by("-pk")[:limit]
    )
)


def history_of(row: models.Model, limit: int = 100) -> list[Entry]:
    """The newest `limit` changes of `row`, newest first. One statement, and one for all the rows that it pointed to."""
    return history_later(row, limit, Together())()


def history_later(row: models.Model, limit: int, together: Together) -> Callable[[], list[Entry]]:
    """The same, when it is wanted: asked together with the rest of a page."""
    versions_later = together.ask(VERSIONS, row._meta.db_table, row.pk, variant=(limit + 1,))

    def entries() -> list[Entry]:
        versions = versions_later()
        pairs = list(zip(versions[:limit], [*[version.state for version in versions[1:]], None], strict=False))
        return _entries(type(row), pairs, row)

    return entries


def changes_since(
    model: type[models.Model], ids: list[int], since: datetime, *, not_by: Member, limit: int = 200
) -> dict[int, list[Entry]]:
    """Row id → what others changed of it since then, newest first; the newest `limit` of all. As few statements as for one."""
    versions = CHANGED.rows(ids, since, not_by, variant=(model, limit))
    found: dict[int, list[Entry]] = {}
    for entry in _entries(model, [(version, version.earlier) for version in versions]):
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


CHANGED = Prepared(_changed)


def _entries(
    model: type[models.Model], pairs: list[tuple[Version, State | None]], row: models.Model | None = None
) -> list[Entry]:
    names = _names_of_related(model, pairs, row)
    tell = {
        column: teller([version for version, _before in pairs])
        for column, teller in getattr(model, "tellers", {}).items()
        if any(column in version.columns for version, _before in pairs)
    }
    entries = [_entry(model, version, before, names, tell) for version, before in pairs]
    return [entry for entry in entries if entry.fields or entry.operation != Operation.UPDATE]


def _entry(
    model: type[models.Model],
    version: Version,
    previous: State | None,
    names: dict[tuple[str, Any], str],
    tell: dict[str, Teller],
) -> Entry:
    fields = []
    for column in version.columns if previous else ():
        field = _field(model, column)
        if field is None or column in HIDDEN:
            continue
        assert previous is not None
        if column in tell:
            told = tell[column](previous.get(column), version.state.get(column))
            fields.extend(FieldChange(*one) for one in told)
            continue
        fields.append(
            FieldChange(
                str(field.verbose_name),
                _shown(field, previous.get(column), names),
                _shown(field, version.state.get(column), names),
            )
        )
    return Entry(version.change, version.operation, fields, version.row_id)


def _field(model: type[models.Model], column: str) -> models.Field[Any, Any] | None:
    return next((field for field in model._meta.concrete_fields if field.column == column), None)


def _shown(field: models.Field[Any, Any], value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value is None or value == "" or value == []:
        return ""
    if field.remote_field is not None:
        return names.get((field.column, value), "")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _names_of_related(
    model: type[models.Model], pairs: list[tuple[Version, State | None]], row: models.Model | None
) -> dict[tuple[str, Any], str]:
    """(column, id) → name, of the rows that were pointed to. Those that `row` brings along are not asked for again."""
    pointing = {field.column: field for field in model._meta.concrete_fields if field.remote_field is not None}
    wanted: dict[str, set[Any]] = {}
    for version, before in pairs:
        for column in pointing.keys() & version.columns:
            wanted.setdefault(column, set()).update((version.state.get(column), (before or {}).get(column)))
    names: dict[tuple[str, Any], str] = {}
    together, later = Together(), {}
    for column, ids in wanted.items():
        field = pointing[column]
        if row is not None and field.is_cached(row) and getattr(row, field.name) is not None:
            names[column, getattr(row, field.attname)] = str(getattr(row, field.name))
        missing = sorted(one for one in ids if one is not None and (column, one) not in names)
        if missing:
            later[column] = together.ask(_named(field.remote_field.model), missing)
    names.update({(column, one.pk): str(one) for column, rows in later.items() for one in rows()})
    return names


@cache
def _named(model: type[models.Model]) -> Prepared:
    """Rows of a model by their ids, deleted ones too, with what `str()` needs of them."""
    composed = [field.name for field in model._meta.concrete_fields if isinstance(field, models.GeneratedField)]

    def build(ids: list[int]) -> models.QuerySet[Any]:
        rows = model._base_manager.filter(pk__among=ids)
        return model.for_names(rows) if hasattr(model, "for_names") else rows.defer(*composed)

    return Prepared(build)
