"""How much the connections to PostgreSQL keep of what they were asked: the pages ask some two hundred statements, many of them long."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.backends.signals import connection_created
from psycopg import _queries

#: Plans that a connection keeps; psycopg keeps 100.
PLANS = 250
#: psycopg parses a statement anew each time where it is longer than 4 kB or has more than 50 parameters, for such are seldom
#: asked twice. Ours are asked on every page. These are constants of a private module: look at them when psycopg is raised.
LENGTH, PARAMETERS = 64 * 1024, 500


def keep_more() -> None:
    _queries.MAX_CACHED_STATEMENT_LENGTH = LENGTH
    _queries.MAX_CACHED_STATEMENT_PARAMS = PARAMETERS
    _queries._query2pg = lru_cache(PLANS)(_queries._query2pg_nocache)  # of which psycopg keeps 128
    connection_created.connect(_keep_plans, dispatch_uid="accounts.plans")


def _keep_plans(connection: Any, **_more: Any) -> None:
    connection.connection.prepared_max = PLANS
