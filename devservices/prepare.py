"""`python -m devservices.prepare`: what must be there before the first page: tables, static files, somebody to enter.

Runs in a process of its own, so that the supervisor stays small, and is started while the servers still boot.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from datetime import date
from hashlib import sha256
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from .quick_migrations import keeping_classes
from .terminal import say

MIGRATION_LOCK = 20_260_101


def main() -> None:
    options = parser().parse_args()
    if options.aside:
        os.nice(10)
    django.setup()
    wait_for_database()
    remove_half_a_demo(options.own_database)
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
    options.add_argument("--aside", action="store_true", help="others are in more of a hurry")
    options.add_argument("--only-tables", action="store_true")
    options.add_argument("--own-database", action="store_true", help="embedded: may be emptied after half a demo")
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


def remove_half_a_demo(own_database: bool) -> None:
    """A demo that was interrupted would never be finished: start again with an empty database, if it is our own."""
    mark = unfinished()
    if not mark.exists():
        return
    if not own_database:
        sys.exit(
            f"Making the demo was interrupted. Give DATABASE_URL an empty database, remove {mark} and start again."
        )
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute("drop schema public cascade")
        database.execute("create schema public")
    mark.unlink()
    say("Making the demo was interrupted the last time; it is made anew.")


def unfinished() -> Path:
    return Path(settings.DATA_FOLDER) / "demo-unfinished"


def migrate() -> None:
    """One at a time: several containers may start together."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as guard:
        guard.execute("select pg_advisory_lock(%s)", [MIGRATION_LOCK])
        migrate_if_needed()


def migrate_if_needed() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with keeping_classes():
            call_command("migrate", verbosity=0, interactive=False)
        look_tables_over()
        say("The tables are up to date.")


def look_tables_over() -> None:
    """Let PostgreSQL count what is in the tables. By itself it does so after a minute; plans made before that cost pages tenfold."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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
    """Says the sign-ins, also where the demo is there already."""
    is_new = not somebody_is_here()
    if is_new:
        unfinished().touch()
    call_command("demo", if_empty=True, **({"today": date.fromisoformat(today)} if today else {}))
    unfinished().unlink(missing_ok=True)
    if is_new:
        look_tables_over()


def somebody_is_here() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from accounts_workspace)")
        return bool(cursor.fetchone()[0])


def offer_set_up() -> None:
    """A link that works once; nothing where a workspace is there already."""
    if not somebody_is_here():
        call_command("setup_link")


if __name__ == "__main__":
    main()
