"""The cells of one row by field, and what is left over of them."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from roadmap.importing.fields import LABELS, Field
from roadmap.importing.limits import LIMITS
from roadmap.importing.mapping import ColumnMap, Mapping
from roadmap.importing.table import Row
from roadmap.importing.values import Unreadable
from roadmap.importing.vocabulary import plain


class Fault(Exception):
    """Ends the reading of one row; never leaves this package."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        self.reason, self.column = reason, column


class Cells:
    """One row under a mapping; collects what the fields leave over."""

    def __init__(self, row: Row, mapping: Mapping) -> None:
        self.row, self.mapping = row, mapping
        self.left: list[tuple[int, str, str]] = []

    def refuse_misfit(self) -> None:
        """Raise Fault for a row of more cells than the header has, or with a cell that is too long for any field."""
        if self.row.surplus:
            raise Fault(
                _(
                    "The row has %(count)d more cells than the header. "
                    "A text with the delimiter in it may lack its quotation marks."
                )
                % {"count": len(self.row.surplus)}
            )
        for column in self.mapping.columns:
            length = len(self.row.cells[column.position])
            if length > LIMITS.cell and column.field != Field.LEAVE_OUT:
                raise Fault(too_long(length, LIMITS.cell), column.header)

    def columns(self, wanted: Field) -> tuple[ColumnMap, ...]:
        return self.mapping.by_field.get(wanted, ())

    def column(self, wanted: Field) -> ColumnMap | None:
        columns = self.columns(wanted)
        return columns[0] if columns else None

    def header(self, wanted: Field) -> str | None:
        column = self.column(wanted)
        return column.header if column else None

    def take(self, wanted: Field) -> str:
        return first(self.row, self.mapping, wanted)

    def read(self, wanted: Field, reader: Callable[[str], Any]) -> Any:
        """What `reader` makes of the field's cell; None where it is empty."""
        column = self.column(wanted)
        cell = self.row.cells[column.position].strip() if column else ""
        if not column or not cell:
            return None
        try:
            return reader(cell)
        except Unreadable as error:
            raise Fault(f"{LABELS[wanted]}: {error}.", column.header) from error

    # What is left over

    def keep(self, column: ColumnMap, text: str) -> None:
        self.left.append((column.position, column.header, text))

    def keep_words(self, wanted: Field, value: str, became: str) -> None:
        column = self.column(wanted)
        if column and value and plain(value) != plain(became):
            self.keep(column, value)

    def keep_the_rest(self) -> None:
        for column in self.columns(Field.KEEP):
            cell = self.row.cells[column.position]
            if cell:
                self.keep(column, cell)

    def source_data(self) -> dict[str, str | list[str]]:
        kept: dict[str, list[str]] = {}
        for _position, header, cell in sorted(self.left):
            kept.setdefault(header, []).append(cell)
        return {header: cells[0] if len(cells) == 1 else cells for header, cells in kept.items()}


def first(row: Row, mapping: Mapping, wanted: Field) -> str:
    columns = mapping.by_field.get(wanted, ())
    return row.cells[columns[0].position].strip() if columns else ""


def too_long(length: int, limit: int) -> str:
    return _("It has %(length)s characters; at most %(limit)s fit. Shorten it.") % {
        "length": f"{length:,}",
        "limit": f"{limit:,}",
    }
