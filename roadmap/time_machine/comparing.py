"""Two states of a roadmap, and what lies between them. Pure: no database, no clock, no words.

comparison = compare(before, after)
comparison.applied_to(before) == after
comparison.reversed() == compare(after, before)

Of a roadmap's versions roadmap/time_machine/differing.py has the database find the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import cached_property  # functools' has a lock, which costs more than what it keeps


class Noun(StrEnum):
    ITEM = "item"
    RELEASE = "release"
    MILESTONE = "milestone"


class Kind(StrEnum):
    """What happened to something between two states, in the order in which it is told: what breaks a promise or changes its size comes first,
    for among many that were added nobody looks for it."""

    SLIPPED = "slipped"
    DROPPED = "dropped"
    REOPENED = "reopened"
    RESCOPED = "rescoped"
    PULLED = "pulled"
    SHIPPED = "shipped"
    ADDED = "added"
    RENAMED = "renamed"


#: What a kind is when the two states change places. Those that are not here stay what they are.
OPPOSITE = {
    Kind.SLIPPED: Kind.PULLED,
    Kind.PULLED: Kind.SLIPPED,
    Kind.ADDED: Kind.DROPPED,
    Kind.DROPPED: Kind.ADDED,
    Kind.SHIPPED: Kind.REOPENED,
    Kind.REOPENED: Kind.SHIPPED,
}
#: Now, next and later, from soon to late.
HORIZONS = ("now", "next", "later")


@dataclass(frozen=True)
class Planned:
    """One thing on a roadmap, as it stood. `key` is how it is named for good: an item's key, a public id.

    `horizon` is empty where the roadmap is not about horizons. `scope` names what belongs to an epic or a release; where two states are
    compared it may leave out what belongs to both. `end` is the day that was promised: whether it was written down, or is that of the start,
    makes no difference. `lane` and `row` (its id in the database) say where to draw and to look it up; they
    make no difference.
    """

    key: str
    noun: Noun = Noun.ITEM
    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = field(default=None, compare=False)
    end: date | None = field(init=False)
    horizon: str = ""
    is_shipped: bool = False
    effort: Decimal | None = None
    scope: frozenset[str] = frozenset()
    lane: str = field(default="", compare=False)
    row: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "end", self.ends_on or self.starts_on)


State = Mapping[str, Planned]


@dataclass(frozen=True)
class Difference:
    """What became of one thing; None for a state that does not have it."""

    before: Planned | None
    after: Planned | None

    @property
    def key(self) -> str:
        return self.there.key

    @property
    def there(self) -> Planned:
        """As it is after, or was before it was dropped."""
        found = self.after or self.before
        assert found is not None
        return found

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """All that happened; one thing may have slipped and been re-scoped too."""
        return frozenset(_kinds(self.before, self.after))

    @cached_property
    def kind(self) -> Kind:
        """What it is listed under: the first of its kinds."""
        return next(_kinds(self.before, self.after))

    @property
    def end_moved(self) -> int:
        """Days by which its end is later (negative: earlier); 0 where one of the two has none."""
        return _days(self.before and self.before.end, self.after and self.after.end)

    @property
    def start_moved(self) -> int:
        return _days(self.before and self.before.starts_on, self.after and self.after.starts_on)

    @property
    def effort_moved(self) -> Decimal:
        """How much larger its estimate is; what was not estimated counts as nothing."""
        if self.before is None or self.after is None:
            return Decimal(0)
        return (self.after.effort or Decimal(0)) - (self.before.effort or Decimal(0))

    @property
    def came_in(self) -> frozenset[str]:
        return self.after.scope - self.before.scope if self.before and self.after else frozenset()

    @property
    def went_out(self) -> frozenset[str]:
        return self.before.scope - self.after.scope if self.before and self.after else frozenset()

    def reversed(self) -> Difference:
        return Difference(self.after, self.before)


@dataclass(frozen=True)
class Comparison:
    """All that differs, by key. `same` counts what stayed as it was."""

    differences: tuple[Difference, ...] = ()
    same: int = field(default=0, compare=False)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.differences)

    def __len__(self) -> int:
        return len(self.differences)

    def __bool__(self) -> bool:
        return bool(self.differences)

    @cached_property
    def by_kind(self) -> dict[Kind, list[Difference]]:
        """What is told under each kind, each thing once: what moved farthest first. In the order of kinds; none that has nothing."""
        found: dict[Kind, list[Difference]] = {kind: [] for kind in Kind}
        for one in self.differences:
            found[one.kind].append(one)
        return {kind: sorted(differences, key=farthest) for kind, differences in found.items() if differences}

    def listed(self, kind: Kind) -> list[Difference]:
        return self.by_kind.get(kind, [])

    def counts(self) -> dict[Kind, int]:
        """How much is told under each kind, in the order of kinds; none that has nothing."""
        return {kind: len(differences) for kind, differences in self.by_kind.items()}

    def reversed(self) -> Comparison:
        return Comparison(tuple(one.reversed() for one in self.differences), self.same)

    def applied_to(self, before: State) -> dict[str, Planned]:
        """The second state, of the first."""
        state = dict(before)
        for one in self.differences:
            state.pop(one.key, None)
            if one.after is not None:
                state[one.key] = one.after
        return state


def compare(before: State, after: State) -> Comparison:
    """What lies between two states. Their keys are those of what they hold."""
    keys = sorted({*before, *after})
    differences = (Difference(before.get(key), after.get(key)) for key in keys)
    differing = tuple(one for one in differences if one.before != one.after)
    return Comparison(differing, len(keys) - len(differing))


def _kinds(before: Planned | None, after: Planned | None) -> Iterator[Kind]:
    """In the order in which they are listed under: what was shipped or dropped is told as that, not as a slip."""
    if before is None:
        yield Kind.ADDED
        return
    if after is None:
        yield Kind.DROPPED
        return
    if before.is_shipped != after.is_shipped:
        yield Kind.SHIPPED if after.is_shipped else Kind.REOPENED
    later = _later(before, after)
    if later:
        yield Kind.SLIPPED if later > 0 else Kind.PULLED
    if before.effort != after.effort or before.scope != after.scope:
        yield Kind.RESCOPED
    if before.title != after.title:
        yield Kind.RENAMED


def _later(before: Planned, after: Planned) -> int:
    """Whether it moved to later (above 0) or earlier: by its end, else by its start, else by its horizon. What has no date
    any more went to later."""
    for one, other in ((before.end, after.end), (before.starts_on, after.starts_on)):
        if one != other:
            return (other or date.max).toordinal() - (one or date.max).toordinal()
    return _distance(after.horizon) - _distance(before.horizon)


def _distance(horizon: str) -> int:
    return HORIZONS.index(horizon) if horizon in HORIZONS else len(HORIZONS)


def _days(one: date | None, other: date | None) -> int:
    return (other - one).days if one and other else 0


def farthest(one: Difference) -> tuple[int, date, str]:
    """The order of what is told under one kind."""
    return -abs(one.end_moved or one.start_moved), one.there.end or date.max, one.key
