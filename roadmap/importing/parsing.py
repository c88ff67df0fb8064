"""Rows to items: `parse_row` reads one, `parse_rows` a file, where a row can also repeat another."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from roadmap.importing.factors import factor_in
from roadmap.importing.fields import LABELS, Field, Kind
from roadmap.importing.limits import LIMITS
from roadmap.importing.mapping import DROPPED, DROPPED_UNLESS_SHIPPED, ColumnMap, Mapping
from roadmap.importing.parsed import ParsedComment, ParsedItem, RowError
from roadmap.importing.proposing import lead_parts
from roadmap.importing.table import Comment, Row, Source, place
from roadmap.importing.values import (
    Unreadable,
    confidence_in,
    date_in,
    effort_in,
    impact_in,
    instant_in,
    number_in,
    reach_in,
    short,
)
from roadmap.importing.vocabulary import AUDIENCES, HORIZONS, plain
from roadmap.importing.wiki import to_markdown

JIRA_COMMENT = re.compile(r"([^;\n]{6,40});([^;\n]{0,120});(.*)", re.DOTALL)
SEPARATORS = re.compile(r"[,;\n|]")
ID_SHAPES = {
    Kind.JIRA_CSV: re.compile(r"[^\W\d_][\w]{0,80}-[0-9]{1,12}"),
    Kind.LINEAR_CSV: re.compile(r"[\w]{1,80}-[0-9]{1,12}"),
}
NEED_ID = frozenset({Kind.JIRA_CSV, Kind.LINEAR_CSV, Kind.ASANA_CSV, Kind.TRELLO_JSON, Kind.GITHUB_JSON})


class Fault(Exception):
    """Ends the reading of one row; never leaves this module."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        self.reason, self.column = reason, column


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


def is_id(text: str, kind: Kind) -> bool:
    shape = ID_SHAPES.get(kind)
    return not shape or bool(shape.fullmatch(text))


def repeated(parsed: ParsedItem, earlier: int, kind: Kind) -> str:
    return _("The ID “%(id)s” stands in %(place)s already. Only that row is imported.") % {
        "id": short(parsed.source_id),
        "place": place(kind, earlier).lower(),
    }


def parse_row(row: Row, mapping: Mapping, *, times_before: int = 0) -> ParsedItem | RowError:
    """The item that the row describes, or why it is none. `times_before` counts earlier rows of the same title in a
    file without ids."""
    try:
        return Reading(row, mapping).item(times_before)
    except Fault as fault:
        return RowError(row.line, fault.column, fault.reason)


class Reading:
    """One row under a mapping; collects what the fields leave over."""

    def __init__(self, row: Row, mapping: Mapping) -> None:
        self.row, self.mapping = row, mapping
        self.left: list[tuple[int, str, str]] = []

    def item(self, times_before: int) -> ParsedItem:
        self.refuse_misfit()
        title = self.title()
        component, others = self.components()
        status, tags = self.status(), tuple(dict.fromkeys((*self.tags(), *others)))
        found = dict(
            line=self.row.line,
            title=title,
            type=self.type(tags),
            status=status,
            description=self.description(),
            lead=self.lead(),
            tags=tags,
            component=component,
            release=self.name(Field.RELEASE, LIMITS.release),
            objective=self.name(Field.OBJECTIVE, LIMITS.objective),
            horizon=self.horizon(),
            is_internal=self.is_internal(),
            rank=self.rank(),
            effort=self.effort(),
            factors=self.factors(),
            source=SOURCES[self.mapping.kind],
            source_id=self.source_id(title, times_before),
            aliases=self.references(Field.ALIAS),
            parents=self.references(Field.PARENT),
            needs=self.references(Field.NEEDS),
            needed_by=self.references(Field.NEEDED_BY),
            relates=self.references(Field.RELATES),
            created=self.moment(Field.CREATED),
            shipped=self.shipped(status),
            comments=self.comments(),
            **self.dates(),
            **self.numbers(),
        )
        self.keep_the_rest()
        return ParsedItem(**found, source_data=self.source_data())

    # What the row must be

    def refuse_misfit(self) -> None:
        if self.row.surplus:
            raise Fault(
                _(
                    "The row has %(count)d more cells than the header. "
                    "A text with the delimiter in it may lack its quotation marks."
                )
                % {"count": len(self.row.surplus)}
            )
        for column in self.mapping.columns:
            length = len(self.row.cells[column.position])
            if length > LIMITS.cell and column.field != Field.LEAVE_OUT:
                raise Fault(too_long(length, LIMITS.cell), column.header)

    def title(self) -> str:
        column = self.column(Field.TITLE)
        title = " ".join(self.row.cells[column.position].split()) if column else ""
        if not title:
            raise Fault(_("The row has no title."), column.header if column else None)
        if len(title) > LIMITS.title:
            raise Fault(too_long(len(title), LIMITS.title), column.header if column else None)
        return title

    def source_id(self, title: str, times_before: int) -> str:
        """Its own id, or one made from the title in files that have none."""
        column = self.column(Field.SOURCE_ID)
        own = row_id(self.row, self.mapping)
        if len(own) > LIMITS.source_id:
            raise Fault(too_long(len(own), LIMITS.source_id), column.header if column else None)
        if own and not is_id(own, self.mapping.kind):
            raise Fault(
                _("“%(id)s” is no ID of that tool. A line break in the row above may lack quotation marks.")
                % {"id": short(own)},
                column.header if column else None,
            )
        if own:
            return own
        if self.mapping.kind in NEED_ID or column:
            raise Fault(
                _("The row has no ID, so a second import could not find its item again."),
                column.header if column else None,
            )
        return title_id(title) + (f"#{times_before + 1}" if times_before else "")

    # Words

    def status(self) -> str:
        value = self.take(Field.STATUS)
        status = self.mapping.status_values.get(value, self.mapping.default_status)
        self.keep_words(Field.STATUS, value, status)
        resolution = self.take(Field.RESOLUTION)
        effect = self.mapping.resolution_values.get(resolution)
        shipped = status in self.mapping.shipped_statuses
        if effect == DROPPED or (effect == DROPPED_UNLESS_SHIPPED and not shipped):
            status = self.mapping.dropped_status
        self.keep_words(Field.RESOLUTION, resolution, "")
        return status

    def type(self, tags: tuple[str, ...]) -> str:
        value = self.take(Field.TYPE)
        by_tag = next((self.mapping.type_tags[tag] for tag in tags if tag in self.mapping.type_tags), None)
        found = self.mapping.type_values.get(value) or by_tag or self.mapping.default_type
        self.keep_words(Field.TYPE, value, found)
        return found

    def lead(self) -> str | None:
        """The first person named whom the workspace knows; the words stay, unless they are that e-mail."""
        value = self.take(Field.LEAD)
        found = next(
            (self.mapping.lead_values[one] for one in lead_parts(value) if one in self.mapping.lead_values), None
        )
        if found is None or len(lead_parts(value)) > 1:
            self.keep_words(Field.LEAD, value, found or "")
        return found

    def horizon(self) -> str:
        value = self.take(Field.HORIZON)
        found = HORIZONS.get(plain(value), "")
        self.keep_words(Field.HORIZON, value, found)
        return found

    def is_internal(self) -> bool | None:
        """None where nothing is said, so that a file brought in again shows nobody what was hidden since. Other words are no guess."""
        value, column = self.take(Field.INTERNAL), self.column(Field.INTERNAL)
        if not value.strip():
            return None
        found = AUDIENCES.get(plain(value))
        if found is None:
            raise Fault(
                _("“%(word)s” is neither yes nor no.") % {"word": short(value)}, column.header if column else None
            )
        return found

    def name(self, wanted: Field, limit: int) -> str:
        column = self.column(wanted)
        name = " ".join(self.take(wanted).split())
        if column and len(name) > limit:
            raise Fault(too_long(len(name), limit), column.header)
        return name

    def tags(self) -> tuple[str, ...]:
        """Each tag once, in the order of the row. One too long for a tag stays in the source data."""
        return self.named(Field.TAGS, LIMITS.tag)

    def components(self) -> tuple[str, tuple[str, ...]]:
        """An item has one component: the first that is named. Of others what fits a tag becomes one."""
        first, *others = self.named(Field.COMPONENT, LIMITS.component) or ("",)
        column = self.column(Field.COMPONENT)
        if column is not None:
            self.left += [(column.position, column.header, one) for one in others if len(one) > LIMITS.tag]
        return first, tuple(one for one in others if len(one) <= LIMITS.tag)

    def named(self, wanted: Field, limit: int) -> tuple[str, ...]:
        """Each name once, in the order of the row. One that is too long stays in the source data."""
        found: dict[str, None] = {}
        for column in self.columns(wanted):
            cell = self.row.cells[column.position]
            parts = cell.split("\n") if self.mapping.kind in WHOLE_TAGS else SEPARATORS.split(cell)
            for part in (" ".join(part.split()) for part in parts):
                if len(part) > limit:
                    self.left.append((column.position, column.header, part))
                elif part:
                    found[part] = None
        return tuple(found)

    def description(self) -> str:
        parts = [self.row.cells[column.position].strip() for column in self.columns(Field.DESCRIPTION)]
        text = "\n\n".join(self.markdown(part) for part in parts if part)
        if len(text) > LIMITS.cell:
            raise Fault(too_long(len(text), LIMITS.cell), self.columns(Field.DESCRIPTION)[0].header)
        return text

    def markdown(self, text: str) -> str:
        return to_markdown(text, self.mapping.account_names) if self.mapping.kind == Kind.JIRA_CSV else text

    def comments(self) -> tuple[ParsedComment, ...]:
        found = [
            self.comment(self.row.cells[column.position])
            for column in self.columns(Field.COMMENT)
            if self.row.cells[column.position]
        ]
        return tuple(found + [self.told_comment(comment) for comment in self.row.comments if comment.text.strip()])

    def comment(self, cell: str) -> ParsedComment:
        """Jira writes `25/Feb/26 10:17 PM;712020:11f0…;text`."""
        match = JIRA_COMMENT.fullmatch(cell)
        if match and (at := self.instant_or_none(match[1])):
            author = match[2].strip()
            return ParsedComment(self.mapping.account_names.get(author, author), at, self.markdown(match[3].strip()))
        return ParsedComment("", None, self.markdown(cell.strip()))

    def told_comment(self, comment: Comment) -> ParsedComment:
        return ParsedComment(comment.author, self.instant_or_none(comment.at), comment.text.strip()[: LIMITS.cell])

    def references(self, wanted: Field) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in sorted(self.columns(wanted), key=surest_first):
            cell = self.row.cells[column.position]
            parts = [cell] if self.mapping.kind == Kind.ASANA_CSV else SEPARATORS.split(cell)
            found.update(dict.fromkeys(part.strip() for part in parts if part.strip()))
        return tuple(found)

    # Numbers and days

    def numbers(self) -> dict[str, Any]:
        decimal = self.mapping.decimal
        return {
            "reach": self.read(Field.REACH, lambda cell: reach_in(cell, decimal)),
            "impact": self.read(Field.IMPACT, lambda cell: impact_in(cell, decimal)),
            "confidence": self.read(Field.CONFIDENCE, lambda cell: confidence_in(cell, decimal)),
        }

    def factors(self) -> dict[str, Any]:
        """Of the scorecards' factors that are no fields of items. One that the scorecard lost since is kept as it is."""
        found: dict[str, Any] = {}
        for column in self.columns(Field.FACTOR):
            cell, factor = self.row.cells[column.position].strip(), self.mapping.factor_by_key.get(column.factor)
            if not cell:
                continue
            if factor is None:
                self.left.append((column.position, column.header, cell))
                continue
            try:
                found[factor.key] = factor_in(cell, factor, self.mapping.decimal)
            except Unreadable as error:
                raise Fault(f"{factor.name}: {error}.", column.header) from error
        return found

    def effort(self) -> Decimal | None:
        column = self.column(Field.EFFORT)
        if column is None:
            return None
        if column.divisor != 1:  # points are not weeks: what was written stays to be seen
            self.keep_words(Field.EFFORT, self.take(Field.EFFORT), "")
        return self.read(Field.EFFORT, lambda cell: effort_in(cell, self.mapping.decimal, column.divisor))

    def dates(self) -> dict[str, date | None]:
        starts_on = self.read(Field.STARTS_ON, self.day)
        ends_on = self.read(Field.ENDS_ON, self.day)
        if starts_on and ends_on and ends_on < starts_on:
            column = self.column(Field.ENDS_ON)
            raise Fault(
                _("It ends on %(end)s, before it starts on %(start)s.")
                % {"end": ends_on.isoformat(), "start": starts_on.isoformat()},
                column.header if column else None,
            )
        return {"starts_on": starts_on, "ends_on": ends_on}

    def moment(self, wanted: Field) -> datetime | None:
        """A header such as `Created At (UTC)` names the zone of its times."""
        column = self.column(wanted)
        zone = ZoneInfo("UTC") if column and "(utc)" in column.name else self.mapping.zone
        return self.read(wanted, lambda cell: instant_in(cell, self.mapping.date_order, zone))

    def shipped(self, status: str) -> datetime | None:
        """Tools close what they drop, too: then the day stays in the source data."""
        shipped = self.moment(Field.SHIPPED)
        if status in self.mapping.shipped_statuses:
            return shipped
        self.keep_words(Field.SHIPPED, self.take(Field.SHIPPED), "")
        return None

    def day(self, cell: str) -> date:
        return date_in(cell, self.mapping.date_order, self.mapping.zone)

    def instant(self, cell: str) -> datetime:
        return instant_in(cell, self.mapping.date_order, self.mapping.zone)

    def instant_or_none(self, cell: str) -> datetime | None:
        try:
            return self.instant(cell)
        except Unreadable:
            return None

    def rank(self) -> Decimal | str | None:
        """Worth no row: one that is not like the others is kept as text beside them."""
        cell = self.take(Field.RANK)
        if not self.mapping.rank_is_number:
            return cell or None
        try:
            return number_in(cell, self.mapping.decimal)[0] if cell else None
        except Unreadable:
            self.keep_words(Field.RANK, cell, "")
            return None

    def read(self, wanted: Field, reader: Any) -> Any:
        """What `reader` makes of the field's cell; None where it is empty."""
        column = self.column(wanted)
        cell = self.row.cells[column.position].strip() if column else ""
        if not column or not cell:
            return None
        try:
            return reader(cell)
        except Unreadable as error:
            raise Fault(f"{LABELS[wanted]}: {error}.", column.header) from error

    # Cells

    def columns(self, wanted: Field) -> tuple[ColumnMap, ...]:
        return self.mapping.by_field.get(wanted, ())

    def column(self, wanted: Field) -> ColumnMap | None:
        columns = self.columns(wanted)
        return columns[0] if columns else None

    def take(self, wanted: Field) -> str:
        return first(self.row, self.mapping, wanted)

    # What is left over

    def keep_words(self, wanted: Field, value: str, became: str) -> None:
        column = self.column(wanted)
        if column and value and plain(value) != plain(became):
            self.left.append((column.position, column.header, value))

    def keep_the_rest(self) -> None:
        for column in self.columns(Field.KEEP):
            cell = self.row.cells[column.position]
            if cell:
                self.left.append((column.position, column.header, cell))

    def source_data(self) -> dict[str, str | list[str]]:
        kept: dict[str, list[str]] = {}
        for _position, header, cell in sorted(self.left):
            kept.setdefault(header, []).append(cell)
        return {header: cells[0] if len(cells) == 1 else cells for header, cells in kept.items()}


SOURCES = {kind: kind.value.partition("_")[0] if "_" in kind.value else "file" for kind in Kind}
WHOLE_TAGS = frozenset({Kind.JIRA_CSV, Kind.TRELLO_JSON, Kind.GITHUB_JSON})


def first(row: Row, mapping: Mapping, wanted: Field) -> str:
    columns = mapping.by_field.get(wanted, ())
    return row.cells[columns[0].position].strip() if columns else ""


def row_id(row: Row, mapping: Mapping) -> str:
    return first(row, mapping, Field.SOURCE_ID)


def id_header(mapping: Mapping) -> str | None:
    columns = mapping.by_field.get(Field.SOURCE_ID, ())
    return columns[0].header if columns else None


def title_id(title: str) -> str:
    return "title:" + hashlib.sha256(title.casefold().encode()).hexdigest()[:24]


def surest_first(column: ColumnMap) -> tuple[bool, int]:
    """A key says more than a number that may be a row's or an issue's."""
    return "key" not in column.name and "link" not in column.name, column.position


def too_long(length: int, limit: int) -> str:
    return _("It has %(length)s characters; at most %(limit)s fit. Shorten it.") % {
        "length": f"{length:,}",
        "limit": f"{limit:,}",
    }
