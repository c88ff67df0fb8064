"""Numbers of rows, many in one statement."""

from __future__ import annotations

from typing import Any

from django.db import connection


def counted(*statements: tuple[str, list[Any]]) -> list[int]:
    """How many rows each of these statements has, asked in one."""
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) one)" for sql, _values in statements)  # noqa: S608 - composed by Django
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _sql, values in statements for value in values])
        return list(cursor.fetchone())
