"""Takes in a whole usage log: a backfill, never late, in parts that are each stored at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from products.models import Product
from usage.intake import Bounds
from usage.logfile import Line, UsageLog
from usage.writer import EventWriter, Rejection

LINES_AT_ONCE = 20_000
SHOWN = 20


@dataclass
class Count:
    """`already` lines were in parts that an earlier run had stored. `examples` are the first rejections."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    already: int = 0
    examples: list[Rejection] = field(default_factory=list)


def ingest_file(
    product: Product,
    path: Path,
    *,
    lines_at_once: int = LINES_AT_ONCE,
    told: Callable[[Count], None] = lambda count: None,
) -> Count:
    """Store the events of the log at `path`. Calls `told` after each part. Raises UnreadableLog.

    A part is named by all that was read up to its end, so a run that was killed is repeated from where it stopped, and
    a log that has grown adds what is new.
    """
    log, writer, count = UsageLog(path), EventWriter(product), Count()
    for part in _parts(iter(log), lines_at_once):
        taken = writer.write(part, bounds=Bounds.of_file, idempotency_key=f"file:{log.digest.hexdigest()}")
        count.read += len(part)
        if taken.already:
            count.already += len(part)
        else:
            count.accepted += taken.accepted
            count.rejected += len(taken.rejections)
            count.examples += taken.rejections[: SHOWN - len(count.examples)]
        told(count)
    return count


def _parts(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    while part := list(islice(lines, size)):
        yield part
