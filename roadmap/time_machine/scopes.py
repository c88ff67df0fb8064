"""What went into and out of releases and epics between two moments: read from versions, only for those that stood in both states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from roadmap.time_machine.comparing import Noun, Planned

State = dict[str, Planned]


@dataclass(frozen=True)
class Moved:
    """An item that went from one release (or epic, by `noun`) to another: ids of both, None for none and for one that is not asked about."""

    item: int
    key: str
    noun: Noun
    before: int | None
    after: int | None


#: Items as they were at a moment: the version that began last until then, if it was valid still and not deleted.
_AT = """
    SELECT newest.product_id, newest.state ->> 'number' AS number, (newest.state ->> 'release_id')::bigint AS place FROM (
        SELECT product_id, state, valid FROM changes_version
        WHERE noun = 'roadmap_item' AND row_id = touched.row_id AND lower(valid) <= %({moment})s
        ORDER BY lower(valid) DESC LIMIT 1
    ) newest
    WHERE valid @> %({moment})s AND product_id = ANY(%(products)s) AND newest.state ->> 'deleted_at' IS NULL
"""
#: Children at a moment of those that are asked about.
_UNDER = """
    SELECT row_id, product_id, state ->> 'number' AS number, (state ->> 'parent_id')::bigint AS place FROM changes_version
    WHERE noun = 'roadmap_item' AND product_id = ANY(%(products)s) AND valid @> %({moment})s
        AND (state ->> 'parent_id')::bigint = ANY(%(parents)s) AND state ->> 'deleted_at' IS NULL
"""
#: What changed release, was added or deleted, as it was at both moments; then what changed its epic. (An index is for the condition of
#: the first: the migration of what moved.)
BETWEEN = f"""
WITH touched AS MATERIALIZED (
    SELECT DISTINCT row_id FROM changes_version
    WHERE noun = 'roadmap_item' AND product_id = ANY(%(products)s) AND lower(valid) > %(since)s AND lower(valid) <= %(until)s
        AND (columns && '{{release_id,deleted_at}}'::varchar[] OR operation <> 'U') AND cardinality(%(releases)s::bigint[]) > 0
), moved AS (
    SELECT touched.row_id, coalesce(later.product_id, earlier.product_id) AS product_id,
        coalesce(later.number, earlier.number) AS number, 'release' AS noun, earlier.place AS before, later.place AS after
    FROM touched
    LEFT JOIN LATERAL ({_AT.format(moment="since")}) earlier ON true
    LEFT JOIN LATERAL ({_AT.format(moment="until")}) later ON true
    WHERE earlier.place IS DISTINCT FROM later.place
        AND (earlier.place = ANY(%(releases)s) OR later.place = ANY(%(releases)s))
    UNION ALL
    SELECT coalesce(later.row_id, earlier.row_id), coalesce(later.product_id, earlier.product_id),
        coalesce(later.number, earlier.number), 'item', earlier.place, later.place
    FROM ({_UNDER.format(moment="since")}) earlier
    FULL JOIN ({_UNDER.format(moment="until")}) later ON later.row_id = earlier.row_id
    WHERE earlier.place IS DISTINCT FROM later.place
)
SELECT moved.row_id, product.key || '-' || moved.number, moved.noun, moved.before, moved.after
FROM moved JOIN products_product product ON product.id = moved.product_id
"""  # noqa: S608 - of the texts above


def moved_between(
    products: Sequence[int], before: State, after: State, since: datetime, until: datetime
) -> list[Moved]:
    """What went into or out of the releases and items that stand in both states, which whoever asks must see. One statement at most."""
    releases, parents = ([*_in_both(before, after, noun)] for noun in (Noun.RELEASE, Noun.ITEM))
    if not releases and not parents:
        return []
    values = {"products": list(products), "releases": releases, "parents": parents, "since": since, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(BETWEEN, values)
        return [Moved(item, key, Noun(noun), *places) for item, key, noun, *places in cursor.fetchall()]


def _in_both(before: State, after: State, noun: Noun) -> set[int]:
    earlier, later = ({one.row for one in state.values() if one.noun == noun} for state in (before, after))
    return earlier & later


def with_scopes(before: State, after: State, moved: Sequence[Moved]) -> tuple[State, State]:
    """Both states with what went into and out of their releases and epics. What stayed is left out of both."""
    scopes: tuple[dict[tuple[Noun, int], set[str]], ...] = (defaultdict(set), defaultdict(set))
    for one in moved:
        for scope, place in zip(scopes, (one.before, one.after), strict=True):
            if place is not None:
                scope[one.noun, place].add(one.key)
    return _scoped(before, scopes[0]), _scoped(after, scopes[1])


def _scoped(state: State, scopes: dict[tuple[Noun, int], set[str]]) -> State:
    if not scopes:
        return state
    by_row = {(one.noun, one.row): one for one in state.values()}
    found = {by_row[place].key: keys for place, keys in scopes.items() if place in by_row}
    return {**state, **{key: replace(state[key], scope=frozenset(keys)) for key, keys in found.items()}}
