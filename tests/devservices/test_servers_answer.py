"""The servers under the tests are real, and each worker has its own part of them."""

import os
import subprocess
import sys

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection

from devservices.addresses import broker_url, number_of, with_database, with_number


@pytest.mark.django_db
def test_postgresql_answers_from_the_database_named_in_the_environment():
    with connection.cursor() as cursor:
        cursor.execute("select current_database(), version()")
        name, version = cursor.fetchone()
    assert f"/{name}?" in os.environ["DATABASE_URL"] or os.environ["DATABASE_URL"].endswith(f"/{name}")
    assert name.startswith("test_")
    assert version.startswith("PostgreSQL")


@pytest.mark.django_db
def test_the_test_database_is_migrated():
    assert "django_migrations" in connection.introspection.table_names()


def test_valkey_answers_and_keeps_a_value():
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    client.set("tests:devservices", "kept", ex=60)
    assert client.get("tests:devservices") == b"kept"


def test_settings_read_the_same_addresses():
    assert settings.DATABASES["default"]["NAME"].startswith("test_")


def test_broker_and_cache_are_different_numbered_databases():
    assert os.environ["CELERY_BROKER_URL"] == broker_url(
        os.environ["REDIS_URL"], number_of(os.environ["REDIS_URL"]) + 1
    )


@pytest.mark.django_db(transaction=True)
def test_a_process_started_by_a_test_sees_the_rows_of_the_test():
    with connection.cursor() as cursor:
        cursor.execute("create table seen_by_child (word text)")
        cursor.execute("insert into seen_by_child values ('canary')")
    try:
        script = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("select word from seen_by_child").fetchone()[0])
"""
        child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert child.stdout.strip() == "canary"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop table seen_by_child")


def test_the_embedded_build_has_the_extensions_we_use():
    with psycopg.connect(with_database(os.environ["DATABASE_URL"], "postgres")) as server:
        rows = server.execute("select name from pg_available_extensions").fetchall()
    assert {"pg_trgm", "citext", "unaccent"} <= {name for (name,) in rows}


@pytest.mark.parametrize(
    ("url", "number", "expected"),
    [
        ("unix:///run/v.sock?db=0", 3, "redis+socket:///run/v.sock?virtual_host=3"),
        ("redis://host:6379/0", 3, "redis://host:6379/3"),
        ("rediss://:secret@host", 3, "rediss://:secret@host/3"),
    ],
)
def test_celery_gets_its_own_spelling_of_the_address(url, number, expected):
    assert broker_url(url, number) == expected


def test_addresses_change_only_the_database():
    assert with_database("postgresql://postgres@/a?host=/run/pg", "b") == "postgresql://postgres@/b?host=/run/pg"
    assert with_database("postgresql:///a?host=/run/pg", "b") == "postgresql:///b?host=/run/pg"
    assert with_database("postgresql://me:pw@db:5433/a", "b") == "postgresql://me:pw@db:5433/b"
    assert with_number("unix:///run/v.sock?db=0", 7) == "unix:///run/v.sock?db=7"
    assert number_of("redis://host:6379") == 0
