"""Text tables: which delimiter, and records with the line on which each begins."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from roadmap.importing.errors import BrokenFile
from roadmap.importing.limits import LIMITS

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 200_000

Record = tuple[int, list[str]]

# The limit is one of the process, 131 072 by default, and cuts a file short with an exception. Ours is per row.
csv.field_size_limit(max(csv.field_size_limit(), LIMITS.file_bytes))


class Lines:
    """The lines of a text as the csv module wants them; knows whether it was asked for more than there were."""

    def __init__(self, text: str, skip: int) -> None:
        self.stream = io.StringIO(text, newline="")
        self.exhausted = False
        for _line in range(skip):
            next(self.stream, "")

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.stream.readline()
        if not line:
            self.exhausted = True
            raise StopIteration
        return line


def records(text: str, delimiter: str, skip: int = 0) -> Iterator[Record]:
    """Each record with the line it begins on, blank ones left out. A quote that is never closed is refused."""
    lines = Lines(text, skip)
    reader = csv.reader(lines, delimiter=delimiter)
    begins = skip + 1
    for cells in read_on(reader):
        if lines.exhausted:
            raise BrokenFile(
                _(
                    "A quotation mark opened in the row on line %(line)d is never closed, "
                    "so everything after it would be one cell. Close it and choose the file again."
                )
                % {"line": begins}
            )
        if any(cell and not cell.isspace() for cell in cells):
            yield begins, cells
        begins = skip + reader.line_num + 1


def read_on(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise BrokenFile(_("This is not a table that can be read: %(error)s.") % {"error": error}) from error


def told_delimiter(text: str) -> str | None:
    """Excel may say it in a first line of its own: `sep=;`."""
    first = text[:20].split("\n", 1)[0].rstrip("\r")
    if first.casefold().startswith("sep=") and len(first) == 5 and first[4] in DELIMITERS:
        return first[4]
    return None


def guess_delimiter(text: str, count_known: Callable[[list[str]], int], prefer: str = ",") -> str:
    """The delimiter under which the first rows look most like a table: known headers first, then rows of one width."""
    candidates = (prefer, *(d for d in DELIMITERS if d != prefer))
    return max(candidates, key=lambda delimiter: tableness(sample_of(text, delimiter), count_known))


def sample_of(text: str, delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for _line, cells in records(text[:SAMPLE], delimiter):
            found.append(cells)
            if len(found) == 50:
                return found
    except BrokenFile:
        return found
    # The last record of a cut sample is cut too.
    return found[:-1] if len(text) > SAMPLE and len(found) > 1 else found


def tableness(sample: list[list[str]], count_known: Callable[[list[str]], int]) -> tuple[int, float, int]:
    if not sample:
        return 0, 0.0, 0
    width, rows = Counter(len(cells) for cells in sample).most_common(1)[0]
    known = max(count_known(cells) for cells in sample[:20])
    if width < 2:
        return known, 0.0, 0
    return known, round(rows / len(sample), 2), width
