"""The servers behind the application: embedded ones in the data folder, or external ones named in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

import psycopg
import redis

from .addresses import broker_url, number_of
from .data_folder import DataFolder
from .postgres import Postgres
from .processes import ServiceError
from .valkey import Valkey

DATABASE = "cradle"


class Backing:
    """DATABASE_URL and REDIS_URL of the environment win; what they leave open is embedded."""

    def __init__(self, folder: DataFolder, environ: Mapping[str, str] = os.environ) -> None:
        self.postgres = None if environ.get("DATABASE_URL") else Postgres(folder.path / "postgres")
        self.valkey = None if environ.get("REDIS_URL") else Valkey(folder.path / "valkey")
        self.database_url = self.postgres.url(DATABASE) if self.postgres else environ["DATABASE_URL"]
        self.redis_url = self.valkey.url() if self.valkey else environ["REDIS_URL"]
        self.celery_broker_url = environ.get("CELERY_BROKER_URL") or broker_url(
            self.redis_url, number_of(self.redis_url) + 1
        )

    def addresses(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "CELERY_BROKER_URL": self.celery_broker_url,
        }

    @property
    def embedded(self) -> list[Postgres | Valkey]:
        return [server for server in (self.postgres, self.valkey) if server]

    def start(self) -> None:
        for server in self.embedded:
            server.start()

    def wait(self) -> None:
        """Returns when both answer; raises ServiceError with a sentence."""
        for server in self.embedded:
            server.wait()
        if self.postgres:
            self.postgres.ensure_database(DATABASE)
        else:
            self._reach_database()
        if not self.valkey:
            self._reach_redis()

    def stop(self) -> None:
        for server in reversed(self.embedded):
            server.stop()

    def _reach_database(self) -> None:
        try:
            psycopg.connect(self.database_url, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            raise ServiceError(f"The database of DATABASE_URL does not answer: {first_line(error)}.") from error

    def _reach_redis(self) -> None:
        try:
            with redis.Redis.from_url(self.redis_url, socket_connect_timeout=10) as client:
                client.ping()
        except (redis.RedisError, OSError) as error:
            raise ServiceError(f"The server of REDIS_URL does not answer: {first_line(error)}.") from error


def first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
