"""What others changed in some plans since a moment: only what was touched since is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from roadmap.time_machine.comparing import Kind, Noun
from roadmap.time_machine.differing import differing
from roadmap.time_machine.states import Asked

MOST = 500
NOUNS = {"roadmap_item": Noun.ITEM, "roadmap_release": Noun.RELEASE, "roadmap_milestone": Noun.MILESTONE}
#: A version of a plan, of which a comparison may tell something.
TELLING = """version.noun IN ('roadmap_item', 'roadmap_release', 'roadmap_milestone')
    AND (version.columns && '{starts_on,ends_on,day,horizon,status_id,deleted_at,effort,released_at,title,name}'::varchar[]
        OR version.operation <> 'U')"""
_TOUCHED = f"""
SELECT version.noun, version.row_id FROM changes_version version JOIN changes_change change ON change.id = version.change_id
WHERE {TELLING} AND version.product_id = ANY(%(products)s) AND lower(version.valid) > %(since)s
    AND change.member_id IS DISTINCT FROM %(member)s
GROUP BY version.noun, version.row_id {{order}} LIMIT %(most)s
"""  # noqa: S608 - of the text above
#: Any of them, or those that were changed last.
TOUCHED = {
    newest: _TOUCHED.replace("{order}", "ORDER BY max(version.id) DESC" if newest else "") for newest in (False, True)
}


class Touched(NamedTuple):
    """What was asked, narrowed to what others touched; `is_all`: they touched no more than that."""

    asked: Asked
    is_all: bool


def lately(asked: Asked, since: datetime, now: datetime) -> tuple[dict[Kind, int], bool]:
    """How much others changed since, by kind, of at most MOST plans, and whether that is all. One statement where nothing was touched, two where
    something was."""
    found = touched(asked, since)
    if found is None:
        return {}, True
    return differing(found.asked, since, None, now, most=0).counts, found.is_all


def touched(asked: Asked, since: datetime, *, newest: bool = False) -> Touched | None:
    """What others touched since alone, of more than MOST any of them, or those `newest`; None where that is nothing."""
    with connection.cursor() as cursor:
        values = {"products": list(asked.products), "since": since, "member": asked.member.pk, "most": MOST + 1}
        cursor.execute(TOUCHED[newest], values)
        found = cursor.fetchall()
    if not found:
        return None
    rows = {noun: [row for table, row in found[:MOST] if NOUNS[table] == noun] for noun in Noun}
    return Touched(replace(asked, rows=rows), len(found) <= MOST)
