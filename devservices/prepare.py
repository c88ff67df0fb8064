"""`python -m devservices.prepare`: what must be there before the first page: tables, static files, somebody to enter.

Runs in a process of its own, so that the supervisor stays small, and is started while the servers still boot.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from hashlib import sha256
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from .quick_migrations import rendering_only_fields
from .terminal import say

MIGRATION_LOCK = 20_260_101


def main() -> None:
    options = parser().parse_args()
    django.setup()
    wait_for_database()
    migrate()
    if options.only_tables:
        return
    collect_static()
    if options.no_people:
        return
    if options.empty:
        offer_set_up()
    else:
        fill_demo(options.today)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m devservices.prepare")
    options.add_argument("--only-tables", action="store_true")
    options.add_argument("--no-people", action="store_true", help="neither demo nor set-up link")
    options.add_argument("--empty", action="store_true")
    options.add_argument("--today")
    return options


def wait_for_database() -> None:
    """The supervisor looks after it; here only patience is needed. Asked without the pool, which would wait longer."""
    end = time.monotonic() + 90
    while True:
        try:
            psycopg.connect(os.environ["DATABASE_URL"]).close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def migrate() -> None:
    """One at a time: several containers may start together."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as guard:
        guard.execute("select pg_advisory_lock(%s)", [MIGRATION_LOCK])
        migrate_if_needed()


def migrate_if_needed() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with rendering_only_fields():
            call_command("migrate", verbosity=0, interactive=False)
        say("The tables are up to date.")


def collect_static() -> None:
    """Only when a file or a setting that decides about it has changed since the last time: hashing takes a second."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    state = static_state()
    if mark.exists() and mark.read_text() == state:
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(state)


def static_state() -> str:
    digest = sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def fill_demo(today: str | None) -> None:
    if "demo" in get_commands():
        call_command("demo", if_empty=True, **({"today": today} if today else {}))


def offer_set_up() -> None:
    if "setup_link" in get_commands():
        call_command("setup_link")


if __name__ == "__main__":
    main()
