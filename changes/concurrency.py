"""Two people, one row: edits of different fields both win, edits of one field conflict with both values shown."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from changes.models import Change, Version


class Conflict(Exception):
    """Somebody else changed `field` since the version that was seen. Both values are kept for the person to choose."""

    def __init__(self, field: str, theirs: Any, yours: Any, change: Change) -> None:
        super().__init__(field)
        self.field, self.theirs, self.yours, self.change = field, theirs, yours, change

    def __str__(self) -> str:
        return _("Somebody else changed this field in the meantime. Choose which value stays.")


def intended(row: models.Model, seen: int | None, wanted: dict[str, Any]) -> dict[str, Any]:
    """`wanted` without the fields that were sent as they were seen: a whole form sends all, its person changed some.

    `row` must be locked and fresh. Asks only when somebody changed the row since version `seen`.
    """
    if seen is None or row.change_id == seen:  # type: ignore[attr-defined]
        return wanted
    known = Version.objects.of(row).filter(change_id__lte=seen).order_by("-pk").values_list("state", flat=True).first()
    if known is None:
        return wanted
    return {name: value for name, value in wanted.items() if not _is_as_seen(row, name, value, known)}


def _is_as_seen(row: models.Model, name: str, value: Any, known: dict[str, Any]) -> bool:
    field = row._meta.get_field(name)
    if field.remote_field is not None:
        return known.get(field.column) == (value.pk if value is not None else None)
    return field.to_python(known.get(field.column)) == field.to_python(value)


def check_unseen_changes(row: models.Model, seen: int | None, wanted: dict[str, Any]) -> None:
    """Raise Conflict when a field of `wanted` was changed since version `seen` to something else than is wanted.

    `row` must be locked and fresh. `seen` is the row's `change_id` as the person saw it; None skips the check, for
    callers that have no version (bulk changes, imports). Costs nothing while the version seen is the newest.
    """
    if seen is None or row.change_id == seen:  # type: ignore[attr-defined]
        return
    changed_by: dict[str, Change] = {}
    for version in Version.objects.of(row).since(seen).select_related("change__member__user").order_by("pk"):
        changed_by.update(dict.fromkeys(version.columns, version.change))
    for name, value in wanted.items():
        field = row._meta.get_field(name)
        current = getattr(row, name)
        if field.column in changed_by and current != value:
            raise Conflict(name, current, value, changed_by[field.column])


def check_unseen_values(row: models.Model, seen: int | None, column: str, wanted: dict[str, Any]) -> None:
    """As check_unseen_changes, for each value by itself of a column that holds many by their keys."""
    if not wanted or seen is None or row.change_id == seen:  # type: ignore[attr-defined]
        return
    versions = Version.objects.of(row)
    known = versions.filter(change_id__lte=seen).order_by("-pk").values_list("state", flat=True).first()
    before = (known or {}).get(column) or {}
    for key, value in wanted.items():
        theirs = getattr(row, column).get(key)
        if theirs != before.get(key) and theirs != value:
            latest = versions.since(seen).filter(columns__contains=[column]).order_by("-pk")
            raise Conflict(key, theirs, value, latest.select_related("change__member__user")[0].change)
