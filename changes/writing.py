"""Writing some columns of one row, in one statement that also answers what the row's triggers made of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models


def write(row: models.Model, names: Iterable[str], *, answered: Iterable[str] = ()) -> None:
    """As `row.save(update_fields=names)`, but sends no signals; the columns of `answered` and `change_id` come back as they are then.

    Nothing is written when there is nothing to write.
    """
    fields = [row._meta.get_field(name) for name in dict.fromkeys(names)]
    if not fields:
        return
    returned = [row._meta.get_field(name) for name in ("change_id", *answered)]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    columns = ", ".join(
        f'"{field.column}" = {_place_of(field, value)}' for field, value in zip(fields, values, strict=True)
    )
    told = ", ".join(f'"{field.column}"' for field in returned)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{row._meta.db_table}" SET {columns} WHERE id = %s RETURNING {told}',  # noqa: S608 - names of columns
            [*values, row.pk],
        )
        found = cursor.fetchone()
    if found is None:
        raise type(row).DoesNotExist
    for field, value in zip(returned, found, strict=True):
        setattr(row, field.attname, value)


def _place_of(field: Any, value: Any) -> str:
    """Where a value stands in the statement: arrays say of what they are."""
    return field.get_placeholder(value, None, connection) if hasattr(field, "get_placeholder") else "%s"
