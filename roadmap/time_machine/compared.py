"""What changed in the plans of some products between two moments, and who did it, when and why. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from roadmap.time_machine.comparing import Comparison, Difference, Kind, Noun
from roadmap.time_machine.differing import ALL, Differing, differing
from roadmap.time_machine.states import Asked

TABLES = {Noun.ITEM: "roadmap_item", Noun.RELEASE: "roadmap_release", Noun.MILESTONE: "roadmap_milestone"}
PLACE = frozenset({"starts_on", "ends_on", "horizon", "day"})
#: Which columns tell of each kind: whoever changed one of them last did it.
TELLING = {
    Kind.SLIPPED: PLACE,
    Kind.PULLED: PLACE,
    Kind.ADDED: PLACE | {"deleted_at", "status_id"},
    Kind.DROPPED: PLACE | {"deleted_at", "status_id"},
    Kind.SHIPPED: frozenset({"status_id", "shipped_at", "released_at"}),
    Kind.REOPENED: frozenset({"status_id", "shipped_at", "released_at"}),
    Kind.RESCOPED: frozenset({"effort"}),
    Kind.RENAMED: frozenset({"title", "name"}),
}


class Deed(NamedTuple):
    """Who did it, when, and why; `why` is empty where nobody said."""

    who: str
    at: datetime
    why: str


class Written(NamedTuple):
    """A version between the two moments, with its Change: `at` as the database writes it, since few of them are told."""

    table: str
    row: int
    operation: str
    columns: list[str]
    who: str | None
    at: str
    why: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass
class Compared:
    """What differs between the two moments of `span` in the plans of these products, and who did it. `found.comparison` may be a part of it:
    the farthest of each kind."""

    found: Differing
    products: tuple[int, ...]
    span: tuple[datetime, datetime]

    @property
    def comparison(self) -> Comparison:
        return self.found.comparison

    @property
    def changed(self) -> int:
        return sum(self.found.counts.values())

    @property
    def total(self) -> int:
        return self.changed + self.found.same

    @cached_property
    def deeds(self) -> dict[str, Deed]:
        """Who did what, by key, of all that was read."""
        return self.deeds_of(self.comparison)

    def deeds_of(self, differences: Iterable[Difference]) -> dict[str, Deed]:
        """Who did what, by key, of these. One statement, none of none."""
        return _deeds(list(differences), self.found.movers, self.products, *self.span)


def compared(  # noqa: PLR0913 - what is asked, and how much of it is wanted
    asked: Asked,
    since: datetime,
    until: datetime | None,
    now: datetime,
    *,
    kinds: Sequence[Kind] = (),
    most: int = ALL,
    most_same: int = 0,
) -> Compared:
    """Between `since` and `until` (None: now), as `differing` finds it. One statement."""
    found = differing(asked, since, until, now, kinds=kinds, most=most, most_same=most_same)
    return Compared(found, asked.products, (since, until or now))


#: Nouns are named, so that the index of a row's versions by their begin is found. What was done while a row stood in another product
#: is not told, nor why: who sees this one need not see that.
WRITTEN = """
SELECT version.noun, version.row_id, version.operation, version.columns,
    coalesce(nullif(person.name, ''), person.email, change.actor_label), change.at::text, change.reason
FROM unnest(%(nouns)s::text[], %(rows)s::bigint[]) AS wanted (noun, row_id)
JOIN changes_version version ON version.noun = wanted.noun AND version.row_id = wanted.row_id
    AND version.noun IN ('roadmap_item', 'roadmap_release', 'roadmap_milestone')
    AND lower(version.valid) > %(since)s AND lower(version.valid) <= %(until)s
    AND (version.product_id IS NULL OR version.product_id = ANY(%(products)s))
JOIN changes_change change ON change.id = version.change_id
LEFT JOIN accounts_member member ON member.id = change.member_id
LEFT JOIN accounts_user person ON person.id = member.user_id
ORDER BY version.id DESC
"""


def _deeds(
    differences: Sequence[Difference],
    movers: Mapping[str, int],
    products: Sequence[int],
    since: datetime,
    until: datetime,
) -> dict[str, Deed]:
    """`movers` are the ids of the items that came into or went out of these, by key."""
    if not differences:
        return {}
    inside = frozenset[str]().union(*(one.came_in | one.went_out for one in differences))
    movers = {key: movers[key] for key in inside}
    wanted = {(TABLES[one.there.noun], one.there.row) for one in differences}
    wanted |= {(TABLES[Noun.ITEM], item) for item in movers.values()}
    versions: dict[tuple[str, int], list[Written]] = {}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"nouns": [noun for noun, _row in wanted], "rows": [row for _noun, row in wanted]}
        cursor.execute(WRITTEN, {**values, "products": list(products), "since": since, "until": until})
        for told in map(Written._make, cursor.fetchall()):
            versions.setdefault((told.table, told.row), []).append(told)
    scopers = {key: versions.get((TABLES[Noun.ITEM], item), []) for key, item in movers.items()}
    found = {
        one.key: _deed(one, versions.get((TABLES[one.there.noun], one.there.row), []), scopers) for one in differences
    }
    return {key: deed for key, deed in found.items() if deed is not None}


def _deed(one: Difference, versions: list[Written], scopers: dict[str, list[Written]]) -> Deed | None:
    """The newest that told of what the difference is listed under; its reason may be that of an earlier step of the same kind."""
    telling = TELLING[one.kind]
    own = [version for version in versions if version.operation == "I" or not telling.isdisjoint(version.columns)]
    if one.kind == Kind.RESCOPED and not own:
        inside = [version for key in one.came_in | one.went_out for version in scopers.get(key, [])]
        own = sorted(inside, key=lambda version: version.moment, reverse=True)
    chosen = own or versions
    if not chosen:
        return None
    said = next((version.why for version in chosen if version.why), "")
    return Deed(chosen[0].who or "Cradle", chosen[0].moment, said)
