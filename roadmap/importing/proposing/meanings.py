"""What the words in those columns mean: statuses, types, resolutions, people, and the order of day and month."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from roadmap.importing.fields import Field, Kind
from roadmap.importing.mapping import DROPPED, DROPPED_UNLESS_SHIPPED, Mapping
from roadmap.importing.proposing.survey import Values, is_readable
from roadmap.importing.table import Source
from roadmap.importing.values import DateOrder, is_open, number_in, order_of, short
from roadmap.importing.vocabulary import (
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
