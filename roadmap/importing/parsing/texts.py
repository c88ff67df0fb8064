"""Fields that are texts as people wrote them: names, tags, descriptions, comments, and the ids of other rows."""

import re

from roadmap.importing.fields import Field, Kind
from roadmap.importing.limits import LIMITS
from roadmap.importing.mapping import ColumnMap, Mapping
from roadmap.importing.parsed import ParsedComment
from roadmap.importing.parsing.cells import Cells, Fault, too_long
from roadmap.importing.parsing.days import instant_or_none
from roadmap.importing.table import Comment
from roadmap.importing.wiki import to_markdown

JIRA_COMMENT = re.compile(r"([^;\n]{6,40});([^;\n]{0,120});(.*)", re.DOTALL)
SEPARATORS = re.compile(r"[,;\n|]")
WHOLE_TAGS = frozenset({Kind.JIRA_CSV, Kind.TRELLO_JSON, Kind.GITHUB_JSON})


def name(cells: Cells, wanted: Field, limit: int) -> str:
    column = cells.column(wanted)
    name = " ".join(cells.take(wanted).split())
    if column and len(name) > limit:
        raise Fault(too_long(len(name), limit), column.header)
    return name


def tags(cells: Cells) -> tuple[str, ...]:
    """Each tag once, in the order of the row. One too long for a tag stays in the source data."""
    return named(cells, Field.TAGS, LIMITS.tag)


def components(cells: Cells) -> tuple[str, tuple[str, ...]]:
    """An item has one component: the first that is named. Of others what fits a tag becomes one."""
    first, *others = named(cells, Field.COMPONENT, LIMITS.component) or ("",)
    column = cells.column(Field.COMPONENT)
    if column is not None:
        for one in others:
            if len(one) > LIMITS.tag:
                cells.keep(column, one)
    return first, tuple(one for one in others if len(one) <= LIMITS.tag)


def named(cells: Cells, wanted: Field, limit: int) -> tuple[str, ...]:
    """Each name once, in the order of the row. One that is too long stays in the source data."""
    found: dict[str, None] = {}
    for column in cells.columns(wanted):
        cell = cells.row.cells[column.position]
        parts = cell.split("\n") if cells.mapping.kind in WHOLE_TAGS else SEPARATORS.split(cell)
        for part in (" ".join(part.split()) for part in parts):
            if len(part) > limit:
                cells.keep(column, part)
            elif part:
                found[part] = None
    return tuple(found)


def description(cells: Cells) -> str:
    columns = cells.columns(Field.DESCRIPTION)
    parts = [cells.row.cells[column.position].strip() for column in columns]
    text = "\n\n".join(markdown(part, cells.mapping) for part in parts if part)
    if len(text) > LIMITS.cell:
        raise Fault(too_long(len(text), LIMITS.cell), columns[0].header)
    return text


def markdown(text: str, mapping: Mapping) -> str:
    return to_markdown(text, mapping.account_names) if mapping.kind == Kind.JIRA_CSV else text


def comments(cells: Cells) -> tuple[ParsedComment, ...]:
    written = [cells.row.cells[column.position] for column in cells.columns(Field.COMMENT)]
    found = [comment(cell, cells.mapping) for cell in written if cell]
    return tuple(found + [told_comment(one, cells.mapping) for one in cells.row.comments if one.text.strip()])


def comment(cell: str, mapping: Mapping) -> ParsedComment:
    """Jira writes `25/Feb/26 10:17 PM;712020:11f0…;text`."""
    match = JIRA_COMMENT.fullmatch(cell)
    if match and (at := instant_or_none(match[1], mapping)):
        author = match[2].strip()
        return ParsedComment(mapping.account_names.get(author, author), at, markdown(match[3].strip(), mapping))
    return ParsedComment("", None, markdown(cell.strip(), mapping))


def told_comment(comment: Comment, mapping: Mapping) -> ParsedComment:
    return ParsedComment(comment.author, instant_or_none(comment.at, mapping), comment.text.strip()[: LIMITS.cell])


def references(cells: Cells, wanted: Field) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for column in sorted(cells.columns(wanted), key=surest_first):
        cell = cells.row.cells[column.position]
        parts = [cell] if cells.mapping.kind == Kind.ASANA_CSV else SEPARATORS.split(cell)
        found.update(dict.fromkeys(part.strip() for part in parts if part.strip()))
    return tuple(found)


def surest_first(column: ColumnMap) -> tuple[bool, int]:
    """A key says more than a number that may be a row's or an issue's."""
    return "key" not in column.name and "link" not in column.name, column.position
