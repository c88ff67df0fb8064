"""The rows that were not imported, as a CSV to mend and import again."""

import csv
from collections.abc import Iterable
from typing import TextIO

from django.utils.translation import gettext as _

from roadmap.importing.parsed import RowError
from roadmap.importing.table import Source
from roadmap.importing.text import guard


def write_rejects(source: Source, errors: Iterable[RowError], out: TextIO) -> int:
    """The rejected rows under the header of the file, with `Line` and `Reason` before them; returns how many.

    An import leaves those two columns out by itself. Cells that a spreadsheet would run are guarded. Write a BOM first
    (encoding `utf-8-sig`) so that Excel reads the accents.
    """
    reasons = {error.line: error for error in errors}
    writer = csv.writer(out)
    writer.writerow(["Line", "Reason", *(guard(header) for header in source.headers)])
    count = 0
    for row in source.rows():
        error = reasons.get(row.line)
        if error:
            writer.writerow([str(error.line), sentence(error), *(guard(cell) for cell in (*row.cells, *row.surplus))])
            count += 1
    return count


def sentence(error: RowError) -> str:
    if error.column:
        return _("Column “%(column)s”: %(reason)s") % {"column": error.column, "reason": error.reason}
    return error.reason
