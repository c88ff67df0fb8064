"""What each column of a file holds, over all of its rows."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from roadmap.importing.table import Source
from roadmap.importing.values import Unreadable

DISTINCT = 1_000  # values of one column that are remembered
CLOSED = 60  # a column with more values than this is no status and no type


@dataclass
class Values:
    """What one column holds, over all rows."""

    filled: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    overflow: bool = False

    def add(self, cell: str) -> None:
        cell = cell.strip()[:300]
        self.filled += 1
        if cell in self.counts or len(self.counts) < DISTINCT:
            self.counts[cell] += 1
        else:
            self.overflow = True

    @property
    def is_closed(self) -> bool:
        return not self.overflow and len(self.counts) <= CLOSED


def survey(source: Source) -> list[Values]:
    values = [Values() for _column in source.columns]
    for row in source.rows():
        for held, cell in zip(values, row.cells, strict=True):
            if cell and not cell.isspace():
                held.add(cell)
    return values


def is_readable(value: str, read: Callable[[str], object]) -> bool:
    try:
        read(value)
    except Unreadable:
        return False
    return True
