"""The one shape that every reader produces: columns by position and rows that know their line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from roadmap.importing.fields import SYSTEMS, Kind


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as the source has it: `author` is a name or an id there, `at` as written."""

    author: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column is its position: headers repeat. `occurrence` counts those of the same header, from 0."""

    position: int
    header: str
    name: str
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is what the person sees in their editor or spreadsheet; for JSON the number of the card or issue.
    `surplus` are the cells beyond the last column, if any of them is filled; `is_short` if the row ends before it."""

    line: int
    cells: tuple[str, ...]
    surplus: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    is_short: bool = False


@dataclass(frozen=True)
class Source:
    """A file that was read to its end once and found whole. `rows()` reads it again, row by row."""

    kind: Kind
    filename: str
    size: int
    columns: tuple[Column, ...]
    row_count: int
    encoding: str | None
    delimiter: str | None
    notes: tuple[str, ...]
    reader: Callable[[], Iterator[Row]] = field(repr=False)
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    @property
    def system(self) -> str:
        """Half of what makes a second import update: items remember (system, source id)."""
        return SYSTEMS.get(self.kind, "file")

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    def rows(self) -> Iterator[Row]:
        return self.reader()

    def preview(self, count: int = 20) -> list[Row]:
        return list(islice(self.rows(), count))


def place(kind: Kind, line: int) -> str:
    """Where a row is, in the words of its file."""
    if kind == Kind.TRELLO_JSON:
        return _("Card %(line)d") % {"line": line}
    if kind == Kind.GITHUB_JSON:
        return _("Issue %(line)d") % {"line": line}
    if kind in (Kind.XLSX, Kind.PASTED):
        return _("Row %(line)d") % {"line": line}
    return _("Line %(line)d") % {"line": line}


def letter(position: int) -> str:
    """The name a spreadsheet gives a column: A, B, … Z, AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name
