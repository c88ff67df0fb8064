"""The triggers by which the days of a release follow its items, whoever writes them: verbs, imports, bulk changes, undo."""

from __future__ import annotations

import pgtrigger

#: First and last day of what belongs to a release and was not dropped. One day of an item stands for both.
SPAN = (
    "SELECT min(coalesce(item.starts_on, item.ends_on)), max(coalesce(item.ends_on, item.starts_on)) FROM roadmap_item item"
    " JOIN roadmap_status status ON status.id = item.status_id WHERE item.release_id = {release} AND item.deleted_at IS NULL"
    " AND status.category <> 'dropped'"
)


def days_trigger() -> pgtrigger.Trigger:
    """Of releases: while its days are computed and it is not out, they are what its items say."""
    return pgtrigger.Trigger(
        name="days",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=pgtrigger.Func(
            "IF NEW.dating = 'items' AND NEW.released_at IS NULL THEN"  # noqa: S608 - made of constants
            " SELECT span.first, span.last INTO NEW.starts_on, NEW.ends_on"
            f" FROM ({SPAN.format(release='NEW.id')}) span (first, last);"
            " END IF; RETURN NEW;"
        ),
    )


def release_days_trigger() -> pgtrigger.Trigger:
    """Of items: releases whose days are computed hear of each change that may move them.

    The releases are locked first, so that of two items that move at once the later sees the earlier one's day.
    """
    told = ("starts_on", "ends_on", "release_id", "deleted_at", "status_id")
    same = " AND ".join(f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in told)
    return pgtrigger.Trigger(
        name="release_days",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*told),
        declare=[("earlier", "bigint")],
        func=pgtrigger.Func(
            "IF TG_OP = 'UPDATE' THEN"  # noqa: S608 - made of constants
            f" IF {same} THEN RETURN NULL; END IF;"
            " earlier := OLD.release_id; END IF;"
            " IF NEW.release_id IS NULL AND earlier IS NULL THEN RETURN NULL; END IF;"
            " PERFORM 1 FROM roadmap_release WHERE id IN (NEW.release_id, earlier) AND dating = 'items'"
            " AND released_at IS NULL ORDER BY id FOR UPDATE;"
            " IF FOUND THEN UPDATE roadmap_release release SET starts_on = span.first, ends_on = span.last"
            f" FROM roadmap_release own CROSS JOIN LATERAL ({SPAN.format(release='own.id')}) span (first, last)"
            " WHERE release.id = own.id AND own.id IN (NEW.release_id, earlier) AND own.dating = 'items'"
            " AND own.released_at IS NULL"
            " AND (own.starts_on, own.ends_on) IS DISTINCT FROM (span.first, span.last);"
            " END IF; RETURN NULL;"
        ),
    )


def dropped_days_trigger() -> pgtrigger.Trigger:
    """Of statuses: one that becomes one for what is dropped, or is it no more, moves the computed days of releases with items in it."""
    return pgtrigger.Trigger(
        name="release_days",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("category"),
        func=pgtrigger.Func(
            "IF (OLD.category = 'dropped') = (NEW.category = 'dropped') THEN RETURN NULL; END IF;"  # noqa: S608 - made of constants
            " PERFORM 1 FROM roadmap_release WHERE dating = 'items' AND released_at IS NULL"
            " AND id IN (SELECT release_id FROM roadmap_item WHERE status_id = NEW.id) ORDER BY id FOR UPDATE;"
            " UPDATE roadmap_release release SET starts_on = span.first, ends_on = span.last"
            f" FROM roadmap_release own CROSS JOIN LATERAL ({SPAN.format(release='own.id')}) span (first, last)"
            " WHERE release.id = own.id AND own.id IN (SELECT release_id FROM roadmap_item WHERE status_id = NEW.id)"
            " AND own.dating = 'items' AND own.released_at IS NULL"
            " AND (own.starts_on, own.ends_on) IS DISTINCT FROM (span.first, span.last);"
            " RETURN NULL;"
        ),
    )
