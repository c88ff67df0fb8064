"""What the Insights page of a product tells, read from served rows alone: each figure with its period and population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.functional import cached_property

from accounts.prepared import Prepared
from listing.together import listed
from products.models import Product
from usage.models import (
    PRODUCT_SCOPE,
    Adoption,
    KeyKind,
    KnownKey,
    LifeWeek,
    MetricDay,
    Population,
    RetentionTriangle,
    TimeToAdopt,
    UsageKey,
)
from usage.rollup.watermark import complete_and_waiting
from usage.survival import median

PERIOD = timedelta(days=28)
WEEK = timedelta(days=7)
WEEKS_SHOWN = 13
FRIDAY = 5
#: Retention is told at this age beside the other key figures.
KEY_AGE = 4
FOR_WEEKS = ("week", "active", "new", "retained", "resurrected", "lapsed")
DAILY = {Population.USERS: ("dau", "wau7", "mau28"), Population.ACCOUNTS: ("daa", "waa7", "maa28")}


def _days(product: Product, through: date) -> Any:
    first = through - WEEKS_SHOWN * WEEK - 2 * PERIOD
    return MetricDay.objects.of(product).filter(scope=PRODUCT_SCOPE, day__gt=first, day__lte=through)


def _weeks(product: Product, kind: int) -> Any:
    return LifeWeek.objects.of(product).filter(scope=PRODUCT_SCOPE, kind=kind).order_by("-week")[:WEEKS_SHOWN]


def _cohorts(product: Product, kind: int) -> Any:
    rows = RetentionTriangle.objects.of(product).filter(scope=PRODUCT_SCOPE, kind=kind)
    return rows.order_by("-cohort")[:WEEKS_SHOWN]


class Waited(NamedTuple):
    """How long it took to begin with a feature, as TimeToAdopt has it."""

    released_on: date | None
    days: list[int]
    adopted: list[int]
    waiting: list[int]
    followed: list[int]
    by_day: list[int]


class Served(NamedTuple):
    """All rows that a page of insights is made of, as they come: days are texts."""

    days: list[list[Any]]
    before: list[list[Any]]
    weeks: list[list[Any]]
    cohorts: list[list[Any]]
    adoption: list[list[Any]]
    times: list[list[Any]]
    feature_keys: list[list[Any]]
    usage_keys: list[list[Any]]


def _served(product: Product, through: date, population: Population, kept: str) -> Any:
    counts = DAILY[population]
    before = MetricDay.objects.of(product).filter(day=through - PERIOD)
    adoption = Adoption.objects.of(product).filter(kind=population, period=Adoption.Period.TRAILING)
    return Product.objects.with_deleted().filter(pk=product.pk).values_list(
        listed(_days(product, through), "day", *counts),
        listed(before, "scope", counts[2]),
        listed(_weeks(product, population), *FOR_WEEKS),
        listed(_cohorts(product, population), "cohort", "size", kept),
        listed(adoption, "scope", "eligible", "tried", "adopted"),
        listed(TimeToAdopt.objects.of(product).filter(kind=population), "scope", *Waited._fields),
        listed(KnownKey.objects.of(product).filter(kind=KeyKind.FEATURE), "id", "key"),
        listed(
            UsageKey.objects.of(product).order_by("key", "links__pk"),
            "key", "name", "links__item__number", "links__item__deleted_at",
        ),
    )  # fmt: skip


SERVED = Prepared(_served)


@dataclass(frozen=True)
class KeyFigure:
    """`before` is the same figure 28 days earlier; `series` leads up to now."""

    value: float | None
    before: float | None = None
    series: Sequence[float] = ()

    @property
    def change(self) -> float | None:
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def points(self) -> float | None:
        """The change of a share."""
        return round(self.change, 1) if self.change is not None else None

    @property
    def growth(self) -> float | None:
        """The change in percent."""
        return round(100 * self.change / self.before, 1) if self.change is not None and self.before else None


class MeasuredItem(NamedTuple):
    number: int
    key: str


class Measured(NamedTuple):
    """A key of the events that somebody named or linked."""

    name: str
    items: list[MeasuredItem]


@dataclass(frozen=True)
class FeatureAdoption:
    """A feature's use in the period, and how long it took to begin with it."""

    name: str
    key: str
    items: tuple[MeasuredItem, ...]
    eligible: int
    tried: int
    adopted: int
    tried_before: float | None
    time: Waited | None

    @property
    def tried_share(self) -> float | None:
        return _share(self.tried, self.eligible)

    @property
    def adopted_share(self) -> float | None:
        return _share(self.adopted, self.eligible)

    @property
    def widths(self) -> tuple[str, str]:
        """Of the bars for adopted and tried, in percent, for the stylesheet."""
        return f"{self.adopted_share or 0:.1f}", f"{self.tried_share or 0:.1f}"

    @property
    def change(self) -> float | None:
        """Points of those who tried, against the 28 days before."""
        if self.tried_share is None or self.tried_before is None:
            return None
        return round(self.tried_share - self.tried_before)

    @property
    def released_on(self) -> date | None:
        return self.time and self.time.released_on

    @property
    def median_days(self) -> int | None:
        return self.time and median(self.time.days, self.time.adopted, self.time.waiting)

    @property
    def population(self) -> int:
        return sum(self.time.adopted) + sum(self.time.waiting) if self.time else 0

    @property
    def by_marks(self) -> list[tuple[int, float | None, int]]:
        """(day, share that had begun by then, of how many that were followed so long)."""
        if self.time is None:
            return [(mark, None, 0) for mark in TimeToAdopt.MARKS]
        marks = zip(TimeToAdopt.MARKS, self.time.by_day, self.time.followed, strict=True)
        return [(mark, _share(by_day, followed), followed) for mark, by_day, followed in marks]


@dataclass(frozen=True)
class Period:
    """Where the active of a week come from. It is unfinished while its last day is not complete."""

    start: date
    active: int
    new: int
    retained: int
    resurrected: int
    lapsed: int
    finished: bool


@dataclass(frozen=True)
class Cohort:
    """Those first active in the week `start`. A cell is None while its week is not complete."""

    start: date
    size: int
    kept: list[int | None]

    @property
    def shares(self) -> list[float | None]:
        return [_share(count, self.size) for count in self.kept]


class Insights:
    """Figures of `product` for users or accounts, at the end of the last complete day: two statements, the second of them
    when the first figure is asked for. `waiting`: how many events are not counted yet."""

    def __init__(
        self, product: Product, population: Population, *, unbounded: bool = False, working_days: bool = False
    ) -> None:
        self.product, self.population = product, population
        self.unbounded, self.working_days = unbounded, working_days
        self.through, self.waiting = complete_and_waiting(product.pk, product.workspace.today())

    @property
    def since(self) -> date | None:
        return self.through - PERIOD + timedelta(1) if self.through else None

    @cached_property
    def _served(self) -> Served:
        assert self.through is not None
        kept = "unbounded" if self.unbounded else "bounded"
        return Served._make(SERVED.first(self.product, variant=(self.through, self.population, kept)))

    # --- key figures

    @cached_property
    def _days(self) -> dict[date, list[int]]:
        """Active of the day, of 7 and of 28 days, as far back as any series needs."""
        return {date.fromisoformat(day): counts for day, *counts in self._served.days}

    def _active(self, day: date, window: int) -> int:
        return self._days.get(day, (0, 0, 0))[window]

    @property
    def _ends(self) -> list[date]:
        """The last days of the weeks that a series shows."""
        assert self.through is not None
        return [self.through - n * WEEK for n in reversed(range(WEEKS_SHOWN))]

    @property
    def active_28(self) -> KeyFigure:
        return self._figure(lambda day: self._active(day, 2))

    @property
    def active_7(self) -> KeyFigure:
        return self._figure(lambda day: self._active(day, 1))

    @property
    def stickiness(self) -> KeyFigure:
        """Mean daily active over 28 complete days ÷ active in those 28 days, in percent; or over their Mondays to
        Fridays alone ÷ the same, for what is used at work."""
        return self._figure(self._stickiness_at)

    def _stickiness_at(self, day: date) -> float | None:
        days = [day - timedelta(n) for n in range(PERIOD.days)]
        counted = [one for one in days if one.isoweekday() <= FRIDAY] if self.working_days else days
        daily = sum(self._active(one, 0) for one in counted) / len(counted)
        return _share(daily, self._active(day, 2))

    def _figure(self, at: Any) -> KeyFigure:
        assert self.through is not None
        known = [day for day in self._ends if self._active(day, 2)]
        return KeyFigure(at(self.through), at(self.through - PERIOD), [at(day) for day in known])

    @property
    def retention(self) -> KeyFigure:
        """The weighted mean share of cohorts that is active again KEY_AGE weeks on; the series goes by cohort."""
        series = [cohort.shares[KEY_AGE] for cohort in self.cohorts if len(cohort.kept) > KEY_AGE]
        return KeyFigure(
            self.means[KEY_AGE] if len(self.means) > KEY_AGE else None, None, [s for s in series if s is not None]
        )

    # --- features

    @cached_property
    def features(self) -> list[FeatureAdoption]:
        """All features with any use, most tried first."""
        times = {scope: _waited(columns) for scope, *columns in self._served.times}
        keys, linked, before = dict(self._served.feature_keys), self._usage_keys, self._tried_before
        features = [
            FeatureAdoption(
                name=linked[keys[scope]].name if keys[scope] in linked else keys[scope],
                key=keys[scope],
                items=tuple(linked[keys[scope]].items) if keys[scope] in linked else (),
                eligible=eligible,
                tried=tried,
                adopted=adopted,
                tried_before=_share(before.get(scope, 0), before.get(PRODUCT_SCOPE, 0)),
                time=times.get(scope),
            )
            for scope, eligible, tried, adopted in self._served.adoption
        ]
        return sorted(features, key=lambda feature: (-feature.tried, feature.name))

    @property
    def newest(self) -> FeatureAdoption | None:
        """The measured feature that was released last."""
        released = [feature for feature in self.features if feature.released_on is not None]
        return max(released, key=lambda feature: feature.released_on or date.min, default=None)

    @property
    def marks(self) -> tuple[int, ...]:
        return TimeToAdopt.MARKS

    @cached_property
    def _usage_keys(self) -> dict[str, Measured]:
        found: dict[str, Measured] = {}
        for key, name, number, deleted_at in self._served.usage_keys:
            measured = found.setdefault(key, Measured(name or key, []))
            if number is not None and deleted_at is None:
                measured.items.append(MeasuredItem(number, f"{self.product.key}-{number}"))
        return found

    @cached_property
    def _tried_before(self) -> dict[int, int]:
        """Active per scope in the 28 days before these."""
        return dict(self._served.before)

    # --- weeks

    @cached_property
    def weeks(self) -> list[Period]:
        """The last WEEKS_SHOWN weeks with their unfinished one, oldest first."""
        weeks = [(date.fromisoformat(week), counts) for week, *counts in reversed(self._served.weeks)]
        return [Period(week, *counts, finished=self._is_complete(week)) for week, counts in weeks]

    @cached_property
    def cohorts(self) -> list[Cohort]:
        """The last WEEKS_SHOWN cohorts, oldest first."""
        cohorts = []
        for day, size, counts in reversed(self._served.cohorts):
            start = date.fromisoformat(day)
            known = [
                count if self._is_complete(start + age * WEEK) else None
                for age, count in enumerate(counts[:WEEKS_SHOWN])
            ]
            cohorts.append(Cohort(start, size, known))
        return cohorts

    @cached_property
    def means(self) -> list[float | None]:
        """By age, the mean share over the cohorts that are old enough, weighted by their size."""
        ages = range(max((len(cohort.kept) for cohort in self.cohorts), default=0))
        return [weighted_mean(self.cohorts, age) for age in ages]

    def _is_complete(self, week: date) -> bool:
        return self.through is not None and week + WEEK - timedelta(1) <= self.through


def weighted_mean(cohorts: Sequence[Cohort], age: int) -> float | None:
    """Of all members of the cohorts whose period of that age is complete, the share that was kept, in percent."""
    known = [(cohort.kept[age], cohort.size) for cohort in cohorts if age < len(cohort.kept)]
    counted = [(kept, size) for kept, size in known if kept is not None]
    return _share(sum(kept for kept, _size in counted), sum(size for _kept, size in counted))


def _waited(columns: list[Any]) -> Waited:
    released_on, *rest = columns
    return Waited(date.fromisoformat(released_on) if released_on else None, *rest)


def _share(part: float | None, whole: float) -> float | None:
    """In percent; None of nobody, and of what is not known."""
    return 100 * part / whole if part is not None and whole else None
