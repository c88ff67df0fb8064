"""Several statements that go to the database as one, for pages that draw many small things.

    together = Together()
    links = together.ask(LINKS, member, item)
    files = together.ask(FILES, thread.pk)
    links(), files()

The first answer that is wanted fetches all that was asked until then. Each comes as one column of JSON and becomes what its `Prepared`
would have given, instances with what they select along; of columns, only types that JSON carries are taken (`KINDS`), others are refused.

A row is an array of its values; a statement whose rows come by the hundred (`Prepared(build, many=True)`) answers with an array for each column
instead: PostgreSQL looks up how to write a column's type once, not for each value, which took longer than finding the rows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.http import HttpRequest

from accounts.prepared import Prepared
from ui.shell import Shell

MOST_IN_ARRAY = 100  # arguments of a function
Later = Callable[[], list[Any]]
#: Lists name the same days again and again.
day_of = lru_cache(maxsize=4096)(dt.date.fromisoformat)


def _none(value: Any) -> Any:
    return value


#: How a column's type begins → as what it travels in JSON, and what makes its value of that.
KINDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "bigint": ("", _none),
    "integer": ("", _none),
    "smallint": ("", _none),
    "boolean": ("", _none),
    "varchar": ("", _none),
    "text": ("", _none),
    "double precision": ("", _none),
    "jsonb": ("::text", _none),
    "numeric": ("::text", Decimal),
    "date": ("", day_of),
    "timestamp with time zone": ("", dt.datetime.fromisoformat),
}


class Together:
    """See above. Good for one request: what was asked is answered once. `asked` is all that was asked until now, None for what is read alone."""

    def __init__(self) -> None:
        self._waiting: list[Asked] = []
        self.asked: list[Asked | None] = []

    @classmethod
    def of_page(cls, request: HttpRequest) -> Together:
        """For what a page shows: the numbers around it are asked along, unless htmx wants only a part of it."""
        together = cls()
        Shell.of(request).ask_along(together)
        return together

    def ask(self, prepared: Prepared, *arguments: Any, variant: tuple[Hashable, ...] = ()) -> Asked:
        """The rows of a prepared statement, when they are wanted; none, unasked, where no row can fit its condition."""
        try:
            sql, values = prepared.statement(*arguments, variant=variant)
        except EmptyResultSet:
            nothing = Asked(None, "", [], (), _as_tuples)
            self.asked.append(nothing)
            return nothing
        kinds = prepared.kinds(*arguments, variant=variant)
        make = partial(prepared.made_of, arguments, variant)
        return self._add(Asked(self, sql, values, kinds, make, by_columns=prepared.many))

    def ask_sql(self, sql: str, values: Sequence[Any], *kinds: str) -> Asked:
        """The rows of a statement that is written by hand, as tuples; `kinds` are the types of its columns."""
        return self._add(Asked(self, sql, list(values), kinds, _as_tuples))

    def alone(self, read: Later) -> Later:
        """Rows that cannot be asked together with others: what reads them by themselves."""
        self.asked.append(None)
        return read

    def _add(self, asked: Asked) -> Asked:
        self._waiting.append(asked)
        self.asked.append(asked)
        return asked

    def fetch(self) -> None:
        """Ask for all that was not yet answered."""
        waiting, self._waiting = self._waiting, []
        _fetch(waiting)


class Asked:
    """One of several statements that are asked together. Called, it gives its rows, made when they are wanted first."""

    def __init__(
        self,
        together: Together | None,
        sql: str,
        values: list[Any],
        kinds: tuple[str, ...],
        make: Callable[[list[Any]], list[Any]],
        *,
        by_columns: bool = False,
    ) -> None:
        self.together = together
        self.sql, self.values, self.kinds, self.make, self.by_columns = sql, values, kinds, make, by_columns
        self.answer: str | None = None
        self.rows: list[Any] | None = None

    def __call__(self) -> list[Any]:
        if self.rows is None:
            found = json.loads(self.text or "[]")
            self.rows = self.make(self._of_columns(found) if self.by_columns and found else self._of_rows(found))
        return self.rows

    @property
    def text(self) -> str:
        """The answer as it came: all that the rows are made of."""
        if self.answer is None and self.together is not None:
            self.together.fetch()
        return self.answer or ""

    def take(self, answer: str | None) -> None:
        self.answer = answer or ""

    def _of_columns(self, columns: list[list[Any] | None]) -> list[Any]:
        if columns[0] is None:
            return []
        for place, make in _makers(self.kinds):
            columns[place] = [None if value is None else make(value) for value in columns[place] or ()]
        return list(zip(*(column or () for column in columns), strict=True))

    def _of_rows(self, rows: list[Any]) -> list[Any]:
        if len(self.kinds) > MOST_IN_ARRAY:
            rows = [list(row.values()) for row in rows]
        for place, make in _makers(self.kinds) if rows else ():
            for row in rows:
                if row[place] is not None:
                    row[place] = make(row[place])
        return rows


def _fetch(asked: list[Asked]) -> None:
    statement = _statement(tuple((one.sql, one.kinds, one.by_columns) for one in asked))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for one in asked for value in one.values])
        answers = cursor.fetchone()
    for one, answer in zip(asked, answers, strict=True):
        one.take(answer)


@lru_cache(maxsize=256)
def _statement(asked: tuple[tuple[str, tuple[str, ...], bool], ...]) -> str:
    return f"SELECT {', '.join(_column(*one) for one in asked)}"  # noqa: S608 - composed by Django


def _column(sql: str, kinds: tuple[str, ...], by_columns: bool) -> str:
    """A statement as one value: its rows in their order, each an array, as long as PostgreSQL takes so many values for one; or its columns."""
    names = ", ".join(f"c{n}" for n in range(len(kinds)))
    if by_columns:
        columns = ", ".join(f"json_agg(c{n}{_kind(kind)[0]})" for n, kind in enumerate(kinds))
        return f"(SELECT json_build_array({columns})::text FROM ({sql}) AS asked ({names}))"  # noqa: S608 - composed
    if len(kinds) <= MOST_IN_ARRAY:
        values = ", ".join(f"c{n}{_kind(kind)[0]}" for n, kind in enumerate(kinds))
        return f"(SELECT json_agg(json_build_array({values}))::text FROM ({sql}) AS asked ({names}))"  # noqa: S608 - composed
    told = ", ".join(f"c{n}{_kind(kind)[0]} AS c{n}" for n, kind in enumerate(kinds))
    return f"(SELECT json_agg(told)::text FROM (SELECT {told} FROM ({sql}) AS asked ({names})) told)"  # noqa: S608 - composed


@lru_cache(maxsize=1024)
def _makers(kinds: tuple[str, ...]) -> list[tuple[int, Callable[[Any], Any]]]:
    """The columns whose values are made of what travelled."""
    return [(n, make) for n, (_cast, make) in enumerate(map(_kind, kinds)) if make is not _none]


def _kind(name: str) -> tuple[str, Callable[[Any], Any]]:
    base = name.removesuffix("[]").partition("(")[0]
    if base not in KINDS or (name.endswith("[]") and KINDS[base] != ("", _none)):
        raise TypeError(
            f"A column of type {name} does not travel in JSON. Defer it, or ask for its rows by themselves."
        )
    return KINDS[base]


def _as_tuples(rows: list[Any]) -> list[Any]:
    return [tuple(row) for row in rows]
