"""Work that is done for many rows at a time, of which one may be broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

Row = TypeVar("Row")
log = structlog.get_logger()


def each_apart(rows: Iterable[Row], do: Callable[[Row], int]) -> int:
    """The sum of `do(row)`. What fails for one row is logged and stops none of the others; whoever calls comes by again."""
    done = 0
    for row in rows:
        try:
            done += do(row)
        except Exception:
            log.exception("row_failed", row=repr(row), work=do.__qualname__)
    return done
