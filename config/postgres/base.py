"""Django's PostgreSQL, with a pool that hands out first the connection that was given back last.

psycopg's own takes the one that has waited longest, so that all of them take turns, however few requests there are at once: each server
process then needs the plans and the tables' descriptions, and they have left the processor's cache when its turn comes again.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class LastFirst(ConnectionPool[Any]):
    def _get_ready_connection(self, timeout: float | None) -> Any:
        """The last comes to the left end, from which it is taken; those that are idle for longest stay next to it, and are the first to be
        closed when the pool shrinks."""
        self._pool.rotate(1)
        return super()._get_ready_connection(timeout)


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> Any:
        pool = super().pool
        if type(pool) is ConnectionPool:  # Django makes it, of the settings; nothing is in it yet
            pool.__class__ = LastFirst
        return pool
