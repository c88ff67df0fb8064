"""The texts by which items stand in one total order of their product (roadmap/backlog/ranks.py), all of them at once."""

from __future__ import annotations

from django.db import connection

from roadmap.backlog import ranks


def spread_ranks(product_id: int) -> None:
    """Give all items of a product, those in the bin too, short ranks again in the same order. Under the counter's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM roadmap_item WHERE product_id = %s ORDER BY rank", [product_id])
        rows = [row for (row,) in cursor.fetchall()]
        cursor.execute(
            "UPDATE roadmap_item SET rank = fresh.rank FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, rank)"
            " WHERE roadmap_item.id = fresh.id",
            [rows, ranks.several_between(None, None, len(rows))],
        )
