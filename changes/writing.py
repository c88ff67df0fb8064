"""Writing some columns of one row, in one statement that also answers what the row's triggers made of it; and with a Change of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any

from django.db import connection, models, transaction

from accounts.actors import Actor
from changes import live
from changes.models.change import BEGUN, INSERT, VALUES, close_for_writing
from config import clock

#: The row, if it is of the version that was read.
AS_READ = "id = %s AND change_id = %s"


def differing(row: models.Model, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What of `wanted` the row has otherwise: setting a field to the value that it has is no change. Asks the database nothing."""
    attname = {name: row._meta.get_field(name).attname for name in wanted}
    kept = {name: value.pk if isinstance(value, models.Model) else value for name, value in wanted.items()}
    return {name: value for name, value in wanted.items() if getattr(row, attname[name]) != kept[name]}


def changed_since(row: models.Model, earlier: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Those of its fields that have another value than in `earlier`, a copy that was made of what the row holds (`vars`)."""
    return [name for name in names if vars(row)[attname := row._meta.get_field(name).attname] != earlier[attname]]


def write(row: models.Model, names: Iterable[str], *, answered: Iterable[str] = ()) -> None:
    """As `row.save(update_fields=names)`, but sends no signals; the columns of `answered` and `change_id` come back as they are then.

    Nothing is written when there is nothing to write.
    """
    fields = [row._meta.get_field(name) for name in dict.fromkeys(names)]
    if not fields:
        return
    columns, values = _set(row, fields)
    returned = [row._meta.get_field(name) for name in ("change_id", *answered)]
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{row._meta.db_table}" AS written SET {columns} WHERE id = %s RETURNING {_told(returned)}',  # noqa: S608 - names of columns
            [*values, row.pk],
        )
        found = cursor.fetchone()
    if found is None:
        raise type(row).DoesNotExist
    _take(row, returned, found)


def insert(row: models.Model, *, answered: Iterable[str] = ()) -> None:
    """As `row.save(force_insert=True)`, by a statement that is composed once for its table, and without signals; its id and the columns of
    `answered` come back."""
    fields, statement = _insertion(type(row))
    returned = [row._meta.pk, *(row._meta.get_field(name) for name in answered)]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} RETURNING {_told(returned)}", values)
        _take(row, returned, cursor.fetchone())
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[models.Model]) -> tuple[list[Any], str]:
    fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
    columns = _row_of(fields)
    places = ", ".join(_place_of(field, None) for field in fields)
    return fields, f'INSERT INTO "{model._meta.db_table}" AS written ({columns}) VALUES ({places})'  # noqa: S608 - names of ours


def write_alone(  # noqa: PLR0913 - what a Change and a write are made of
    verb: str,
    row: Any,
    names: Iterable[str],
    *,
    by: Actor,
    answered: Iterable[str] = (),
    reason: str = "",
    quiet: bool = False,
    where: tuple[str, list[Any]] | None = None,
    aims: Mapping[str, tuple[str, list[Any]]] | None = None,
    also: Mapping[str, tuple[str, list[Any]]] | None = None,
) -> bool:
    """A Change that writes these columns of one row and nothing else: a transaction in one statement, where opening, locking, writing and
    committing are five. False, and nothing is done, where the row has these values already, or is of another version than when it was read.

    `where` is another condition (SQL and its values) that leads to one row. `aims`: the statement that finds a field's value, in its first
    column; nothing is done where it finds none, and the row itself does not learn it. `also`: expressions that are answered along, each as an
    attribute; they may ask `held` what stood in the written columns before, and `aim_release` what was found for the field of that name.

    What `tell` would do is the caller's, with `told_alone`.
    """
    condition, held = where or (AS_READ, [row.pk, row.change_id])
    aims, also = aims or {}, also or {}
    fields = [row._meta.get_field(name) for name in names]
    places, values = _places(row, fields, aims)
    columns = ", ".join(f'"{field.column}" = {place}' for field, place in zip(fields, places, strict=True))
    now, returned = _row_of(fields), [row._meta.get_field(name) for name in ("change_id", *answered)]
    told = ", ".join([_told(returned), *(f"({sql})" for sql, _values in also.values())])
    aimed = "".join(f"aim_{name} (value) AS MATERIALIZED ({sql}), " for name, (sql, _values) in aims.items())
    there = "".join(f" AND EXISTS (SELECT FROM aim_{name})" for name in aims)
    table, change = row._meta.db_table, _of_change(row.workspace_id, verb, by, reason, quiet=quiet)
    with connection.cursor() as cursor:
        cursor.execute(
            f'WITH {aimed}held AS MATERIALIZED (SELECT id, {now} FROM "{table}" WHERE {condition}{there}'  # noqa: S608 - names of ours
            f" AND ({now}) IS DISTINCT FROM ({', '.join(places)}) FOR UPDATE), change AS ({INSERT} SELECT {VALUES} FROM held {BEGUN})"
            f' UPDATE "{table}" AS written SET {columns} FROM held, change WHERE written.id = held.id RETURNING {told}',
            [*_values(aims), *held, *values, *change, *values, *_values(also)],
        )
        found = cursor.fetchone()
    if found is None:
        return False
    if connection.in_atomic_block:
        close_for_writing()
    _take(row, returned, found)
    for name, value in zip(also, found[len(returned) :], strict=True):
        setattr(row, name, value)
    return True


def _of_change(workspace_id: int, verb: str, by: Actor, reason: str, *, quiet: bool) -> list[Any]:
    member = by.member and by.member.pk
    return [workspace_id, by.kind.value, member, by.reference, by.label, verb, clock.now(), quiet, None, reason]


def told_alone(row: Any, noun: str, public_id: str | int, *, product_id: int | None = None) -> None:
    """Let open browsers know, after the commit, what was written alone."""
    message = live.Message(noun, str(public_id), row.change_id, product_id, None, row.workspace_id)
    transaction.on_commit(partial(live.publish, [message]))


def _set(row: models.Model, fields: list[Any]) -> tuple[str, list[Any]]:
    """What stands after SET, and its values."""
    places, values = _places(row, fields, {})
    return ", ".join(f'"{field.column}" = {place}' for field, place in zip(fields, places, strict=True)), values


def _places(row: models.Model, fields: list[Any], aims: Mapping[str, Any]) -> tuple[list[str], list[Any]]:
    """The values of fields as SQL; of those that are aimed at, what was found."""
    places, values = [], []
    for field in fields:
        if field.name in aims:
            places.append(f"(SELECT value FROM aim_{field.name})")  # noqa: S608 - a field's name
        else:
            values.append(field.get_db_prep_save(getattr(row, field.attname), connection))
            places.append(_place_of(field, values[-1]))
    return places, values


def _values(statements: Mapping[str, tuple[str, list[Any]]]) -> list[Any]:
    return [value for _sql, values in statements.values() for value in values]


def _row_of(fields: list[Any]) -> str:
    return ", ".join(f'"{field.column}"' for field in fields)


def _told(fields: list[Any]) -> str:
    return ", ".join(f'written."{field.column}"' for field in fields)


def _take(row: models.Model, fields: list[Any], values: tuple[Any, ...]) -> None:
    for field, value in zip(fields, values, strict=False):
        setattr(row, field.attname, value)


def _place_of(field: Any, value: Any) -> str:
    """Where a value stands in the statement: arrays say of what they are."""
    return field.get_placeholder(value, None, connection) if hasattr(field, "get_placeholder") else "%s"
