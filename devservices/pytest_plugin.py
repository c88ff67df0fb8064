"""`-p devservices.pytest_plugin`: real PostgreSQL and Valkey under every test run.

Started once by the xdist controller (or by a run without xdist). Every worker has a database of its own, copied from
one migrated template, and two numbered databases of Valkey. DATABASE_URL, REDIS_URL and CELERY_BROKER_URL name them
before settings are read, so a process that a test starts, such as a Celery worker, reaches the test's own data.

TEST_DATABASE_URL and TEST_REDIS_URL (a server with at least 16 databases, emptied by us) point at servers of yours.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator
from functools import partial
from pathlib import Path

import pytest

from . import pytest_chromium, pytest_database
from .addresses import broker_url, with_database, with_number
from .lock import AlreadyLocked, lock
from .postgres import Postgres
from .valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
SLOTS = 8  # test runs at the same time in one checkout


@pytest.hookimpl(wrapper=True)  # wrappers run before pytest-django's own hook, which reads DATABASES
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        started = time.monotonic()
        start_servers(early_config)
        os.environ["CRADLE_TEST_SERVERS_READY"] = f"{time.monotonic() - started:.1f}"
    export_addresses(worker)
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    # Here, after pytest-django and pytest-playwright: of two fixtures with one name the one registered later wins.
    config.pluginmanager.register(pytest_database, "devservices-database")
    config.pluginmanager.register(pytest_chromium, "devservices-chromium")


def pytest_report_header() -> str:
    return f"devservices: PostgreSQL and Valkey ready in {os.environ['CRADLE_TEST_SERVERS_READY']} s"


def start_servers(config: pytest.Config) -> None:
    """Take the first free slot of this checkout and start servers in it, or name the external ones."""
    if "TEST_DATABASE_URL" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
        os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"]
        os.environ["CRADLE_TEST_FOLDER"] = str(slot_folder(config))
        return
    folder = slot_folder(config)
    postgres, valkey = Postgres(folder / "postgres", fast=True), Valkey(folder / "valkey", persist=False)
    for server in (postgres, valkey):
        config.add_cleanup(server.stop)
        server.start()
    for server in (postgres, valkey):
        server.wait()
    os.environ.update(DATABASE_URL=postgres.url("postgres"), REDIS_URL=valkey.url(0), CRADLE_TEST_FOLDER=str(folder))


def slot_folder(config: pytest.Config) -> Path:
    """A folder that no other running test session uses; it stays, with its migrated template, for the next one."""
    for number in range(SLOTS):
        folder = ROOT / ".pytest-services" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = lock(folder / "lock")
        except AlreadyLocked:
            continue
        config.add_cleanup(partial(os.close, descriptor))
        return folder
    raise pytest.UsageError(f"{SLOTS} test runs are already under way in {ROOT}; wait for one to end.")


def export_addresses(worker: str) -> None:
    """Point this process, and every process it starts, at the databases of this one xdist worker."""
    number = 2 + 2 * int(worker.removeprefix("gw")) if worker else 0
    redis_url = with_number(os.environ["REDIS_URL"], number)
    files = Path(os.environ["CRADLE_TEST_FOLDER"]) / f"files-{worker or 'main'}"
    shutil.rmtree(files, ignore_errors=True)
    (files / "static").mkdir(parents=True)  # whitenoise looks there, and warns where nothing is
    os.environ.update(
        DATABASE_URL=with_database(os.environ["DATABASE_URL"], f"test_{worker or 'main'}"),
        REDIS_URL=redis_url,
        CELERY_BROKER_URL=broker_url(redis_url, number + 1),
        CRADLE_DATA=str(files),
        DEBUG="1",
        SECRET_KEY="for tests only",
    )
