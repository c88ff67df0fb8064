"""Fields that are days or instants, in the file's order of day and month and the workspace's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from roadmap.importing.fields import Field
from roadmap.importing.mapping import Mapping
from roadmap.importing.parsing.cells import Cells, Fault
from roadmap.importing.values import Unreadable, date_in, instant_in


def dates(cells: Cells) -> dict[str, date | None]:
    mapping = cells.mapping

    def day(cell: str) -> date:
        return date_in(cell, mapping.date_order, mapping.zone)

    starts_on, ends_on = cells.read(Field.STARTS_ON, day), cells.read(Field.ENDS_ON, day)
    if starts_on and ends_on and ends_on < starts_on:
        raise Fault(
            _("It ends on %(end)s, before it starts on %(start)s.")
            % {"end": ends_on.isoformat(), "start": starts_on.isoformat()},
            cells.header(Field.ENDS_ON),
        )
    return {"starts_on": starts_on, "ends_on": ends_on}


def moment(cells: Cells, wanted: Field) -> datetime | None:
    """A header such as `Created At (UTC)` names the zone of its times."""
    column = cells.column(wanted)
    zone = ZoneInfo("UTC") if column and "(utc)" in column.name else cells.mapping.zone
    instant: datetime | None = cells.read(wanted, lambda cell: instant_in(cell, cells.mapping.date_order, zone))
    return instant


def shipped(cells: Cells, status: str) -> datetime | None:
    """Tools close what they drop, too: then the day stays in the source data."""
    shipped = moment(cells, Field.SHIPPED)
    if status in cells.mapping.shipped_statuses:
        return shipped
    cells.keep_words(Field.SHIPPED, cells.take(Field.SHIPPED), "")
    return None


def instant_or_none(cell: str, mapping: Mapping) -> datetime | None:
    try:
        return instant_in(cell, mapping.date_order, mapping.zone)
    except Unreadable:
        return None
