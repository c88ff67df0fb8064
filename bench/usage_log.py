"""A large made-up usage log, as arrays: accounts of many sizes, features that few or all use, people who come and go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

SEED = 11
DAY = 86_400


@dataclass
class Log:
    """In the order of arrival; 3 % come up to six days late. Numbers count from 0."""

    first_day: date
    days: int
    seconds: NDArray[np.int64]  # since first_day, UTC
    user: NDArray[np.int64]
    account: NDArray[np.int64]
    feature: NDArray[np.int64]
    ids: NDArray[np.void]  # 16 bytes each

    def __len__(self) -> int:
        return len(self.user)

    @classmethod
    def of(cls, events: int, *, days: int, features: int, until: date) -> Log:
        """The last of the `days` is `until`."""
        draw = np.random.default_rng(SEED)
        users, accounts = max(events // 50, 10), max(events // 2000, 5)
        born = np.minimum(draw.integers(-days // 2, days, users), days - 1)
        life = np.where(draw.random(users) < 0.5, draw.exponential(25, users), draw.exponential(400, users)) + 1
        busy = draw.gamma(0.7, 1.0, users)
        user = draw.choice(users, events, p=busy / busy.sum())
        start, end = np.maximum(born[user], 0), np.minimum(born[user] + life[user], days)
        day = np.minimum((start + draw.random(events) * np.maximum(end - start, 1)).astype(np.int64), days - 1)
        weights = 1 / np.arange(1, features + 1) ** 0.8
        feature = draw.choice(features, events, p=weights / weights.sum())
        seconds = day * DAY + draw.integers(0, DAY, events)
        late = np.where(draw.random(events) < 0.03, draw.integers(0, 6 * DAY, events), 0)
        order = np.argsort(seconds + late, kind="stable")
        account = np.where(draw.random(events) < 0.02, draw.integers(0, accounts, events), user % accounts)
        ids = np.frombuffer(draw.bytes(16 * events), "V16")
        first = until - timedelta(days=days - 1)
        return cls(first, days, seconds[order], user[order], account[order], feature[order], ids)

    def part(self, start: int, stop: int) -> Log:
        arrays = (array[start:stop] for array in (self.seconds, self.user, self.account, self.feature, self.ids))
        return Log(self.first_day, self.days, *arrays)

    def parts(self, size: int) -> Iterator[Log]:
        for start in range(0, len(self), size):
            yield self.part(start, start + size)

    def lines(self) -> list[tuple[int, list[str]]]:
        """As a file gives them: text, in the order of usage.intake.FIELDS."""
        begin = datetime(self.first_day.year, self.first_day.month, self.first_day.day)
        stamps = np.datetime_as_string(np.datetime64(begin, "s") + self.seconds.astype("timedelta64[s]"), unit="s")
        columns = zip(
            self.ids.tolist(),
            self.feature.tolist(),
            self.user.tolist(),
            self.account.tolist(),
            stamps.tolist(),
            strict=True,
        )
        return [
            (number, [event_id.hex(), f"feature.{feature}", f"user-{user}", f"account-{account}", f"{stamp}Z"])
            for number, (event_id, feature, user, account, stamp) in enumerate(columns)
        ]  # fmt: skip
