"""Reads a usage log line by line: CSV or JSONL, gzipped or not, however long it is."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from usage.intake import FIELDS, Unusable
from usage.models import Reason

LONGEST_LINE = 100_000
Line = tuple[int, Any]


class UnreadableLog(Exception):
    """The file can't be read at all; the message says what is wrong and what to do."""


class UsageLog:
    """Iterating yields (line number, values in the order of FIELDS), or an Unusable in the place of the values.

    `digest` is the hash of all that was read so far: the same for every file that begins with the same lines.
    Raises UnreadableLog for what is no usage log, before it yields anything.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[Line]:
        try:
            with self.path.open("rb") as raw:
                yield from self._lines(raw)
        except IsADirectoryError:
            raise UnreadableLog(_("%s is a folder. Name a file.") % self.path) from None
        except FileNotFoundError:
            raise UnreadableLog(_("There is no file %s.") % self.path) from None
        except PermissionError:
            raise UnreadableLog(_("The file %s may not be read by this user.") % self.path) from None

    def _lines(self, raw: IO[bytes]) -> Iterator[Line]:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        text = self._decode(gzip.GzipFile(fileobj=raw) if zipped else raw)
        numbered = self._numbered(text)
        first = next(((number, line) for number, line in numbered if self._whole(line).strip()), None)
        if first is None:
            raise UnreadableLog(_("The file %s is empty.") % self.path)
        read = self._reader_of(first[1])
        if read is None:
            yield from _read(first, _json_values)
            read = _json_values
        for line in numbered:
            yield from _read(line, read)

    def _decode(self, raw: Any) -> io.TextIOWrapper:
        buffered = raw if hasattr(raw, "peek") else io.BufferedReader(raw)
        try:
            start = buffered.peek(4)[:4]
        except (OSError, EOFError, zlib.error):
            raise UnreadableLog(_("The compressed file %s is damaged.") % self.path) from None
        encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return io.TextIOWrapper(buffered, encoding=encoding, errors="surrogateescape")

    def _numbered(self, text: io.TextIOWrapper) -> Iterator[tuple[int, str | Unusable]]:
        """Lines with their numbers; of one that is too long only the problem. Ends with a problem where the file breaks off."""
        number = 0
        while True:
            number += 1
            try:
                line = text.readline(LONGEST_LINE)
                whole = line
                while len(whole) == LONGEST_LINE and not whole.endswith("\n"):
                    whole = text.readline(LONGEST_LINE)
                    self.digest.update(whole.encode("utf-8", "surrogateescape"))
            except (EOFError, OSError, zlib.error):
                yield (
                    number,
                    Unusable(Reason.UNREADABLE, _("The compressed file breaks off or is damaged from here on.")),
                )
                return
            except UnicodeError:
                yield number, Unusable(Reason.UNREADABLE, _("The file is not valid UTF-16 from here on."))
                return
            if not line:
                return
            self.digest.update(
                line.encode("utf-8", "surrogatepass" if "utf-16" in text.encoding else "surrogateescape")
            )
            if whole is not line:
                yield number, Unusable(Reason.UNREADABLE, _("The line is too long."), line[:200])
            else:
                yield number, line

    def _whole(self, line: str | Unusable) -> str:
        if isinstance(line, Unusable):
            raise UnreadableLog(f"{self.path}: {line.detail}")
        return line

    def _reader_of(self, first: str) -> Callable[[str], Any] | None:
        """How to read the lines after a header; None when there is no header but an event of JSON."""
        start = first.lstrip()[:1]
        if start == "{":
            return None
        if start == "[":
            raise UnreadableLog(_("The file holds a JSON array. Write one event a line instead (JSONL)."))
        return _csv_reader(first)


def _read(line: tuple[int, str | Unusable], read: Callable[[str], Any]) -> Iterator[Line]:
    number, text = line
    if isinstance(text, Unusable):
        yield number, text
    elif text.strip():
        try:
            yield number, read(text)
        except Unusable as problem:
            problem.source = text[:1000]
            yield number, problem


def _csv_reader(header: str) -> Callable[[str], Any]:
    """A function from a line to its five values. Raises UnreadableLog when the header lacks one of them."""
    delimiter = max(",;\t|", key=header.count)
    names = [name.strip().lower() for name in _split(header, delimiter)]
    missing = [field for field in FIELDS if field not in names]
    if missing:
        raise UnreadableLog(
            _("The first line names no column %(missing)s. A usage log has the columns %(columns)s.")
            % {"missing": ", ".join(missing), "columns": ", ".join(FIELDS)}
        )
    places = [names.index(field) for field in FIELDS]
    needed = max(places) + 1

    def read(line: str) -> Any:
        cells = _split(line, delimiter)
        if len(cells) < needed:
            sentence = _("The line has %(found)d columns, the first line has %(wanted)d.")
            raise Unusable(Reason.UNREADABLE, sentence % {"found": len(cells), "wanted": len(names)})
        return [cells[place] for place in places]

    return read


def _split(line: str, delimiter: str) -> list[str]:
    """One event is one line: a quote that is left open spoils its own line and no other."""
    line = line.rstrip("\r\n")
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        raise Unusable(Reason.UNREADABLE, _("A quotation mark is left open or out of place.")) from None


def _json_values(line: str) -> Any:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        raise Unusable(Reason.UNREADABLE, _("The line is not valid JSON.")) from None
    if not isinstance(event, dict):
        raise Unusable(Reason.MALFORMED, _("The line is not a JSON object with the fields of an event."))
    return [event.get(name) for name in FIELDS]
