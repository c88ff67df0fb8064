"""What each column is: a first guess by its name, checked against every value that it holds."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.importing.fields import DATES, INSTANTS, MANY, NUMBERS, Field, Kind
from roadmap.importing.headers import SPLIT_POINTS, VOCABULARY
from roadmap.importing.mapping import BY_NAME, BY_VALUES, ColumnMap
from roadmap.importing.proposing.survey import CLOSED, Values, is_readable
from roadmap.importing.recognising import link_field
from roadmap.importing.table import Column, Source
from roadmap.importing.values import (
    DateOrder,
    confidence_in,
    effort_in,
    impact_in,
    moment_in,
    number_in,
    reach_in,
    short,
)

POINTS_A_WEEK = Decimal(8)
JUNK = re.compile(r"\{\}|\[\]|[a-z]+(?:\.[A-Za-z]+){3,}@[0-9a-f]+")
DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}\s*%?")
READ: dict[Field, Callable[[str, str], object]] = {
    Field.REACH: reach_in,
    Field.IMPACT: impact_in,
    Field.CONFIDENCE: confidence_in,
    Field.EFFORT: effort_in,
}
NUMBER_NAMES = frozenset(
    name for vocabulary in VOCABULARY.values() for wanted in NUMBERS for name in vocabulary.get(wanted, ())
) | frozenset(SPLIT_POINTS)


def by_vocabulary(source: Source) -> list[ColumnMap]:
    names = {
        name: (wanted, place)
        for wanted, spellings in reversed(VOCABULARY[source.kind].items())
        for place, name in enumerate(spellings)
    }
    return [column_map(column, *names.get(column.name, (Field.KEEP, 0))) for column in source.columns]


def column_map(column: Column, wanted: Field, _place: int) -> ColumnMap:
    matched = BY_NAME if wanted != Field.KEEP else ""
    return ColumnMap(column.position, column.header, column.name, column.occurrence, wanted, matched)


def with_links(column: ColumnMap) -> ColumnMap:
    link = link_field(column.name)
    return replace(column, field=link, matched=BY_NAME) if link else column


def checked(column: ColumnMap, values: Values, decimal: str, source: Source) -> ColumnMap:
    """The proposal if the values bear it out; else kept, with a sentence that says why."""
    column = replace(column, filled=values.filled)
    wanted = column.field
    if not values.filled:
        return column
    if all(JUNK.fullmatch(value) for value in values.counts):
        return replace(column, field=Field.LEAVE_OUT, matched=BY_VALUES)
    if wanted in (Field.STATUS, Field.TYPE) and not values.is_closed:
        return kept(
            column, _("It has more than %(count)d different values, so it is kept as it is.") % {"count": CLOSED}
        )
    if wanted in NUMBERS:
        return with_readable(column, values, lambda cell: READ[wanted](cell, decimal))
    if wanted in DATES | INSTANTS:
        return with_readable(column, values, lambda cell: moment_in(cell, DateOrder.DAY_FIRST))
    if wanted == Field.COMMENT and all(value.isdigit() for value in values.counts):
        return kept(column, _("It counts comments rather than holding them."))
    if wanted == Field.SOURCE_ID and source.system == "file" and is_no_identity(values, source.row_count):
        return kept(column, _("Its values repeat or are missing, so it cannot tell rows apart."))
    return column


def kept(column: ColumnMap, hint: str) -> ColumnMap:
    return replace(column, field=Field.KEEP, matched=BY_VALUES, hint=hint)


def with_readable(column: ColumnMap, values: Values, read: Callable[[str], object]) -> ColumnMap:
    unreadable = [value for value in values.counts if not is_readable(value, read)]
    if not unreadable:
        return column
    count = sum(values.counts[value] for value in unreadable)
    named = {"count": count, "sample": short(unreadable[0])}
    if count * 2 > sum(values.counts.values()):  # more often than not: then it is something else
        kept_as_is = ngettext(
            "%(count)d value cannot be read: “%(sample)s”, so it is kept as it is.",
            "%(count)d values cannot be read, such as “%(sample)s”, so it is kept as it is.",
            count,
        )
        return kept(column, kept_as_is % named)
    hint = ngettext(
        "%(count)d value cannot be read: “%(sample)s”. Its row will be left out.",
        "%(count)d values cannot be read, such as “%(sample)s”. Their rows will be left out.",
        count,
    )
    return replace(column, hint=hint % named)


def is_no_identity(values: Values, rows: int) -> bool:
    """In a file of no known tool an `ID` column may be anything."""
    repeated = sum(1 for count in values.counts.values() if count > 1)
    return values.filled < rows * 0.9 or repeated > len(values.counts) * 0.1


def with_title(columns: list[ColumnMap], values: list[Values], source: Source) -> list[ColumnMap]:
    """Where no header says title, the first column of text that hardly repeats."""
    if any(column.field == Field.TITLE for column in columns):
        return columns
    for column in columns:
        held = values[column.position]
        differ = held.overflow or len(held.counts) > held.filled * 0.8
        wordy = sum(1 for value in held.counts if is_wordy(value)) > len(held.counts) * 0.8
        if column.field == Field.KEEP and held.filled > source.row_count * 0.8 and differ and wordy:
            chosen = replace(column, field=Field.TITLE, matched=BY_VALUES)
            return [chosen if one.position == column.position else one for one in columns]
    return columns


def is_wordy(value: str) -> bool:
    return sum(1 for character in value if character.isalpha()) >= max(2, len(value) // 3) and "@" not in value


def with_points(columns: list[ColumnMap], values: list[Values], kind: Kind) -> list[ColumnMap]:
    """Story points stand in for effort where there is none: 8 points a person-week, which the wizard lets change."""
    if any(column.field == Field.EFFORT and column.filled for column in columns):
        return columns
    candidates = [column for column in columns if column.name in SPLIT_POINTS and column.field == Field.KEEP]
    for column in sorted(candidates, key=lambda column: -column.filled):
        held = values[column.position]
        if held.filled and all(is_readable(value, lambda cell: number_in(cell)) for value in held.counts):
            hint = _("Points are divided by %(count)s to give person-weeks.") % {"count": POINTS_A_WEEK}
            chosen = replace(column, field=Field.EFFORT, matched=BY_NAME, hint=hint, divisor=POINTS_A_WEEK)
            return [chosen if one.position == column.position else one for one in columns]
    return columns


def one_each(columns: list[ColumnMap], kind: Kind) -> list[ColumnMap]:
    """Of the fields that take one column the best: filled, its name early in the vocabulary, further left."""
    best: dict[Field, ColumnMap] = {}
    vocabulary = VOCABULARY[kind]

    def order(column: ColumnMap) -> tuple[bool, int, int]:
        names = vocabulary.get(column.field, ())
        return not column.filled, names.index(column.name) if column.name in names else len(names), column.position

    for column in sorted(columns, key=order):
        if column.field not in MANY:
            best.setdefault(column.field, column)
    return [
        column
        if column.field in MANY or best[column.field].position == column.position
        else replace(column, field=Field.KEEP)
        for column in columns
    ]


def decimal_of(source: Source, values: list[Values]) -> str:
    """The mark before decimals: a comma where one is seen in use, or where semicolons had to part the cells."""
    numeric = [
        held for column, held in zip(source.columns, values, strict=True) if column.name in NUMBER_NAMES and held.filled
    ]
    for held in numeric:
        if any(DECIMAL_COMMA.fullmatch(value) for value in held.counts):
            return ","
        if any(re.fullmatch(r"[0-9]+\.[0-9]{1,2}", value) for value in held.counts):
            return "."
    return "," if source.delimiter == ";" else "."
