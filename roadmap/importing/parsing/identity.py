"""By what a row is found again: its title, and its own id or one made from the title."""

import hashlib
import re

from django.utils.translation import gettext as _

from roadmap.importing.fields import Field, Kind
from roadmap.importing.limits import LIMITS
from roadmap.importing.mapping import Mapping
from roadmap.importing.parsing.cells import Cells, Fault, first, too_long
from roadmap.importing.table import Row
from roadmap.importing.values import short

ID_SHAPES = {
    Kind.JIRA_CSV: re.compile(r"[^\W\d_][\w]{0,80}-[0-9]{1,12}"),
    Kind.LINEAR_CSV: re.compile(r"[\w]{1,80}-[0-9]{1,12}"),
}
NEED_ID = frozenset({Kind.JIRA_CSV, Kind.LINEAR_CSV, Kind.ASANA_CSV, Kind.TRELLO_JSON, Kind.GITHUB_JSON})


def title(cells: Cells) -> str:
    column = cells.column(Field.TITLE)
    title = " ".join(cells.row.cells[column.position].split()) if column else ""
    if not title:
        raise Fault(_("The row has no title."), cells.header(Field.TITLE))
    if len(title) > LIMITS.title:
        raise Fault(too_long(len(title), LIMITS.title), cells.header(Field.TITLE))
    return title


def source_id(cells: Cells, title: str, times_before: int) -> str:
    """Its own id, or one made from the title in files that have none."""
    header, kind = cells.header(Field.SOURCE_ID), cells.mapping.kind
    own = row_id(cells.row, cells.mapping)
    if len(own) > LIMITS.source_id:
        raise Fault(too_long(len(own), LIMITS.source_id), header)
    if own and not is_id(own, kind):
        raise Fault(
            _("“%(id)s” is no ID of that tool. A line break in the row above may lack quotation marks.")
            % {"id": short(own)},
            header,
        )
    if own:
        return own
    if kind in NEED_ID or cells.column(Field.SOURCE_ID):
        raise Fault(_("The row has no ID, so a second import could not find its item again."), header)
    return title_id(title) + (f"#{times_before + 1}" if times_before else "")


def is_id(text: str, kind: Kind) -> bool:
    shape = ID_SHAPES.get(kind)
    return not shape or bool(shape.fullmatch(text))


def row_id(row: Row, mapping: Mapping) -> str:
    return first(row, mapping, Field.SOURCE_ID)


def id_header(mapping: Mapping) -> str | None:
    columns = mapping.by_field.get(Field.SOURCE_ID, ())
    return columns[0].header if columns else None


def title_id(title: str) -> str:
    return "title:" + hashlib.sha256(title.casefold().encode()).hexdigest()[:24]
