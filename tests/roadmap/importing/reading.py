"""What the tests of importing share: the files, and the way from a file to items."""

from __future__ import annotations

from pathlib import Path

from roadmap.importing import Mapping, ParsedItem, Person, RowError, Source, parse_rows, propose_mapping, read

FILES = Path(__file__).parent / "files"
PEOPLE = [
    Person("tomas@polarline.example", "Tomás Herrera"),
    Person("jonas@polarline.example", "Jonas Weber"),
    Person("claire@polarline.example", "Claire Dubois"),
    Person("maya@polarline.example", "Maya Lindqvist"),
]


def file(name: str) -> Source:
    return read(FILES / name)


def text(content: str, filename: str = "list.csv", **options) -> Source:
    return read(content.encode(), filename, **options)


def propose(source: Source, **options) -> Mapping:
    return propose_mapping(source, people=PEOPLE, **{"time_zone": "Europe/Stockholm", **options})


def rows_of(source: Source, mapping: Mapping | None = None) -> list[ParsedItem | RowError]:
    return list(parse_rows(source, mapping or propose(source)))


def items_of(source: Source, mapping: Mapping | None = None) -> list[ParsedItem]:
    return [row for row in rows_of(source, mapping) if isinstance(row, ParsedItem)]


def errors_of(source: Source, mapping: Mapping | None = None) -> list[RowError]:
    return [row for row in rows_of(source, mapping) if isinstance(row, RowError)]


def item(source: Source, source_id: str) -> ParsedItem:
    return next(found for found in items_of(source) if found.source_id == source_id)


def one(content: str, **options) -> ParsedItem | RowError:
    """The only row of a CSV."""
    (row,) = rows_of(text(content, **options))
    return row
