"""What the Insights page of a product tells, read from served rows alone: each figure with its period and population."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.functional import cached_property

from accounts.together import Together
from products.models import Product
from usage.models import PRODUCT_SCOPE, Population, TimeToAdopt
from usage.rollup.watermark import complete_and_waiting_later
from usage.served import PERIOD, SERVED, WEEK, WEEKS_SHOWN, Served, Waited
from usage.told_figures import Cohort, FeatureAdoption, KeyFigure, Measured, MeasuredItem, Period, share, weighted_mean

FRIDAY = 5
#: Retention is told at this age beside the other key figures.
KEY_AGE = 4


class Insights:
    """Figures of `product` for users or accounts, at the end of the last complete day: two statements, the second of them
    when the first figure is asked for; the first comes with what `together` is to answer anyway. `waiting`: how many events are not counted yet."""

    def __init__(
        self,
        product: Product,
        population: Population,
        *,
        unbounded: bool = False,
        working_days: bool = False,
        together: Together | None = None,
    ) -> None:
        self.product, self.population = product, population
        self.unbounded, self.working_days = unbounded, working_days
        known = complete_and_waiting_later(product.pk, product.workspace.today(), together or Together())
        self.through, self.waiting = known()

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
        return share(daily, self._active(day, 2))

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
                tried_before=share(before.get(scope, 0), before.get(PRODUCT_SCOPE, 0)),
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


def _waited(columns: list[Any]) -> Waited:
    released_on, *rest = columns
    return Waited(date.fromisoformat(released_on) if released_on else None, *rest)
