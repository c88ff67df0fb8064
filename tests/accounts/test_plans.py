"""What the connections keep of what they are asked."""

from __future__ import annotations

import pytest
from django.db import connection
from psycopg import _queries

from accounts import plans


def plans_kept() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_connection_keeps_the_plans_of_all_that_pages_ask():
    for number in range(plans.PLANS - 50):
        with connection.cursor() as cursor:
            for _time in range(5):
                cursor.execute(f"SELECT {number} AS kept WHERE %s", [True])
    kept = plans_kept()
    assert len([statement for statement in kept if "AS kept" in statement]) == plans.PLANS - 50


@pytest.mark.django_db
def test_a_long_statement_is_parsed_once():
    long = f"SELECT %s AS told -- {'x' * 10_000}"
    before = _queries._query2pg.cache_info()
    for _time in range(3):
        with connection.cursor() as cursor:
            cursor.execute(long, [True])
    after = _queries._query2pg.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)


def test_as_many_statements_are_kept_parsed_as_plans():
    assert _queries._query2pg.cache_info().maxsize == plans.PLANS
