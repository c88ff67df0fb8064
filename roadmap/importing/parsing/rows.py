"""A file's rows to items: `parse_row` reads one, `parse_rows` a file, where a row can also repeat another."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from roadmap.importing.fields import SYSTEMS, Field, Kind
from roadmap.importing.limits import LIMITS
from roadmap.importing.mapping import Mapping
from roadmap.importing.parsed import ParsedItem, RowError
from roadmap.importing.parsing import amounts, choices, days, identity, texts
from roadmap.importing.parsing.cells import Cells, Fault, first
from roadmap.importing.parsing.identity import id_header, is_id, row_id, title_id
from roadmap.importing.table import Row, Source, place
from roadmap.importing.values import short


def parse_rows(source: Source, mapping: Mapping) -> Iterator[ParsedItem | RowError]:
    """Every row of the file, in its order. A row whose id an earlier row had is an error.

    Where the file has no ids, the title is the identity: the second row of the same title is its `#2`, so that the same
    file gives the same identities again. Raises MappingUnusable, at once, if the mapping does not fit.
    """
    mapping.check_fits(source)
    return read_on(source, mapping)


def read_on(source: Source, mapping: Mapping) -> Iterator[ParsedItem | RowError]:
    lines: dict[str, int] = {}
    times: dict[str, int] = {}
    for row, is_cut in with_cuts(source, mapping):
        if is_cut:
            yield RowError(
                row.line, None, _("The row breaks off. A line break in one of its texts lacks quotation marks.")
            )
            continue
        times_before = 0
        if not row_id(row, mapping):
            derived = title_id(" ".join(first(row, mapping, Field.TITLE).split()))
            times_before = times.get(derived, 0)
            times[derived] = times_before + 1
        parsed = parse_row(row, mapping, times_before=times_before)
        if isinstance(parsed, ParsedItem):
            earlier = lines.setdefault(parsed.source_id, row.line)
            if earlier != row.line:
                yield RowError(row.line, id_header(mapping), repeated(parsed, earlier, source.kind))
                continue
        yield parsed


def with_cuts(source: Source, mapping: Mapping) -> Iterator[tuple[Row, bool]]:
    """Each row, and whether it is the first half of one that an unquoted line break cut: then it is short, and the next
    does not begin like a row of that tool."""
    before: Row | None = None
    for row in source.rows():
        if before:
            yield before, before.is_short and not is_id(row_id(row, mapping), mapping.kind)
        before = row
    if before:
        yield before, False


def repeated(parsed: ParsedItem, earlier: int, kind: Kind) -> str:
    return _("The ID “%(id)s” stands in %(place)s already. Only that row is imported.") % {
        "id": short(parsed.source_id),
        "place": place(kind, earlier).lower(),
    }


def parse_row(row: Row, mapping: Mapping, *, times_before: int = 0) -> ParsedItem | RowError:
    """The item that the row describes, or why it is none. `times_before` counts earlier rows of the same title in a
    file without ids."""
    try:
        return item_of(Cells(row, mapping), times_before)
    except Fault as fault:
        return RowError(row.line, fault.column, fault.reason)


def item_of(cells: Cells, times_before: int) -> ParsedItem:
    """Raises Fault, for the first thing that is wrong."""
    cells.refuse_misfit()
    title = identity.title(cells)
    component, others = texts.components(cells)
    status, tags = choices.status(cells), tuple(dict.fromkeys((*texts.tags(cells), *others)))
    found: dict[str, Any] = dict(
        line=cells.row.line,
        title=title,
        type=choices.item_type(cells, tags),
        status=status,
        description=texts.description(cells),
        lead=choices.lead(cells),
        tags=tags,
        component=component,
        release=texts.name(cells, Field.RELEASE, LIMITS.release),
        objective=texts.name(cells, Field.OBJECTIVE, LIMITS.objective),
        horizon=choices.horizon(cells),
        is_internal=choices.is_internal(cells),
        rank=amounts.rank(cells),
        effort=amounts.effort(cells),
        factors=amounts.factors(cells),
        source=SYSTEMS.get(cells.mapping.kind, "file"),
        source_id=identity.source_id(cells, title, times_before),
        aliases=texts.references(cells, Field.ALIAS),
        parents=texts.references(cells, Field.PARENT),
        needs=texts.references(cells, Field.NEEDS),
        needed_by=texts.references(cells, Field.NEEDED_BY),
        relates=texts.references(cells, Field.RELATES),
        created=days.moment(cells, Field.CREATED),
        shipped=days.shipped(cells, status),
        comments=texts.comments(cells),
        **days.dates(cells),
        **amounts.numbers(cells),
    )
    cells.keep_the_rest()
    return ParsedItem(**found, source_data=cells.source_data())
