"""What went into and out of releases and epics between two moments: read from versions, only for those that stood in both states.

Common table expressions of roadmap/time_machine/differing.py. `standing` are they (noun, row_id), which whoever asks must see; `scoped` says of each that
changed which items (key and id) came in and went out.
"""

from __future__ import annotations

#: Items as they were at a moment: the version that began last until then, if it was valid still and not deleted.
_AT = """
    SELECT newest.product_id, newest.state ->> 'number' AS number, (newest.state ->> 'release_id')::bigint AS place FROM (
        SELECT product_id, state, valid FROM changes_version
        WHERE noun = 'roadmap_item' AND row_id = touched.row_id AND lower(valid) <= %({moment})s::timestamptz
        ORDER BY lower(valid) DESC LIMIT 1
    ) newest
    WHERE valid @> %({moment})s::timestamptz AND product_id = ANY(%(products)s::bigint[]) AND newest.state ->> 'deleted_at' IS NULL
"""
#: Children at a moment of those that are asked about.
_UNDER = """
    SELECT row_id, product_id, state ->> 'number' AS number, (state ->> 'parent_id')::bigint AS place FROM changes_version
    WHERE noun = 'roadmap_item' AND product_id = ANY(%(products)s::bigint[]) AND valid @> %({moment})s::timestamptz
        AND (state ->> 'parent_id')::bigint = ANY(ARRAY(SELECT row_id FROM standing WHERE noun = 'item'))
        AND state ->> 'deleted_at' IS NULL
"""
_RELEASES = "ANY(ARRAY(SELECT row_id FROM standing WHERE noun = 'release'))"
#: What changed release, was added or deleted, as it was at both moments; then what changed its epic. (An index is for the condition of
#: the first: the migration of what moved.)
SCOPED = f"""
touched AS MATERIALIZED (
    SELECT DISTINCT row_id FROM changes_version
    WHERE noun = 'roadmap_item' AND product_id = ANY(%(products)s::bigint[]) AND lower(valid) > %(since)s::timestamptz AND lower(valid) <= %(until)s::timestamptz
        AND (columns && '{{release_id,deleted_at}}'::varchar[] OR operation <> 'U')
        AND EXISTS (SELECT FROM standing WHERE noun = 'release')
), moved AS (
    SELECT touched.row_id AS item, coalesce(later.product_id, earlier.product_id) AS product_id,
        coalesce(later.number, earlier.number) AS number, 'release' AS noun, earlier.place AS before, later.place AS after
    FROM touched
    LEFT JOIN LATERAL ({_AT.format(moment="since")}) earlier ON true
    LEFT JOIN LATERAL ({_AT.format(moment="until")}) later ON true
    WHERE earlier.place IS DISTINCT FROM later.place AND (earlier.place = {_RELEASES} OR later.place = {_RELEASES})
    UNION ALL
    SELECT coalesce(later.row_id, earlier.row_id), coalesce(later.product_id, earlier.product_id),
        coalesce(later.number, earlier.number), 'item', earlier.place, later.place
    FROM ({_UNDER.format(moment="since")}) earlier
    FULL JOIN ({_UNDER.format(moment="until")}) later ON later.row_id = earlier.row_id
    WHERE earlier.place IS DISTINCT FROM later.place
), scoped AS MATERIALIZED (
    SELECT noun, place AS row_id, json_agg(json_build_array(key, item)) FILTER (WHERE is_in) AS came_in,
        json_agg(json_build_array(key, item)) FILTER (WHERE NOT is_in) AS went_out
    FROM (
        SELECT noun, item, product.key || '-' || number AS key, place, is_in
        FROM moved JOIN products_product product ON product.id = moved.product_id,
            LATERAL (VALUES (before, false), (after, true)) AS ends (place, is_in)
    ) moves
    WHERE place IS NOT NULL GROUP BY noun, place
)
"""  # noqa: S608 - of the texts above
