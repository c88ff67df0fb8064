"""What differs between two moments of some plans, found by the database: of thousands only those leave it that are drawn.

`comparing.compare` of both states says the same in Python, and a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from roadmap.time_machine.comparing import HORIZONS, Comparison, Difference, Kind, Noun, Planned, farthest
from roadmap.time_machine.scopes import SCOPED
from roadmap.time_machine.states import COLUMNS, Asked, statement_at

#: Whether it moved to later: by its end, else by its start, else by its horizon. What has no date any more went to later.
_LATER = f"""
    CASE WHEN was.promised IS DISTINCT FROM is_.promised
            THEN coalesce(is_.promised, 'infinity') > coalesce(was.promised, 'infinity')
        WHEN was.starts_on IS DISTINCT FROM is_.starts_on
            THEN coalesce(is_.starts_on, 'infinity') > coalesce(was.starts_on, 'infinity')
        WHEN was.horizon <> is_.horizon
            THEN coalesce(array_position('{{{",".join(HORIZONS)}}}', is_.horizon), 4)
                > coalesce(array_position('{{{",".join(HORIZONS)}}}', was.horizon), 4)
    END
"""
#: Both states beside each other; what happened to each, as comparing.py has it; and of those that are wanted some, as _DRAWN says.
#: FULL JOIN where LEFT would do: it is hashed, however few rows the server expects.
_DIFFERING = f"""
pairs AS MATERIALIZED (
    SELECT coalesce(is_.noun, was.noun) AS noun, coalesce(is_.row_id, was.row_id) AS row_id,
        coalesce(is_.key, was.key) AS key, was.key IS NOT NULL AS was_there, is_.key IS NOT NULL AS is_there,
        CASE WHEN is_.key IS NULL THEN was.promised ELSE is_.promised END AS promised,
        coalesce(nullif(abs(is_.promised - was.promised), 0), abs(is_.starts_on - was.starts_on), 0) AS far,
        was.is_shipped AS was_shipped, is_.is_shipped, {_LATER} AS is_later,
        was.effort IS DISTINCT FROM is_.effort AS is_estimated, was.title <> is_.title AS is_renamed
    FROM earlier was FULL JOIN later is_ ON is_.noun = was.noun AND is_.key = was.key
), standing AS (
    SELECT noun, row_id FROM pairs WHERE was_there AND is_there
), {SCOPED}, told AS MATERIALIZED (
    SELECT *, kinds[1] AS kind FROM (SELECT pairs.noun, key, promised, far, came_in, went_out, CASE
        WHEN NOT was_there THEN '{{added}}'
        WHEN NOT is_there THEN '{{dropped}}'
        ELSE array_remove(ARRAY[
            CASE WHEN is_shipped AND NOT was_shipped THEN 'shipped' WHEN was_shipped AND NOT is_shipped THEN 'reopened' END,
            CASE WHEN is_later THEN 'slipped' WHEN NOT is_later THEN 'pulled' END,
            CASE WHEN is_estimated OR scoped.row_id IS NOT NULL THEN 'rescoped' END,
            CASE WHEN is_renamed THEN 'renamed' END
        ], NULL) END AS kinds
    FROM pairs LEFT JOIN scoped ON scoped.noun = pairs.noun AND scoped.row_id = pairs.row_id) all_
), shown AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY far DESC, promised, key COLLATE "C") AS place
    FROM told WHERE kind IS NOT NULL AND (kinds && %(kinds)s::text[] OR %(kinds)s::text[] = '{{}}')
), drawn AS MATERIALIZED (
    SELECT noun, key, kind, place, came_in, went_out FROM shown {{drawn}} LIMIT %(most)s::int
)
SELECT
    (SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM told WHERE kind IS NOT NULL GROUP BY 1) all_),
    (SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM shown GROUP BY 1) these),
    (SELECT json_build_array(count(*), count(*) FILTER (WHERE noun = 'item')) FROM told WHERE kind IS NULL),
    (SELECT json_agg(json_build_array(was, is_, came_in, went_out))
        FROM drawn FULL JOIN earlier was ON was.noun = drawn.noun AND was.key = drawn.key
        FULL JOIN later is_ ON is_.noun = drawn.noun AND is_.key = drawn.key WHERE coalesce(place, 0) > 0),
    (SELECT json_agg(is_) FROM told FULL JOIN later is_ ON is_.noun = told.noun AND is_.key = told.key
        WHERE coalesce(told.kind, told.noun) = 'item'
        AND (SELECT count(*) FROM told WHERE kind IS NULL AND noun = 'item') BETWEEN 1 AND %(most_same)s::int)
"""  # noqa: S608 - of the texts above
_TOLD = f"array_position('{{{','.join(Kind)}}}', kind)"
#: The farthest of each kind, of no kind more than another leaves room for; or those that follow upon one in the order in which all are told.
_DRAWN = {
    False: "ORDER BY place, kind",
    True: f"""WHERE ({_TOLD}, -far, coalesce(promised, '{date.max}'), key COLLATE "C")
            > (%(kind)s::int, %(far)s::int, %(end)s::date, %(key)s::text COLLATE "C")
        ORDER BY {_TOLD}, far DESC, promised, key COLLATE "C" """,
}
_NAMED = re.compile(r"%\((\w+)\)s")
_TEXTS = {is_page: _DIFFERING.replace("{drawn}", drawn) for is_page, drawn in _DRAWN.items()}
DIFFERING = {is_page: (_NAMED.sub("%s", text), _NAMED.findall(text)) for is_page, text in _TEXTS.items()}
ALL = 2_000_000_000


class Place(NamedTuple):
    """Where a difference stands among all, in the order in which they are told: of what kind, how far it moved (as a negative number), its end."""

    kind: int
    far: int
    end: date
    key: str

    @classmethod
    def of(cls, one: Difference) -> Place:
        return cls(list(Kind).index(one.kind) + 1, *farthest(one))


FIRST = Place(0, 0, date.min, "")


@dataclass
class Differing:
    """What differs of what was `asked` between the two moments of `span`. `counts` are of all of it, `shown` of that which is of one of the wanted
    kinds: the farthest of these, as many of each kind as there is room for, are `comparison`. `same` stayed as they were, `same_items` of them are
    items, and `unchanged` they, where they are few enough. `movers` are the ids of what came in or went out, by key."""

    asked: Asked
    span: tuple[datetime, datetime]
    comparison: Comparison
    counts: dict[Kind, int]
    shown: dict[Kind, int]
    same: int
    same_items: int
    unchanged: list[Planned]
    movers: dict[str, int] = field(default_factory=dict)


def differing(  # noqa: PLR0913 - what is asked, and how much of it is wanted
    asked: Asked,
    since: datetime,
    until: datetime | None,
    now: datetime,
    *,
    kinds: Sequence[Kind] = (),
    most: int = ALL,
    most_same: int = 0,
    after: Place | None = None,
) -> Differing:
    """Between `since` and `until` (None: now), of these kinds (none: of all) at most so many: the farthest of each, or those that follow upon
    `after`. One statement."""
    earlier, later = statement_at(asked, since), statement_at(asked, until)
    given: dict[str, Any] = {
        "products": list(asked.products), "since": since, "until": until or now, "kinds": [one.value for one in kinds],
        "most": most, "most_same": most_same, **(after._asdict() if after is not None else {}),
    }  # fmt: skip
    text, names = DIFFERING[after is not None]
    sql = f"WITH {_state('earlier', earlier[0])}, {_state('later', later[0])}, {text}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*earlier[1], *later[1], *(given[name] for name in names)])
        counts, shown, (same, same_items), pairs, unchanged = cursor.fetchone()
    movers: dict[str, int] = {}
    differences = tuple(_difference(one, movers) for one in pairs or ())
    return Differing(
        asked,
        (since, until or now),
        Comparison(differences, same),
        _counts(counts),
        _counts(shown),
        same,
        same_items,
        [*map(_planned, unchanged or ())],
        movers,
    )


def _state(name: str, sql: str) -> str:
    return f"{name} ({COLUMNS}, promised) AS MATERIALIZED (SELECT *, coalesce(ends_on, starts_on) FROM ({sql}) AS state ({COLUMNS}))"  # noqa: S608 - composed


def _counts(found: dict[str, int] | None) -> dict[Kind, int]:
    """In the order of kinds."""
    return {kind: found[kind] for kind in Kind if kind in found} if found else {}


def _difference(told: Sequence[Any], movers: dict[str, int]) -> Difference:
    was, is_, came_in, went_out = told
    movers.update(came_in or ())
    movers.update(went_out or ())
    return Difference(
        was and _planned(was, frozenset(key for key, _item in went_out or ())),
        is_ and _planned(is_, frozenset(key for key, _item in came_in or ())),
    )


def _planned(told: dict[str, Any], scope: frozenset[str] = frozenset()) -> Planned:
    effort = told["effort"]
    return Planned(
        told["key"], Noun(told["noun"]), told["title"], _day(told["starts_on"]), _day(told["ends_on"]), told["horizon"],
        told["is_shipped"], None if effort is None else Decimal(str(effort)), scope, told["lane"], told["row_id"],
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
