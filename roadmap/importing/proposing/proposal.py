"""`propose_mapping`: a first guess by names, checked against every value of the file."""

from collections.abc import Iterable, Sequence

from roadmap.importing.factors import with_factors
from roadmap.importing.fields import Kind
from roadmap.importing.mapping import Mapping
from roadmap.importing.proposing.columns import (
    by_vocabulary,
    checked,
    decimal_of,
    one_each,
    with_links,
    with_points,
    with_title,
)
from roadmap.importing.proposing.meanings import with_values
from roadmap.importing.proposing.survey import survey
from roadmap.importing.table import Source
from roadmap.importing.vocabulary import DEFAULT_STATUSES, DEFAULT_TYPES, Person, StatusChoice, TypeChoice
from roadmap.scores.factors import Factor


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
