"""`read`: from a file, whatever it is, to a `Source` that was read to its end once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.importing import text as texts
from roadmap.importing.delimited import Record, guess_delimiter, records, told_delimiter
from roadmap.importing.errors import FileTooLarge, FileUnreadable, NothingToImport, TooManyColumns, TooManyRows
from roadmap.importing.fields import Kind
from roadmap.importing.limits import LIMITS, Limits
from roadmap.importing.recognising import count_known, detect, normalise
from roadmap.importing.table import Column, Comment, Row, Source, letter
from roadmap.importing.trees import Tree, read_tree
from roadmap.importing.workbook import Sheet

HEADER_WITHIN = 20  # rows that may stand above the header


def read(
    path_or_bytes: str | Path | bytes,
    filename: str = "",
    pasted: bool = False,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    limits: Limits = LIMITS,
) -> Source:
    """A `Source`, or an `ImportRefused` whose text says what is wrong with the file as a whole.

    `path_or_bytes` is a path (str or Path) or the content; what a person pasted is the content, encoded as UTF-8.
    `encoding`, `delimiter` and `sheet` overrule the guess. The whole file is read once, so what `rows()` yields later
    cannot surprise.
    """
    content = load(path_or_bytes, limits)
    name = filename or ("" if isinstance(path_or_bytes, bytes) else Path(path_or_bytes).name)
    if not content.strip(b" \t\r\n\0"):
        raise NothingToImport(_("The file is empty."))
    if content.startswith(b"PK\x03\x04") and not pasted:
        return read_workbook(content, name, sheet, limits)
    text, encoding, notes = texts.decode(content, encoding)
    text, dropped = texts.clean(text.removeprefix("\ufeff"))
    notes += texts.left_out_note(dropped)
    texts.refuse_markup(text)
    if text.lstrip()[:1] in ("{", "[") and looks_like_json(text, name):
        return read_json(text, name, len(content), encoding, notes, limits)
    return read_text(text, name, len(content), encoding, notes, delimiter, pasted, limits)


def load(path_or_bytes: str | Path | bytes, limits: Limits) -> bytes:
    if isinstance(path_or_bytes, bytes):
        size = len(path_or_bytes)
        content = path_or_bytes
    else:
        try:
            with open(path_or_bytes, "rb") as file:
                content = file.read(limits.file_bytes + 1)
        except FileNotFoundError as error:
            raise FileUnreadable(_("There is no file “%(path)s”.") % {"path": path_or_bytes}) from error
        except (OSError, ValueError) as error:
            raise FileUnreadable(
                _("The file “%(path)s” cannot be read: %(error)s.")
                % {"path": path_or_bytes, "error": getattr(error, "strerror", None) or error}
            ) from error
        size = len(content)
    if size > limits.file_bytes:
        raise FileTooLarge(
            _("The file is larger than %(limit)d MB. Split it, or leave out columns such as attachments and work logs.")
            % {"limit": limits.file_bytes // 1024**2}
        )
    return content


def looks_like_json(text: str, filename: str) -> bool:
    """A bracket opens many a CSV too; JSON goes on with a quote, a brace or its end."""
    if filename.casefold().endswith((".json", ".jsonl", ".ndjson")):
        return True
    start = text.lstrip()[:400]
    return start[1:].lstrip()[:1] in ('"', "{", "}", "]", "[")


def read_workbook(content: bytes, filename: str, sheet_name: str | None, limits: Limits) -> Source:
    sheet = Sheet(content, limits, sheet_name)

    def cleaned() -> Iterator[Record]:
        for line, cells in sheet.records():
            yield line, [texts.clean(cell)[0] for cell in cells]
        if sheet.ends_at and len(notes) == noted:
            notes.append(
                _("Whatever stands far below row %(row)d, after 100,000 empty rows, was left out.")
                % {"row": sheet.ends_at}
            )

    notes: list[str] = []
    if len(sheet.names) > 1:
        notes.append(
            _("Of %(count)d sheets “%(name)s” was read.") % {"count": len(sheet.names), "name": sheet.name[:60]}
        )
    noted = len(notes)
    layout = lay_out(cleaned, Kind.XLSX, notes, limits)
    return layout.source(filename, len(content), None, None, limits, sheet=sheet.name, sheets=sheet.names)


def read_text(
    text: str,
    filename: str,
    size: int,
    encoding: str,
    notes: list[str],
    delimiter: str | None,
    pasted: bool,
    limits: Limits,
) -> Source:
    told = told_delimiter(text)
    prefer = "\t" if pasted or filename.casefold().endswith((".tsv", ".tab")) else ","
    chosen = delimiter or told or guess_delimiter(text, count_known, prefer)
    kind = Kind.PASTED if pasted else Kind.CSV
    layout = lay_out(lambda: records(text, chosen, skip=1 if told else 0), kind, notes, limits)
    return layout.source(filename, size, encoding, chosen, limits)


def read_json(text: str, filename: str, size: int, encoding: str, notes: list[str], limits: Limits) -> Source:
    tree = read_tree(text)
    headers = tree.headers()
    if not headers:
        raise NothingToImport(_("The file holds no card or issue."))
    layout = Layout(tree.kind, headers, lambda: tree_rows(tree, headers), [*notes, *tree.notes])
    return layout.source(filename, size, encoding, None, limits)


def tree_rows(tree: Tree, headers: list[str]) -> Iterator[Row]:
    for number, cells, comments in tree.records:
        row = tuple(texts.clean(cells.get(header, ""))[0] for header in headers)
        yield Row(number, row, (), tuple(clean_comment(comment) for comment in comments))


def clean_comment(comment: Comment) -> Comment:
    return Comment(*(texts.clean(part)[0] for part in (comment.author, comment.at, comment.text)))


@dataclass(frozen=True)
class Layout:
    """Where the table in a file begins: its kind, its headers, and how to read the rows below them."""

    kind: Kind
    headers: list[str]
    rows: Callable[[], Iterator[Row]]
    notes: list[str]

    def source(
        self,
        filename: str,
        size: int,
        encoding: str | None,
        delimiter: str | None,
        limits: Limits,
        sheet: str | None = None,
        sheets: tuple[str, ...] = (),
    ) -> Source:
        """Reads every row once, so that all that is wrong with the file as a whole comes to light here."""
        if len(self.headers) > limits.columns:
            raise TooManyColumns(
                _("The file has %(count)d columns, more than the %(limit)d that an import takes. Export fewer fields.")
                % {"count": len(self.headers), "limit": limits.columns}
            )
        count = 0
        for _row in self.rows():
            count += 1
            if count > limits.rows:
                raise TooManyRows(
                    _("The file has more than %(limit)d rows. Split it and import the parts.") % {"limit": limits.rows}
                )
        if not count:
            raise NothingToImport(_("The file has a header but no row below it."))
        return Source(
            kind=self.kind,
            filename=filename,
            size=size,
            columns=columns_of(self.headers),
            row_count=count,
            encoding=encoding,
            delimiter=delimiter,
            notes=tuple(self.notes),
            reader=self.rows,
            sheet=sheet,
            sheets=sheets,
        )


def lay_out(read_records: Callable[[], Iterator[Record]], kind: Kind, notes: list[str], limits: Limits) -> Layout:
    start = list(islice(read_records(), HEADER_WITHIN))
    if not start:
        raise NothingToImport(_("The file is empty."))
    if kind == Kind.PASTED and not any(count_known(cells) for _line, cells in start):
        return without_header(read_records, start, kind, notes)
    index = find_header([cells for _line, cells in start])
    header_line, headers = start[index]
    if index:
        notes.append(
            ngettext(
                "%(count)d row above the header was left out.", "%(count)d rows above the header were left out.", index
            )
            % {"count": index}
        )
    headers = [texts.unguard(header).strip() for header in headers]
    while headers and not headers[-1]:
        headers.pop()
    detected = detect(headers) or kind
    return Layout(detected, headers, lambda: rows_below(read_records(), header_line, len(headers)), notes)


def without_header(
    read_records: Callable[[], Iterator[Record]], start: list[Record], kind: Kind, notes: list[str]
) -> Layout:
    """Cells pasted without their header: columns go by letter, and the mapping asks what they are."""
    width = max(len(cells) for _line, cells in start)
    headers = [_("Column %(letter)s") % {"letter": letter(position)} for position in range(width)]
    notes.append(_("No header was recognised, so every row is taken as an item."))
    return Layout(kind, headers, lambda: rows_below(read_records(), 0, width), notes)


def find_header(rows: list[list[str]]) -> int:
    """The first row, unless a later one names fields that we know and the first names none: exports of reports put
    titles above."""
    if count_known(rows[0]):
        return 0
    known = [count_known(cells) for cells in rows]
    best = max(known)
    if best >= 2:
        return known.index(best)
    width = max(len([cell for cell in cells if cell.strip()]) for cells in rows)
    filled = [len([cell for cell in cells if cell.strip()]) for cells in rows]
    return next(index for index, count in enumerate(filled) if count * 2 >= width) if width > 2 else 0


def rows_below(read_records: Iterable[Record], header_line: int, width: int) -> Iterator[Row]:
    for line, cells in read_records:
        if line <= header_line:
            continue
        own = [texts.unguard(cell.strip()) for cell in cells[:width]]
        surplus = tuple(cells[width:]) if any(cell.strip() for cell in cells[width:]) else ()
        if surplus or any(own):
            yield Row(line, (*own, *[""] * (width - len(own))), surplus, is_short=len(own) < width)


def columns_of(headers: list[str]) -> tuple[Column, ...]:
    seen: dict[str, int] = {}
    columns = []
    for position, header in enumerate(headers):
        shown = header or _("Column %(letter)s") % {"letter": letter(position)}
        name = normalise(header)
        columns.append(Column(position, shown, name, seen.get(name, 0)))
        seen[name] = seen.get(name, 0) + 1
    return tuple(columns)
