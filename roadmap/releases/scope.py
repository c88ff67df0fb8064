"""The scope of a release as it was at any moment, read from the versions of items and from nothing else.

Of what was moved to another product since, neither title nor new number are told: who sees this one need not see that.

`steps_of(release)` is one statement: each version of an item that ever was in the release, where something changed that its
scope is made of. What comes of it, the burn-up and the changes since a freeze, are pure functions of these steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.together import Together
from roadmap.models import Category, Release

STEPS = """
    WITH ever AS (
        SELECT DISTINCT row_id FROM changes_version
        WHERE noun = 'roadmap_item' AND state ->> 'release_id' IS NOT NULL AND (state ->> 'release_id')::bigint = %s
    )
    SELECT version.row_id, coalesce(lower(version.valid), change.at), version.change_id, version.operation = 'I',
        version.operation <> 'D' AND version.product_id = %s AND version.state ->> 'deleted_at' IS NULL
            AND status.category <> 'dropped' AND coalesce((version.state ->> 'release_id')::bigint = %s, false),
        status.category, (version.state ->> 'effort')::numeric, coalesce(gone.number, (version.state ->> 'number')::integer),
        CASE WHEN gone.number IS NULL THEN version.state ->> 'title' ELSE '' END, version.operation = 'D' OR version.state ->> 'deleted_at' IS NOT NULL,
        (version.state ->> 'release_id')::bigint = %s, other.name,
        coalesce(person.name, change.actor_label), coalesce(reason.text, change.reason)
    FROM ever
    JOIN changes_version version ON version.noun = 'roadmap_item' AND version.row_id = ever.row_id
    JOIN changes_change change ON change.id = version.change_id
    LEFT JOIN LATERAL (
        SELECT min(number) AS number FROM roadmap_itemalias
        WHERE item_id = ever.row_id AND product_id = %s AND is_elsewhere
    ) gone ON true
    JOIN roadmap_status status ON status.id = (version.state ->> 'status_id')::bigint
    LEFT JOIN roadmap_release other ON other.id = (version.state ->> 'release_id')::bigint AND other.product_id = %s
    LEFT JOIN accounts_member member ON member.id = change.member_id
    LEFT JOIN accounts_user person ON person.id = member.user_id
    LEFT JOIN roadmap_scopereason reason ON reason.about_id = change.id AND reason.release_id = %s
    WHERE version.operation <> 'U' OR version.columns && '{release_id,status_id,effort,deleted_at}'
    ORDER BY version.id
"""
ASKED_OF = ("release", "product", "release", "release", "product", "product", "release")
COLUMNS = (
    "bigint", "timestamp with time zone", "bigint", "boolean", "boolean", "text", "numeric", "integer", "text", "boolean", "boolean",
    "text", "text", "text",
)  # fmt: skip


class Step(NamedTuple):
    """An item from one moment until its next step. `within`: it counts into the scope."""

    row: int
    at: datetime
    change: int
    is_new: bool
    within: bool
    category: str
    effort: Decimal | None
    number: int
    title: str
    is_deleted: bool
    is_here: bool | None
    release: str | None
    who: str | None
    reason: str | None

    @property
    def is_done(self) -> bool:
        return self.within and self.category == Category.SHIPPED


class ScopeChange(NamedTuple):
    """What one change did to the scope of a release: `kind` is added, dropped or estimated."""

    kind: str
    number: int
    title: str
    detail: str
    effort: Decimal | None
    before: Decimal | None
    at: datetime
    who: str
    why: str
    change: int


def steps_of(release: Release) -> list[Step]:
    """In the order in which they were written. One statement, however long the history."""
    return steps_later(release, Together())()


def steps_later(release: Release, together: Together) -> Callable[[], list[Step]]:
    """The same, when they are wanted: asked together with the rest of a page."""
    place = {"release": release.pk, "product": release.product_id}
    later = together.ask_sql(STEPS, [place[one] for one in ASKED_OF], *COLUMNS)
    return lambda: [Step._make(row) for row in later()]


def scope_changes(steps: Iterable[Step], since: datetime) -> list[ScopeChange]:
    """What was added, dropped and estimated anew after that moment, the newest first."""
    last: dict[int, Step] = {}
    found: list[ScopeChange] = []
    for step in steps:
        before = last.get(step.row)
        last[step.row] = step
        kind = _kind(before, step) if step.at > since else None
        if kind is not None:
            found.append(_told(kind, before, step))
    return sorted(found, key=lambda one: one.at, reverse=True)


def touched_scope(release: Release, change: int) -> bool:
    """Whether a Change changed the scope of the release after it was frozen."""
    if release.frozen_at is None:
        return False
    return any(one.change == change for one in scope_changes(steps_of(release), release.frozen_at))


def _kind(before: Step | None, step: Step) -> str | None:
    was = before is not None and before.within
    if step.within != was:
        return "added" if step.within else "dropped"
    if before is not None and was and before.effort != step.effort:
        return "estimated"
    return None


def _told(kind: str, before: Step | None, step: Step) -> ScopeChange:
    detail = {"added": _came_from, "dropped": _went_to}.get(kind, lambda *_steps: "")(before, step)
    title, effort = step.title or _("An item that is in another product now"), before.effort if before else None
    return ScopeChange(
        kind, step.number, title, detail, step.effort, effort, step.at, step.who or "Cradle", step.reason or "", step.change,
    )  # fmt: skip


def _came_from(before: Step | None, step: Step) -> str:
    if before is None or step.is_new:
        return _("new")
    if before.is_deleted:
        return _("back from the bin")
    if before.is_here:
        return _("taken up again")
    return _("was in %(release)s") % {"release": before.release} if before.release else _("was not planned")


def _went_to(_before: Step | None, step: Step) -> str:
    if step.is_deleted:
        return _("deleted")
    if step.is_here:
        return _("will not be done")
    return _("now in %(release)s") % {"release": step.release} if step.release else _("not planned now")
