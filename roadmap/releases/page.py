"""What the page of one release shows, read in as few statements as can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.history import Entry, history_later
from products.models import Product
from roadmap.models import Category, Item, Iteration, ParkedItem, Release, ReleaseNotes
from roadmap.releases.burnup import burn_up, span_of
from roadmap.releases.burnup_drawing import BurnUpDrawing, Marker
from roadmap.releases.scope import ScopeChange, Step, scope_changes, steps_later

SHOWN_HISTORY = 30
UNITS = ("items", "effort")


class Line(NamedTuple):
    """An item of the release."""

    number: int
    title: str
    type: str
    status: str
    category: str
    lead: str | None
    effort: Decimal | None
    starts_on: date | None
    ends_on: date | None
    iteration: str | None
    iteration_name: str | None


LINE = (
    "number", "title", "its_type__name", "status__name", "status__category", "lead__user__name", "effort", "starts_on", "ends_on",
    "iteration__public_id", "iteration__name",
)  # fmt: skip


class Parked(NamedTuple):
    """An item in the parking lot."""

    public_id: str
    reason: str
    number: int
    title: str
    status: str
    category: str
    effort: Decimal | None
    release: str | None


PARKED_COLUMNS = (
    "public_id", "reason", "item__number", "item__title", "item__status__name", "item__status__category", "item__effort",
    "item__release__name",
)  # fmt: skip


def _parked(member: Member, release: Release) -> Any:
    """What came into the release by another way is parked no more."""
    rows = ParkedItem.objects.visible_to(member).filter(release=release, item__deleted_at=None)
    return rows.exclude(item__release=release).order_by("pk").values_list(*PARKED_COLUMNS)


ONE = Prepared(
    lambda member, product, public_id: (
        Release.objects.visible_to(member)
        .of(product)
        .filter(public_id=public_id)
        .select_related("lead__user", "workspace")
    )
)
ITEMS = Prepared(
    lambda member, release: Item.objects.visible_to(member).filter(release=release).order_by("rank").values_list(*LINE)
)
PARKED = Prepared(_parked)
ITERATIONS = Prepared(lambda member, release: Iteration.objects.visible_to(member).filter(release=release))
NOTES = Prepared(lambda member, release: ReleaseNotes.objects.visible_to(member).filter(release=release))


def release_of(member: Member, product: Product, public_id: str) -> Release | None:
    found: Release | None = ONE.first(member, product, public_id)
    return found


@dataclass
class ReleasePage:
    """One statement: the rows around the release and the history of its scope together."""

    release: Release
    today: date
    items: list[Line]
    parked: list[Parked]
    iterations: list[Iteration]
    notes: ReleaseNotes | None
    history: list[Entry]
    steps: list[Step]

    @classmethod
    def read(cls, release: Release, member: Member, today: date, together: Together) -> ReleasePage:
        items, parked, iterations, notes = (
            together.ask(one, member, release) for one in (ITEMS, PARKED, ITERATIONS, NOTES)
        )
        history = history_later(release, SHOWN_HISTORY, together)
        steps = steps_later(release, together)
        return cls(
            release, today, [Line._make(row) for row in items()], [Parked._make(row) for row in parked()],
            list(iterations()), next(iter(notes()), None), history(), steps(),
        )  # fmt: skip

    # --- how full, how far

    @cached_property
    def counted(self) -> list[Line]:
        """Dropped items are listed, and count neither as done nor as to do."""
        return [one for one in self.items if one.category != Category.DROPPED]

    @property
    def done(self) -> int:
        return sum(one.category == Category.SHIPPED for one in self.counted)

    @property
    def effort(self) -> Decimal:
        return sum((one.effort for one in self.counted if one.effort), Decimal(0))

    @property
    def without_effort(self) -> int:
        return sum(one.effort is None for one in self.counted)

    @property
    def used(self) -> float | None:
        """Effort as a percentage of the capacity."""
        if not self.release.capacity:
            return None
        return float(self.effort / self.release.capacity * 100)

    @property
    def is_over(self) -> bool:
        return self.release.capacity is not None and self.effort > self.release.capacity

    # --- scope since the freeze

    @cached_property
    def changes(self) -> list[ScopeChange]:
        return scope_changes(self.steps, self.release.frozen_at) if self.release.frozen_at else []

    @property
    def counts(self) -> dict[str, int]:
        return {
            kind: sum(one.kind == kind for one in self.changes) for kind in ("added", "dropped", "estimated")
        }  # fmt: skip

    @property
    def frozen_by(self) -> str:
        """Who froze it, if that is among the newest of its history."""
        return next((entry.change.who for entry in self.history if entry.change.verb == "release.frozen"), "")

    # --- burn-up

    def chart(self, unit: str) -> BurnUpDrawing | None:
        """None while nothing ever was in the release."""
        release, zone = self.release, self.release.workspace.zone
        out = _day(release.released_at, zone)
        span = span_of(
            self.steps, self.today, zone, starts_on=release.starts_on, ends_on=release.ends_on, released_on=out
        )
        if span is None:
            return None
        days = burn_up(self.steps, span.first, span.last, zone)
        marked = [
            (_day(release.frozen_at, zone), _("Frozen"), "is-frozen"), (release.ends_on, _("Planned"), "is-planned"),
            (out, _("Released"), "is-out"), (None if out else self.today, _("Today"), "is-today"),
        ]  # fmt: skip
        markers = [Marker(day, label, css) for day, label, css in marked if day is not None]
        return BurnUpDrawing(days, span, unit, self.today, markers=markers, ceiling=release.capacity)


def _day(moment: datetime | None, zone: Any) -> date | None:
    return moment.astimezone(zone).date() if moment is not None else None
