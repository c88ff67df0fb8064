"""On which days plans changed, and how often: the marks of the time machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.cache import cache
from django.db import connection

from accounts.models import Workspace
from changes.past import end_of

FAR = timedelta(days=731)
KEPT = 24 * 3600.0
COUNTED = """
SELECT product_id, (lower(valid) AT TIME ZONE %(zone)s)::date, count(DISTINCT change_id) FROM changes_version
WHERE noun IN ('roadmap_item', 'roadmap_release', 'roadmap_milestone') AND product_id = ANY(%(products)s)
    AND lower(valid) > %(since)s AND lower(valid) <= %(until)s
    AND (columns && '{starts_on,ends_on,day,horizon,status_id,release_id,deleted_at,effort,released_at}'::varchar[]
        OR operation <> 'U')
GROUP BY 1, 2
"""


def changed_days(workspace: Workspace, products: Sequence[int], today: date) -> dict[date, int]:
    """Day → how many changes touched the plans of these products, until yesterday and for two years back.

    What is past stays as it is, so it is counted once a day for each product and kept in the cache.
    """
    keys = {product: f"changed-days:{product}:{today}:{workspace.time_zone}" for product in products}
    known = cache.get_many(keys.values())
    missing = [product for product, key in keys.items() if key not in known]
    if missing:
        counted = _counted(workspace, missing, today)
        known |= {keys[product]: counted.get(product, {}) for product in missing}
        cache.set_many({keys[product]: known[keys[product]] for product in missing}, KEPT)
    total: dict[date, int] = {}
    for days in known.values():
        for day, count in days.items():
            total[day] = total.get(day, 0) + count
    return total


def _counted(workspace: Workspace, products: list[int], today: date) -> dict[int, dict[date, int]]:
    since, until = (end_of(today - back, workspace.zone) for back in (FAR, timedelta(days=1)))
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"zone": workspace.time_zone, "products": products, "since": since, "until": until})
        found: dict[int, dict[date, int]] = {}
        for product, day, count in cursor.fetchall():
            found.setdefault(product, {})[day] = count
    return found
