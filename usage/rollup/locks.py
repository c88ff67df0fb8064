"""One worker at a time for one piece of a product's rollup, each seeing one instant of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from psycopg import errors

from usage import sql

#: Second half of the advisory lock's key, beside the product: shards count up from 0, parts of the figures down from -1.
RECUT = 1_000_000_000
T = TypeVar("T")


@contextmanager
def alone(product_id: int, number: int, *, wait: bool) -> Iterator[bool]:
    """A REPEATABLE READ transaction under the advisory lock (product, number).

    Yields False, having done nothing, when somebody else holds the lock and `wait` is False. The lock is taken before
    the snapshot: within the transaction, the locking statement itself would fix a snapshot that does not see what the
    previous holder has just committed. Inside a transaction of the caller it joins that one.
    """
    if connection.in_atomic_block:
        sql.execute("SELECT pg_advisory_xact_lock(%s, %s)", product_id, number)
        with transaction.atomic():
            yield True
        return
    if not _take(product_id, number, wait):
        yield False
        return
    try:
        with transaction.atomic():
            sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield True
    finally:
        if connection.connection is not None and not connection.connection.closed:
            sql.execute("SELECT pg_advisory_unlock(%s, %s)", product_id, number)


def again_on_conflict(work: Callable[[], T], tries: int = 5) -> T:
    """Repeat `work` when PostgreSQL could not fit it among the transactions of others."""
    for left in reversed(range(tries)):
        try:
            return work()
        except OperationalError as error:
            conflict = isinstance(error.__cause__, errors.SerializationFailure | errors.DeadlockDetected)
            if not conflict or not left or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _take(product_id: int, number: int, wait: bool) -> bool:
    if wait:
        sql.execute("SELECT pg_advisory_lock(%s, %s)", product_id, number)
        return True
    return sql.row("SELECT pg_try_advisory_lock(%s, %s)", product_id, number)[0]
