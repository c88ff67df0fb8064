"""Reading the files of other tools: no models, no database, no requests.

How an import is made of this::

    source = read(path_or_bytes, filename)            # or read(text.encode(), pasted=True)
    mapping = propose_mapping(source, statuses=…, people=…, time_zone=workspace.time_zone)
    mapping = mapping.with_field(3, Field.TAGS)       # what the person changes in the wizard
    for question in mapping.questions(): …            # no title, or day/month order open: ask
    for row in parse_rows(source, mapping): …         # ParsedItem | RowError, in the order of the file

`read(path_or_bytes, filename="", pasted=False, *, encoding=None, delimiter=None, sheet=None, limits=LIMITS) -> Source`
    Any of Jira, Linear, Asana, GitLab CSV, Trello JSON, GitHub issues JSON (gh and REST), other CSV, XLSX, cells pasted
    from a spreadsheet. Raises a subclass of `ImportRefused`, and nothing else, when the file as a whole cannot be taken;
    its text is the sentence to show. `Source`: `kind`, `system` ("jira", …, "file"), `columns` (position, header, name,
    occurrence), `row_count`, `encoding`, `delimiter`, `sheet`, `sheets`, `notes` (sentences to show), `rows()` (a fresh,
    lazy pass each time), `preview(20)`. `place(source.kind, row.line)` is “Line 7”, “Row 7”, “Card 7” or “Issue 7”.

`propose_mapping(source, *, statuses=DEFAULT_STATUSES, types=DEFAULT_TYPES, people=(), time_zone="UTC") -> Mapping`
    `statuses` are `StatusChoice(name, category)`, `types` `TypeChoice(key, name, kind)`, `people` `Person(email, name)`. Each `ColumnMap` says its `field`
    (`LABELS` names them), what it rests on (`matched`: "name", "values", ""), how many rows it fills, and a `hint`.
    `Mapping.as_json()` / `Mapping.from_json()` store it between requests and as a preset; `preset.adapted_to(proposal)`
    fits a preset to another file. `Mapping.questions()` must be empty before rows are read; the answer to `date_order`
    is `dataclasses.replace(mapping, date_order=DateOrder.DAY_FIRST)`.

`parse_rows(source, mapping) -> Iterator[ParsedItem | RowError]`
    `RowError(line, column, reason)`: the row is not imported, and why. `ParsedItem` has the item's field names;
    `(source, source_id)` is its identity: an item with that pair is updated, never made twice. What has no field is in
    `source_data`. `parse_row(row, mapping)` reads one row, for the preview.

After all rows: `resolve(items, known_source_ids, by_title=titles_name_parents(source.kind)) -> References` finds parents,
needs and relations by source id; `in_rank_order(items)` is the order in which to add them; `write_rejects(source, errors,
file)` writes the rejected rows as CSV, to mend and import again.
"""

from roadmap.importing.errors import (
    BrokenFile,
    FileTooLarge,
    FileUnreadable,
    ImportRefused,
    MappingUnusable,
    NothingToImport,
    TooManyColumns,
    TooManyRows,
    UnknownFormat,
)
from roadmap.importing.fields import LABELS, Field, Kind
from roadmap.importing.limits import LIMITS, Limits
from roadmap.importing.mapping import ColumnMap, Mapping, Question
from roadmap.importing.parsed import ParsedComment, ParsedItem, RowError
from roadmap.importing.parsing import parse_row, parse_rows
from roadmap.importing.proposing import propose_mapping
from roadmap.importing.references import References, in_rank_order, resolve, titles_name_parents
from roadmap.importing.rejects import sentence, write_rejects
from roadmap.importing.source import read
from roadmap.importing.table import Column, Comment, Row, Source, place
from roadmap.importing.text import ENCODINGS
from roadmap.importing.values import DateOrder
from roadmap.importing.vocabulary import DEFAULT_STATUSES, TYPES, Person, StatusChoice, TypeChoice

__all__ = [
    "DEFAULT_STATUSES",
    "ENCODINGS",
    "LABELS",
    "LIMITS",
    "TYPES",
    "BrokenFile",
    "Column",
    "ColumnMap",
    "Comment",
    "DateOrder",
    "Field",
    "FileTooLarge",
    "FileUnreadable",
    "ImportRefused",
    "Kind",
    "Limits",
    "Mapping",
    "MappingUnusable",
    "NothingToImport",
    "ParsedComment",
    "ParsedItem",
    "Person",
    "Question",
    "References",
    "Row",
    "RowError",
    "Source",
    "StatusChoice",
    "TypeChoice",
    "TooManyColumns",
    "TooManyRows",
    "UnknownFormat",
    "in_rank_order",
    "parse_row",
    "parse_rows",
    "place",
    "propose_mapping",
    "read",
    "resolve",
    "sentence",
    "titles_name_parents",
    "write_rejects",
]
