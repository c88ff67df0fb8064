"""Counts the statements of one request, and the rows that it writes, when it is asked to (X-Count-Statements), in benches only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

#: Where the history of all rows is kept.
HISTORY = ("changes_change", "changes_version")
#: What this connection wrote since its counts last went to the server's statistics, triggers' doing too.
WRITTEN = (
    "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
    " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY relname"
)


def count_statements(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if "X-Count-Statements" not in request.headers:
            return get_response(request)
        count = 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")

        def counting(execute: Any, *arguments: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*arguments)

        with connection.execute_wrapper(counting):
            response = get_response(request)
        response["X-Statements"] = str(count)
        response["X-Row-Writes"] = " ".join(f"{table}={rows}" for table, rows in _written().items())
        return response

    return middleware


def _written() -> dict[str, int]:
    """Rows written by table, those of history left out: the server sends its counts on once a second at most, so these are the request's."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {table: rows for table, rows in cursor.fetchall() if table not in HISTORY}
