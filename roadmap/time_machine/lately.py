"""What others changed in some plans since a moment: only what was touched since is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import connection

from roadmap.time_machine.comparing import Kind, Noun
from roadmap.time_machine.differing import differing
from roadmap.time_machine.states import Asked

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


def lately(asked: Asked, since: datetime, now: datetime) -> dict[Kind, int]:
    """How much others changed since, by kind, of at most MOST plans. One statement where nothing was touched, two where something was."""
    narrowed = touched(asked, since)
    return differing(narrowed, since, None, now, most=0).counts if narrowed is not None else {}


def touched(asked: Asked, since: datetime) -> Asked | None:
    """The same of what others touched since alone; None where that is nothing."""
    with connection.cursor() as cursor:
        values = {"products": list(asked.products), "since": since, "member": asked.member.pk, "most": MOST}
        cursor.execute(TOUCHED, values)
        found = cursor.fetchall()
    if not found:
        return None
    rows = {noun: [row for table, row in found if NOUNS[table] == noun] for noun in Noun}
    return replace(asked, rows=rows)
