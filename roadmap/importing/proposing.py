"""`propose_mapping`: a first guess by names, checked against every value of the file."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.importing.factors import with_factors
from roadmap.importing.fields import DATES, INSTANTS, MANY, NUMBERS, Field, Kind
from roadmap.importing.headers import SPLIT_POINTS, VOCABULARY
from roadmap.importing.mapping import BY_NAME, BY_VALUES, DROPPED, DROPPED_UNLESS_SHIPPED, ColumnMap, Mapping
from roadmap.importing.recognising import link_field
from roadmap.importing.table import Column, Source
from roadmap.importing.values import (
    DateOrder,
    Unreadable,
    confidence_in,
    effort_in,
    impact_in,
    is_open,
    moment_in,
    number_in,
    order_of,
    reach_in,
    short,
)
from roadmap.importing.vocabulary import (
    DEFAULT_STATUSES,
    DEFAULT_TYPES,
    JIRA_CATEGORIES,
    TYPE_TAGS,
    Person,
    StatusChoice,
    TypeChoice,
    email_of,
    is_dropped,
    lead_parts,
    plain,
    status_meaning,
    status_named,
    type_meaning,
    type_named,
)
from roadmap.scores.factors import Factor

DISTINCT = 1_000  # values of one column that are remembered
CLOSED = 60  # a column with more values than this is no status and no type
POINTS_A_WEEK = Decimal(8)
JUNK = re.compile(r"\{\}|\[\]|[a-z]+(?:\.[A-Za-z]+){3,}@[0-9a-f]+")
DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}\s*%?")
READ: dict[Field, Callable[[str, str], object]] = {
    Field.REACH: reach_in,
    Field.IMPACT: impact_in,
    Field.CONFIDENCE: confidence_in,
    Field.EFFORT: effort_in,
}


@dataclass
class Values:
    """What one column holds, over all rows."""

    filled: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    overflow: bool = False

    def add(self, cell: str) -> None:
        cell = cell.strip()[:300]
        self.filled += 1
        if cell in self.counts or len(self.counts) < DISTINCT:
            self.counts[cell] += 1
        else:
            self.overflow = True

    @property
    def is_closed(self) -> bool:
        return not self.overflow and len(self.counts) <= CLOSED


def propose_mapping(
    source: Source,
    *,
    statuses: Sequence[StatusChoice] = DEFAULT_STATUSES,
    types: Sequence[TypeChoice] = DEFAULT_TYPES,
    factors: Sequence[Factor] = (),
    people: Iterable[Person] = (),
    time_zone: str = "UTC",
) -> Mapping:
    """The mapping that an import starts from. Reads every row once.

    `statuses`, `types` and `people` are the workspace's, in their order, `factors` the product's; `time_zone` is its zone, in which a time without zone is
    read. What stays open is in `questions()` of the result.
    """
    values = survey(source)
    decimal = decimal_of(source, values)
    columns = by_vocabulary(source)
    if source.kind == Kind.JIRA_CSV:
        columns = [with_links(column) for column in columns]
    columns = [checked(column, values[column.position], decimal, source) for column in columns]
    columns = one_each(with_points(with_title(columns, values, source), values, source.kind), source.kind)
    columns = with_factors(columns, factors)
    return with_values(
        Mapping(kind=source.kind, columns=tuple(columns), decimal=decimal, time_zone=time_zone, factors=tuple(factors)),
        source,
        values,
        statuses,
        list(people),
        types,
    )


def survey(source: Source) -> list[Values]:
    values = [Values() for _column in source.columns]
    for row in source.rows():
        for held, cell in zip(values, row.cells, strict=True):
            if cell and not cell.isspace():
                held.add(cell)
    return values


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


def is_readable(value: str, read: Callable[[str], object]) -> bool:
    try:
        read(value)
    except Unreadable:
        return False
    return True


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


NUMBER_NAMES = frozenset(
    name for vocabulary in VOCABULARY.values() for wanted in NUMBERS for name in vocabulary.get(wanted, ())
) | frozenset(SPLIT_POINTS)


def with_values(
    mapping: Mapping,
    source: Source,
    values: list[Values],
    statuses: Sequence[StatusChoice],
    people: list[Person],
    types: Sequence[TypeChoice],
) -> Mapping:
    order, sample = date_order_of(mapping, values)
    usual = type_meaning("feature", types) or next((one.key for one in types if one.kind != "epic"), "feature")
    first = statuses[0].name if statuses else "Idea"
    status_values, uncertain = propose_statuses(mapping, source, values, statuses)
    return replace(
        mapping,
        status_values=status_values,
        uncertain=uncertain,
        type_values={key: type_named(key, types) or usual for key in distinct(mapping, values, Field.TYPE)},
        type_tags={} if filled(mapping, Field.TYPE) else tags_that_type(mapping, values, types),
        default_type=usual,
        resolution_values=propose_resolutions(mapping, values),
        lead_values=propose_leads(mapping, values, people),
        account_names=accounts_in(source) if mapping.kind == Kind.JIRA_CSV else {},
        default_status=status_meaning("proposed", statuses) or first,
        dropped_status=status_meaning("dropped", statuses) or first,
        shipped_statuses=tuple(status.name for status in statuses if status.category == "shipped"),
        date_order=order,
        date_sample=sample,
        rank_is_number=ranks_are_numbers(mapping, values),
    )


def distinct(mapping: Mapping, values: list[Values], wanted: Field) -> Iterator[str]:
    for column in mapping.by_field.get(wanted, ()):
        yield from values[column.position].counts


def filled(mapping: Mapping, wanted: Field) -> bool:
    return any(column.filled for column in mapping.by_field.get(wanted, ()))


def propose_statuses(
    mapping: Mapping, source: Source, values: list[Values], statuses: Sequence[StatusChoice]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """By the word itself; where it says nothing, by the category that Jira writes beside it."""
    found: dict[str, str] = {}
    uncertain = []
    categories = jira_categories(mapping, source) if mapping.kind == Kind.JIRA_CSV else {}
    for value in distinct(mapping, values, Field.STATUS):
        named = status_named(value, statuses) or status_meaning(categories.get(value, ""), statuses)
        if named:
            found[value] = named
        else:
            uncertain.append(value)
    return found, tuple(uncertain)


def jira_categories(mapping: Mapping, source: Source) -> dict[str, str]:
    status = mapping.by_field.get(Field.STATUS, ())
    category = [column for column in mapping.columns if column.name == "status category"]
    if not status or not category:
        return {}
    return {
        row.cells[status[0].position]: JIRA_CATEGORIES.get(plain(row.cells[category[0].position]), "")
        for row in source.rows()
    }


def accounts_in(source: Source) -> dict[str, str]:
    """Jira writes `Assignee` and `Assignee Id` side by side; comments and mentions have the id alone."""
    places = {(column.name, column.occurrence): column.position for column in source.columns}
    pairs = [(at, places[name + " id", time]) for (name, time), at in places.items() if (name + " id", time) in places]
    return {
        row.cells[by]: row.cells[at] for row in source.rows() for at, by in pairs if row.cells[by] and row.cells[at]
    }


def tags_that_type(mapping: Mapping, values: list[Values], types: Sequence[TypeChoice]) -> dict[str, str]:
    tags = {part.strip() for cell in distinct(mapping, values, Field.TAGS) for part in re.split(r"[,;\n|]", cell)}
    found = {tag: type_meaning(TYPE_TAGS.get(plain(tag), ""), types) for tag in sorted(tags)}
    return {tag: key for tag, key in found.items() if key}


def propose_resolutions(mapping: Mapping, values: list[Values]) -> dict[str, str]:
    found = {value: DROPPED for value in distinct(mapping, values, Field.RESOLUTION) if is_dropped(value)}
    if mapping.kind == Kind.TRELLO_JSON:
        found["archived"] = DROPPED_UNLESS_SHIPPED
    return found


def propose_leads(mapping: Mapping, values: list[Values], people: list[Person]) -> dict[str, str]:
    found = {}
    for cell in distinct(mapping, values, Field.LEAD):
        for value in lead_parts(cell):
            email = email_of(value, people)
            if email:
                found[value] = email
    return found


def ranks_are_numbers(mapping: Mapping, values: list[Values]) -> bool:
    ranks = list(distinct(mapping, values, Field.RANK))
    return bool(ranks) and all(is_readable(rank, lambda cell: number_in(cell)) for rank in ranks)


def date_order_of(mapping: Mapping, values: list[Values]) -> tuple[DateOrder | None, str]:
    """The order of day and month that all dates of the file agree on, and one that leaves it open."""
    said: set[DateOrder] = set()
    sample = ""
    for wanted in (Field.STARTS_ON, Field.ENDS_ON, Field.CREATED, Field.SHIPPED):
        for value in distinct(mapping, values, wanted):
            if order := order_of(value):
                said.add(order)
            elif is_open(value) and not sample:
                sample = value
    return (said.pop() if len(said) == 1 else None), short(sample)
