"""Two years of history for the large backlog: 200 000 changes, 1 000 items with dates, 300 dependencies; for the time machine and comparisons.

Written as the triggers would have: each item's versions follow each other without a gap until the first that is there.
"""

from __future__ import annotations

from datetime import timedelta

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - needs django.setup()

from accounts.actors import Actor  # noqa: E402
from accounts.models import Member  # noqa: E402
from changes.models import Change, Version  # noqa: E402
from config import clock  # noqa: E402
from products.models import Product  # noqa: E402
from roadmap.models import Item, ItemLink, Look  # noqa: E402

CHANGES, DAYS, SCHEDULED, DEPENDENCIES = 200_000, 730, 1_000, 300
HISTORY = """
WITH made AS (
    INSERT INTO changes_change (workspace_id, actor_kind, actor_reference, actor_label, verb, at, quiet, reason)
    SELECT %(workspace)s, 'system', '', 'Bench', 'item.edited',
        %(until)s - %(days)s * interval '1 day' + n * (%(days)s * interval '1 day' / %(changes)s), false, ''
    FROM generate_series(0, %(changes)s - 1) n RETURNING id, at
), numbered AS (
    SELECT id, at, (row_number() OVER (ORDER BY at) - 1)::int AS n FROM made
), items AS (
    SELECT id, to_jsonb(item) - 'search' AS state, (row_number() OVER (ORDER BY number) - 1)::int AS place
    FROM roadmap_item item WHERE product_id = %(product)s
), told AS (
    SELECT items.id AS row, items.state, numbered.id AS change, numbered.at, n / %(items)s AS step
    FROM numbered JOIN items ON items.place = n %% %(items)s
)
INSERT INTO changes_version (workspace_id, product_id, noun, row_id, change_id, operation, valid, columns, state)
SELECT %(workspace)s, %(product)s, 'roadmap_item', row, change, CASE WHEN step = 0 THEN 'I' ELSE 'U' END,
    tstzrange(at, coalesce(lead(at) OVER (PARTITION BY row ORDER BY at), (
        SELECT lower(valid) FROM changes_version first WHERE noun = 'roadmap_item' AND row_id = row ORDER BY id LIMIT 1))),
    CASE WHEN step = 0 THEN '{}' WHEN step %% 5 = 1 THEN '{ends_on,starts_on}' WHEN step %% 5 = 2 THEN '{status_id}'
        WHEN step = 10 THEN '{release_id}' ELSE '{title}' END::varchar[],
    state || jsonb_build_object('change_id', change, 'title', (state ->> 'title') || ' ' || step) ||
    CASE WHEN state ->> 'starts_on' IS NULL THEN '{}'::jsonb ELSE jsonb_build_object(
        'starts_on', (state ->> 'starts_on')::date - step, 'ends_on', (state ->> 'ends_on')::date - step) END
FROM told
"""


def tell_history(product: Product) -> int:
    """How many changes it has now; what is told already stays."""
    told = Version.objects.filter(noun="roadmap_item", product_id=product.pk).count()
    if told >= CHANGES:
        return told
    by, today = Actor.system(), clock.now().date()
    with Change.open("item.edited", by=by, workspace=product.workspace):
        for item in Item.objects.of(product).filter(number__lte=SCHEDULED).only("number"):
            start = today + timedelta(days=item.number % 240 - 60)
            Item.objects.filter(pk=item.pk).update(
                starts_on=start, ends_on=start + timedelta(days=item.number % 50 + 5)
            )
    rows = Item.objects.of(product).filter(number__lte=SCHEDULED).select_related("product", "workspace")
    items, there = list(rows.order_by("number")), ItemLink.objects.of(product).count()
    for first, second in zip(items[there:DEPENDENCIES], items[there + 1 : DEPENDENCIES + 1], strict=True):
        ItemLink.add(first, "blocks", second, by=by)
    values = {
        "workspace": product.workspace_id, "product": product.pk, "changes": CHANGES, "days": DAYS,
        "items": Item.objects.with_deleted().of(product).count(), "until": clock.now() - timedelta(hours=1),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HISTORY, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE changes_version")
        cursor.execute("VACUUM ANALYZE changes_change")
    return told + CHANGES


def look_last(product: Product, email: str, days: int = 7) -> None:
    """As if this member's visit before this one went until so many days ago: what changed since is told."""
    now = clock.now()
    member = Member.objects.get(workspace=product.workspace_id, user__email=email)
    at = {"workspace_id": product.workspace_id, "seen_at": now, "before_at": now - timedelta(days=days)}
    Look.objects.update_or_create(member=member, product=product, defaults=at)
