"""Numbers of rows, many in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from django.db import connection
from django.http import HttpRequest


class Asks(Protocol):
    """What asks several statements as one (accounts.together.Together)."""

    def ask_sql(self, sql: str, values: Sequence[Any], *kinds: str) -> Callable[[], list[Any]]: ...


def counted(*statements: tuple[str, list[Any]]) -> list[int]:
    """How many rows each of these statements has, asked in one."""
    with connection.cursor() as cursor:
        cursor.execute(*_as_one(statements))
        return list(cursor.fetchone())


def _as_one(statements: Iterable[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    statements = list(statements)
    counts = ", ".join(f"(SELECT count(*) FROM ({sql}) one)" for sql, _values in statements)  # noqa: S608 - composed by Django
    return f"SELECT {counts}", [value for _sql, values in statements for value in values]


class Numbers:
    """The numbers of a page, of its frame and of its tabs: one statement asks for all when the first of them is drawn.

        count = Numbers.of(request).later(*OPEN.statement(member))

    What a view hands to its template is called there; a template that does not draw it costs nothing.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], tuple[str, list[Any]]] = {}
        self._along: dict[tuple[str, str], Callable[[], list[Any]]] = {}
        self._found: dict[tuple[str, str], int] = {}

    @classmethod
    def of(cls, request: HttpRequest) -> Numbers:
        """Those of the page that answers this request."""
        numbers: Numbers | None = getattr(request, "numbers", None)
        if numbers is None:
            numbers = request.numbers = cls()  # type: ignore[attr-defined]
        return numbers

    def later(self, sql: str, values: list[Any]) -> Callable[[], int]:
        """How many rows this statement has, as a function. The same statement is asked once."""
        key = (sql, repr(values))
        if key not in self._found and key not in self._along:
            self._asked[key] = (sql, values)
        return lambda: self._number(key)

    def ask_along(self, together: Asks) -> None:
        """Have those that were asked for until now answered by the statement that reads the page."""
        asked, self._asked = self._asked, {}
        if asked:
            rows = together.ask_sql(*_as_one(asked.values()), *["bigint"] * len(asked))
            self._along |= {key: lambda place=place: rows()[0][place] for place, key in enumerate(asked)}  # type: ignore[misc]

    def _number(self, key: tuple[str, str]) -> int:
        if key in self._along:
            return self._along[key]()
        if key not in self._found:
            self._found.update(zip(self._asked, counted(*self._asked.values()), strict=True))
            self._asked.clear()
        return self._found[key]
