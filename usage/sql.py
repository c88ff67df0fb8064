"""Bulk reading and writing, past the ORM: binary rows in, COPY out. Both join the transaction of Django's connection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection, models


def rows(query: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a query in binary form: bytea comes as bytes, without its hexadecimal detour."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(query, parameters, binary=True, prepare=False)  # planned for these very days
        yield from cursor


def named_rows(query: str, parameters: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """As rows(), with parameters by name."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(query, parameters, binary=True, prepare=False)  # planned for these very days
        yield from cursor


def row(query: str, *parameters: Any) -> tuple[Any, ...]:
    """The only row of a query that always has one."""
    return next(rows(query, *parameters))


def execute(query: str, *parameters: Any) -> int:
    """Run a statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.rowcount


#: How PostgreSQL calls the types of the columns that we copy.
TYPES: dict[type[models.Field[Any, Any]], str] = {
    models.BigIntegerField: "int8",
    models.IntegerField: "int4",
    models.PositiveIntegerField: "int4",
    models.SmallIntegerField: "int2",
    models.DateField: "date",
    models.DateTimeField: "timestamptz",
    models.BinaryField: "bytea",
    models.CharField: "text",
    models.ForeignKey: "int8",
}


def copy_in(model: type[models.Model], names: Sequence[str], values: Iterable[Sequence[Any]]) -> None:
    """COPY rows into the table of `model`. `names` are its fields in the order of the values.

    The connection is busy until the last row: `values` must not read from the database.
    """
    fields = [model._meta.get_field(name) for name in names]
    types = [type_of(field) for field in fields]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN (FORMAT BINARY)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for values_of_row in values:
            copy.write_row(values_of_row)


def type_of(field: models.Field[Any, Any]) -> str:
    base = getattr(field, "base_field", None)  # an array's
    return f"{TYPES[type(base)]}[]" if base is not None else TYPES[type(field)]
