"""What changed in the plans of some products between two moments, and who did it, when and why. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from roadmap.time_machine.comparing import Comparison, Difference, Kind, Noun
from roadmap.time_machine.differing import Differing

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
WRITTEN_OF = {kind: f"{{{','.join(sorted(columns))}}}" for kind, columns in TELLING.items()}


class Deed(NamedTuple):
    """Who did it, when, and why; `why` is empty where nobody said."""

    who: str
    at: datetime
    why: str


@dataclass
class Compared:
    """What was found to differ, and who did it. `found.comparison` may be a part of it: the farthest of each kind."""

    found: Differing

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
        return _deeds(list(differences), self.found.movers, self.found.asked.products, *self.found.span)


#: The newest of a row's versions, and why, which may have been said at an earlier one. Nouns are named, so that the index of a row's versions by
#: their begin is found. What was done while a row stood in another product is not told, nor why: who sees this one need not see that.
_NEWEST = """
    SELECT (array_agg(version.change_id ORDER BY version.id DESC))[1] AS change_id,
        (array_agg(change.reason ORDER BY version.id DESC) FILTER (WHERE change.reason <> ''))[1] AS why
    FROM changes_version version JOIN changes_change change ON change.id = version.change_id
    WHERE version.noun = wanted.noun AND version.row_id = wanted.row_id
        AND version.noun IN ('roadmap_item', 'roadmap_release', 'roadmap_milestone')
        AND lower(version.valid) > %(since)s::timestamptz AND lower(version.valid) <= %(until)s::timestamptz
        AND (version.product_id IS NULL OR version.product_id = ANY(%(products)s::bigint[]))
"""
#: Of those that tell of what happened to each row; of all, where none does.
WRITTEN = f"""
SELECT wanted.key, coalesce(nullif(person.name, ''), person.email, nullif(done.actor_label, ''), 'Cradle'), done.at,
    coalesce(CASE WHEN told.change_id IS NULL THEN other.why ELSE told.why END, ''), told.change_id IS NOT NULL
FROM unnest(%(keys)s::text[], %(nouns)s::text[], %(rows)s::bigint[], %(telling)s::text[]) AS wanted (key, noun, row_id, telling)
CROSS JOIN LATERAL ({_NEWEST} AND (version.operation = 'I' OR version.columns && wanted.telling::varchar[])) told
CROSS JOIN LATERAL ({_NEWEST} AND told.change_id IS NULL) other
JOIN changes_change done ON done.id = coalesce(told.change_id, other.change_id)
LEFT JOIN accounts_member member ON member.id = done.member_id
LEFT JOIN accounts_user person ON person.id = member.user_id
"""  # noqa: S608 - of the text above
NOTHING = "{}"


class Asking(NamedTuple):
    """Whose versions are looked through: `telling` names the columns that tell of what happened, as PostgreSQL writes an array."""

    key: str
    table: str
    row: int
    telling: str


def _deeds(
    differences: Sequence[Difference],
    movers: Mapping[str, int],
    products: Sequence[int],
    since: datetime,
    until: datetime,
) -> dict[str, Deed]:
    """`movers` are the ids of the items that came into or went out of these, by key. Who moved them did it, where a scope is all that changed."""
    if not differences:
        return {}
    inside = frozenset[str]().union(*(one.came_in | one.went_out for one in differences))
    asking = [Asking(one.key, TABLES[one.there.noun], one.there.row, WRITTEN_OF[one.kind]) for one in differences]
    asking += [Asking(f"in {key}", TABLES[Noun.ITEM], movers[key], NOTHING) for key in inside]
    keys, nouns, rows, telling = (list(column) for column in zip(*asking, strict=True))
    values: dict[str, Any] = {"keys": keys, "nouns": nouns, "rows": rows, "telling": telling}
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, {**values, "products": list(products), "since": since, "until": until})
        found = {key: (Deed(who, at, why), is_told) for key, who, at, why, is_told in cursor.fetchall()}
    deeds = {one.key: found[one.key] for one in differences if one.key in found}
    for one in differences:
        if one.kind == Kind.RESCOPED and not deeds.get(one.key, (None, False))[1]:
            scopers = [found[f"in {key}"][0] for key in one.came_in | one.went_out if f"in {key}" in found]
            if scopers:
                scopers.sort(key=lambda deed: deed.at, reverse=True)
                why = next((deed.why for deed in scopers if deed.why), "")
                deeds[one.key] = Deed(scopers[0].who, scopers[0].at, why), True
    return {key: deed for key, (deed, _is_told) in deeds.items()}
