"""What others changed in some plans since a moment: only what was touched since is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import connection

from roadmap.time_machine.comparing import Comparison, Noun, Planned, compare
from roadmap.time_machine.states import Asked, state_at

MOST = 500
NOUNS = {"roadmap_item": Noun.ITEM, "roadmap_release": Noun.RELEASE, "roadmap_milestone": Noun.MILESTONE}
TOUCHED = """
SELECT DISTINCT version.noun, version.row_id FROM changes_version version JOIN changes_change change ON change.id = version.change_id
WHERE version.noun IN ('roadmap_item', 'roadmap_release', 'roadmap_milestone') AND version.product_id = ANY(%(products)s)
    AND lower(version.valid) > %(since)s
    AND (version.columns && '{starts_on,ends_on,day,horizon,status_id,deleted_at,effort,released_at,title,name}'::varchar[]
        OR version.operation <> 'U')
    AND change.member_id IS DISTINCT FROM %(member)s
LIMIT %(most)s
"""


def lately(asked: Asked, since: datetime) -> Comparison:
    """What others changed since, of at most MOST plans. One statement where nothing was touched, three where something was, five
    where a filter is set."""
    with connection.cursor() as cursor:
        values = {"products": list(asked.products), "since": since, "member": asked.member.pk, "most": MOST}
        cursor.execute(TOUCHED, values)
        touched = {(NOUNS[noun], row) for noun, row in cursor.fetchall()}
    if not touched:
        return Comparison()
    narrowed = replace(asked, rows=tuple(row for noun, row in touched if noun == Noun.ITEM))
    before, after = state_at(narrowed, since), state_at(narrowed, None)
    return compare(_among(before, touched), _among(after, touched))


def _among(state: dict[str, Planned], touched: set[tuple[Noun, int]]) -> dict[str, Planned]:
    return {key: one for key, one in state.items() if (one.noun, one.row) in touched}
