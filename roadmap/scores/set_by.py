"""Who set the factors of an item last, and when: read from its history, for all factors in one statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from accounts.together import Together
from roadmap.models import Item, scoring_of
from roadmap.scores.factors import COLUMNS

#: Of each factor the newest version in which it differs from the one before. Only versions that may have changed one are looked at.
SET_LAST = """
SELECT DISTINCT ON (factor.key)
       factor.key, change.at, coalesce(nullif(person.name, ''), person.email, nullif(change.actor_label, ''), 'Cradle')
FROM (
    SELECT id, change_id, state, lag(state) OVER (ORDER BY id) AS earlier
    FROM changes_version
    WHERE noun = %s AND row_id = %s AND (operation <> 'U' OR columns && %s::varchar[])
) version
CROSS JOIN unnest(%s::text[], %s::boolean[]) AS factor (key, is_column)
CROSS JOIN LATERAL (SELECT CASE WHEN factor.is_column THEN ARRAY[factor.key] ELSE ARRAY['factors', factor.key] END) AS place (path)
JOIN changes_change change ON change.id = version.change_id
LEFT JOIN accounts_member member ON member.id = change.member_id
LEFT JOIN accounts_user person ON person.id = member.user_id
WHERE nullif(version.state #> place.path, 'null') IS DISTINCT FROM nullif(version.earlier #> place.path, 'null')
ORDER BY factor.key, version.id DESC
"""
KINDS = ("text", "timestamp with time zone", "varchar")


class SetLast(NamedTuple):
    at: datetime
    who: str


def set_last(item: Item, together: Together) -> Callable[[], dict[str, SetLast]]:
    """By the key of each factor that people set: the change that gave it its value; asked together with the rest of a page."""
    formulas = scoring_of(item.product).formulas
    keys = sorted({one.key for formula in formulas for one in formula.factors if not one.live})
    columns = [key in COLUMNS for key in keys]
    watched = ["factors", *COLUMNS]
    later = together.ask_sql(SET_LAST, [Item._meta.db_table, item.pk, watched, keys, columns], *KINDS)

    def found() -> dict[str, SetLast]:
        return {key: SetLast(at, who) for key, at, who in later()}

    return found
