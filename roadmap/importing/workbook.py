"""XLSX. A workbook is a ZIP of XML, so it is weighed and searched for entities before anything parses it."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from roadmap.importing.errors import (
    BrokenFile,
    FileTooLarge,
    ImportRefused,
    NothingToImport,
    TooManyColumns,
    UnknownFormat,
)
from roadmap.importing.limits import Limits
from roadmap.importing.table import letter

Record = tuple[int, list[str]]
MEMBERS = 10_000
GAP = 100_000  # empty rows after which a sheet counts as ended


class Sheet:
    """One sheet of a workbook, read again for each pass. `names` are the sheets that hold cells."""

    def __init__(self, content: bytes, limits: Limits, name: str | None = None) -> None:
        self.content, self.limits = content, limits
        weigh(content, limits)
        self.names = tuple(self.find_names())
        if not self.names:
            raise NothingToImport(_("The workbook has no sheet with cells."))
        if name is not None and name not in self.names:
            raise NothingToImport(_("The workbook has no sheet “%(name)s” with cells.") % {"name": name[:60]})
        self.name = name if name is not None else self.names[0]
        self.ends_at: int | None = None

    def find_names(self) -> Iterator[str]:
        book = opened(self.content)
        for sheet in book.worksheets:
            if next(self.filled(sheet), None):
                yield sheet.title

    def records(self) -> Iterator[Record]:
        book = opened(self.content)
        try:
            yield from self.filled(book[self.name])
        finally:
            book.close()

    def filled(self, sheet: Any) -> Iterator[Record]:
        """Rows with any cell filled, trailing empty cells cut, with their number in the sheet."""
        sheet.reset_dimensions()  # what the file says of its size may be anything
        gap = 0
        for number, values in enumerate(guarded(sheet.iter_rows(values_only=True)), start=1):
            if len(values) > self.limits.columns:
                raise TooManyColumns(
                    _(
                        "Row %(row)d of the sheet reaches to column %(column)s; an import takes %(limit)d columns at most."
                    )
                    % {"row": number, "column": letter(len(values) - 1), "limit": self.limits.columns}
                )
            cells = [cell_text(value) for value in values]
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                gap = 0
                yield number, cells
            else:
                gap += 1
                if gap > GAP:
                    self.ends_at = number - gap
                    return


def guarded(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    # openpyxl meets damage with whatever the line at fault raises: KeyError, ValueError, ParseError, zlib.error …
    try:
        yield from rows
    except Exception as error:
        raise BrokenFile(damaged()) from error


def opened(content: bytes) -> Any:
    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # as above
        raise BrokenFile(damaged()) from error


def damaged() -> str:
    return _(
        "The workbook is damaged and will not open. Open it in your spreadsheet, save it again, or save it as CSV."
    )


def weigh(content: bytes, limits: Limits) -> None:
    """Refuse what unpacks to more than the limit (zipfile never reads past the size that a member declares), what
    is no workbook, and XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS or sum(member.file_size for member in members) > limits.unpacked_bytes:
                raise FileTooLarge(
                    _("Unpacked, the workbook is larger than %(limit)d MB. Split it, or save the sheet as CSV.")
                    % {"limit": limits.unpacked_bytes // 1024**2}
                )
            if "[Content_Types].xml" not in archive.namelist() or not any(
                member.filename.startswith("xl/") for member in members
            ):
                raise UnknownFormat(_("This is a ZIP file, not a workbook. Unpack it and choose the table inside."))
            if any(declares_entities(archive, member) for member in members if is_xml(member.filename)):
                raise BrokenFile(_("The workbook holds XML entities, which no spreadsheet writes. It is not read."))
    except ImportRefused:
        raise
    except Exception as error:  # BadZipFile, zlib.error, LZMAError, struct.error, RuntimeError for a password …
        raise BrokenFile(damaged()) from error


def is_xml(name: str) -> bool:
    return name.casefold().endswith((".xml", ".rels", ".vml"))


def declares_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """In any of the encodings that an XML parser may find: NULs are those of UTF-16."""
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(1024 * 1024):
            window = (tail + chunk).replace(b"\0", b"")
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                return True
            tail = chunk[-40:]
    return False


def cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return repr(round(value, 10))
    return str(value)
