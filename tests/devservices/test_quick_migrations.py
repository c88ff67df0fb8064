"""The quick way of migrating must end with the very tables, constraints, indexes and triggers of Django's own way."""

import os
import re
import subprocess
import sys

import psycopg
import pytest

from devservices.addresses import with_database
from devservices.environment import ROOT
from devservices.postgres import wheel_folder


@pytest.fixture
def migrated_by_django():
    url = with_database(os.environ["DATABASE_URL"], f"slowly_{os.getpid()}")
    name = f"slowly_{os.getpid()}"
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as server:
        server.execute(f"create database {name}")
        env = {**os.environ, "DATABASE_URL": url, "DATABASE_POOL": "0"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
        yield url
        server.execute(f"drop database {name} with (force)")


def schema(url):
    """Without the daily partitions of events, which other tests make as they need them."""
    dump = [wheel_folder() / "bin" / "pg_dump", "--schema-only", "--no-owner", "--exclude-table=usage_event_2*", url]
    text = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    return re.sub(r"^\\(un)?restrict .*$", "", text, flags=re.MULTILINE)  # a random word in each dump


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_both_ways_end_with_the_same_schema(migrated_by_django):
    assert schema(os.environ["DATABASE_URL"]) == schema(migrated_by_django)
