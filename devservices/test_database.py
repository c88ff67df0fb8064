"""The test database of one worker: a copy of a template that is migrated once per state of the migrations."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import sql

from . import quick_migrations
from .addresses import with_database

TEMPLATE_LOCK = 4711


class TestDatabase:
    """`url` names the database to make; its server must let us create databases."""

    __test__ = False  # pytest: this is no test case

    def __init__(self, url: str) -> None:
        self.name = urlsplit(url).path.lstrip("/")
        self.maintenance_url = with_database(url, "postgres")

    def create(self) -> None:
        template = f"template_{schema_key()}"
        with psycopg.connect(self.maintenance_url, autocommit=True) as server:
            server.execute("select pg_advisory_lock(%s)", [TEMPLATE_LOCK])  # one worker makes the template
            if not exists(server, template):
                self._migrate_template(server, template)
            drop(server, self.name)
            copy(server, template, self.name)

    def drop(self) -> None:
        """Ends the sessions of whatever still runs against it, such as a Celery worker that a test left behind."""
        close_connections()
        with psycopg.connect(self.maintenance_url, autocommit=True) as server:
            drop(server, self.name)

    def _migrate_template(self, server: psycopg.Connection, template: str) -> None:
        """Migrate a database under our own name, then keep a copy; older templates go."""
        for (old,) in server.execute("select datname from pg_database where datname like 'template\\_%'").fetchall():
            drop(server, old)
        drop(server, self.name)
        server.execute(sql.SQL("create database {}").format(sql.Identifier(self.name)))
        with quick_migrations.keeping_classes():
            call_command("migrate", verbosity=0, interactive=False)
        close_connections()
        copy(server, self.name, template)


def schema_key() -> str:
    """Changes with any migration, and any SQL file beside them, of any installed app; and with our way of migrating."""
    digest = sha256(Path(quick_migrations.__file__).read_bytes())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        folder = Path(app.path)
        for file in sorted([*folder.glob("migrations/*.py"), *folder.rglob("*.sql")]):
            digest.update(f"{app.name}/{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def close_connections() -> None:
    """Close every connection of this process, those resting in the pool too: a copied database must be idle."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


def exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def copy(server: psycopg.Connection, source: str, target: str) -> None:
    command = sql.SQL("create database {} template {} strategy file_copy")
    server.execute(command.format(sql.Identifier(target), sql.Identifier(source)))
