"""The usage log of Dispatch: a year of events that ends on the day before today.

    python -m demo.usage --today 2026-11-19 --out build/dispatch-usage.jsonl.gz

The same day and seed give the same bytes. What it is made to show stands in FINDINGS.md: a feature that is taken up and
one that is not, newcomers who stay since 5.0, customers who fall silent. As a real log it also has what makes one hard
to count: events that arrive days late, some twice, people who work for several accounts.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

SEED = 20261119
DAYS = 365
ZONE = ZoneInfo("Europe/Stockholm")
HERE = Path(__file__).parent

#: Releases, as days before today; the same as in portfolio.json.
DAYBREAK, NIGHT_SHIFT, ETA_PILOT = 100, 30, 70

UNNAMED_ACCOUNTS = 258
#: Shares of the unnamed accounts: that leave; that have few people and look in now and then.
LEAVING, SELDOM, SMALL = 0.12, 0.5, 5
LATE_SHARE, REPEATED_SHARE = 0.03, 0.004
WEEK = np.array([1.0, 1.02, 1.0, 0.98, 0.92, 0.30, 0.22])


@dataclass(frozen=True)
class Feature:
    """`accounts` is the share of accounts that take it up, `weight` how often it is used by those, against the others.
    `launched` and `spread` are days: before today, and until an account that takes it up does so (mean)."""

    key: str
    weight: float
    accounts: float
    launched: int = DAYS
    spread: float = 0.0


FEATURES = (
    Feature("route.plan", 30, 1.0),
    Feature("live.map", 22, 0.95),
    Feature("route.templates", 14, 0.81),
    Feature("driver.chat", 8, 0.36),
    Feature("shift.notes", 6, 0.28),
    Feature("backhaul.match", 7, 0.45, DAYS, 180.0),
    Feature("dock.slots", 5, 0.20),
    Feature("tacho.import", 3, 0.09),
    Feature("morning.plan", 12, 0.62, DAYBREAK, 12.0),
    Feature("fuel.report", 4, 0.08, DAYBREAK, 20.0),
    Feature("gdp.report", 11, 0.72, NIGHT_SHIFT, 5.0),
    Feature("eta.link", 6, 0.0, ETA_PILOT, 4.0),
)
PILOT = (
    "aurorafoods",
    "nordfrisk",
    "tasseldairy",
    "hansekontor",
    "freshpoint",
    "danlogfrost",
    "frostline",
    "kystfrakt",
)
#: Customers who stopped using Dispatch: their last day, before today. Their contracts end a few days later or earlier.
LAPSED = {"skagenseafreight": 71, "meusefleurs": 38}


class Event(NamedTuple):
    event_id: str
    feature_key: str
    user_key: str
    account_key: str
    ts: str


@dataclass
class Accounts:
    keys: list[str]
    size: NDArray[np.int64]
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    pace: NDArray[np.float64]  # how often its people come, against those of a busy account
    takes_up: NDArray[np.int64]  # account × feature: the day from which it is used; DAYS for never


@dataclass
class Users:
    account: NDArray[np.int64]
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    returns: NDArray[np.int64]
    rate: NDArray[np.float64]
    appetite: NDArray[np.float64]
    at_night: NDArray[np.bool_]
    second_account: NDArray[np.int64]  # -1: works for one


def events(today: date, seed: int = SEED) -> Iterator[Event]:
    """In the order in which they arrive."""
    rng = np.random.default_rng(seed)
    start = today - timedelta(days=DAYS)
    accounts = make_accounts(rng)
    users = make_users(rng, accounts)
    user, day = active_days(rng, users, start)
    repeat = 1 + rng.poisson(users.appetite[user])
    user, day = np.repeat(user, repeat), np.repeat(day, repeat)
    account = accounts_of(rng, users, accounts, user, day)
    feature = features_of(rng, accounts, account, day)
    moment = moments_of(rng, users, user, day, start)
    order = arrival_order(rng, moment)
    ids = event_ids(rng, len(user))
    stamps = np.datetime_as_string(moment, unit="ms")
    columns = (part[order].tolist() for part in (feature, user, account, stamps))
    for place, used, who, where, stamp in zip(order.tolist(), *columns, strict=True):
        yield Event(ids[place], FEATURES[used].key, f"u-{who:05}", accounts.keys[where], f"{stamp}Z")


def make_accounts(rng: np.random.Generator) -> Accounts:
    """The customers of conversations.json who pay for Dispatch, then many that nobody has written about."""
    keys, sizes, first, last = [], [], [], []
    for customer in customers():
        contract = next(one for one in customer["contracts"] if one["product"] == "DSP")
        keys.append(customer["account_key"])
        sizes.append(max(2, customer["trailers"] // 8))
        first.append(max(0, DAYS + contract["starts"]))
        last.append(DAYS - LAPSED.get(customer["account_key"], 0) - (customer["account_key"] not in LAPSED))
    named = len(keys)
    total = named + UNNAMED_ACCOUNTS
    keys += [f"fleet-{number:04}" for number in range(1, UNNAMED_ACCOUNTS + 1)]
    size = np.concatenate([np.array(sizes), 1 + rng.geometric(0.26, UNNAMED_ACCOUNTS)])
    # Half were there before the log begins; of the rest more came with 5.0.
    joined = rng.integers(8, DAYS - 12, UNNAMED_ACCOUNTS)
    joined = np.where(rng.random(UNNAMED_ACCOUNTS) < 0.25, rng.integers(DAYS - 98, DAYS - 45, UNNAMED_ACCOUNTS), joined)
    joined[: UNNAMED_ACCOUNTS // 2] = 0
    first_day = np.concatenate([np.array(first), joined])
    # Of those whom nobody has written about some leave after a while, and many small ones look in now and then.
    left = first_day[named:] + 25 + rng.exponential(70, UNNAMED_ACCOUNTS).astype(int)
    stays = rng.random(UNNAMED_ACCOUNTS) >= LEAVING
    last_day = np.concatenate([np.array(last), np.where(stays, DAYS - 1, np.minimum(left, DAYS - 1))])
    seldom = (size <= SMALL) & (rng.random(total) < SELDOM)
    seldom[:named] = False
    pace = np.where(seldom, rng.uniform(0.04, 0.3, total), 1.0)
    takes_up = np.full((total, len(FEATURES)), DAYS)
    for column, feature in enumerate(FEATURES):
        wants = rng.random(total) < feature.accounts
        if feature.key == "eta.link":
            wants = np.array([key in PILOT for key in keys])
            wants[named : named + 4] = True
        since = np.maximum(first_day, DAYS - feature.launched) + rng.exponential(max(feature.spread, 1e-9), total)
        takes_up[:, column] = np.where(wants, np.minimum(since, DAYS).astype(int), DAYS)
    return Accounts(keys, size, first_day, last_day, pace, takes_up)


def customers() -> list[dict[str, Any]]:
    known = json.loads((HERE / "conversations.json").read_text(encoding="utf-8"))["customers"]
    return [one for one in known if any(contract["product"] == "DSP" for contract in one["contracts"])]


def make_users(rng: np.random.Generator, accounts: Accounts) -> Users:
    account = np.repeat(np.arange(len(accounts.keys)), accounts.size)
    count = len(account)
    born = accounts.first_day[account] + np.where(rng.random(count) < 0.45, 0, rng.exponential(45, count)).astype(int)
    born = np.minimum(born, DAYS - 1)
    stays = rng.random(count) < np.where(born == 0, 0.86, np.where(born < DAYS - DAYBREAK, 0.52, 0.84))
    lifetime = np.where(stays, rng.exponential(900, count) + 40, rng.exponential(9, count) + 1).astype(int)
    lifetime[pillars(accounts)] = DAYS
    last_day = np.minimum(born + lifetime, accounts.last_day[account])
    returns = np.where((rng.random(count) < 0.06) & ~stays, born + lifetime + rng.integers(45, 120, count), DAYS)
    returns = np.where(accounts.last_day[account] < DAYS - 1, DAYS, returns)
    several = np.full(count, -1)
    helpers = rng.choice(np.flatnonzero((born < 200) & stays), 28, replace=False)
    named_apart = np.flatnonzero(accounts.last_day == DAYS - 1)
    several[helpers] = rng.choice(named_apart, len(helpers))
    several[np.isin(accounts.keys, list(LAPSED))[account]] = -1
    return Users(
        account=account,
        first_day=born,
        last_day=last_day,
        returns=returns,
        rate=rng.beta(4.0, 2.2, count) * accounts.pace[account],
        appetite=rng.gamma(2.0, 0.8, count),
        at_night=rng.random(count) < 0.18,
        second_account=several,
    )


def pillars(accounts: Accounts) -> NDArray[np.int64]:
    """Two people of each named customer, without whom it would fall silent by chance."""
    first = np.cumsum(accounts.size) - accounts.size
    named = np.flatnonzero([not key.startswith("fleet-") for key in accounts.keys])
    return np.concatenate([first[named], first[named] + 1])


def active_days(rng: np.random.Generator, users: Users, start: date) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of user and day. The first day is always one: that is how somebody becomes a user."""
    days = np.arange(DAYS)
    alive = (days >= users.first_day[:, None]) & ((days <= users.last_day[:, None]) | (days >= users.returns[:, None]))
    chance = users.rate[:, None] * season(start)[None, :]
    came = (rng.random((len(users.rate), DAYS)) < chance) & alive
    came |= alive & (days == users.first_day[:, None])
    user, day = np.nonzero(came)
    return user, day


def season(start: date) -> NDArray[np.float64]:
    """Workdays, weekends, the quiet weeks of July, and those around the end of the year."""
    factors = np.empty(DAYS)
    for index in range(DAYS):
        day = start + timedelta(days=index)
        factors[index] = WEEK[day.weekday()] * (0.84 if day.month == 7 else 1.0)
        if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
            factors[index] *= 0.45
    return factors


def accounts_of(
    rng: np.random.Generator, users: Users, accounts: Accounts, user: NDArray[np.int64], day: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Of people who work for two accounts, two events in five are the second one's, once it is there."""
    other = users.second_account[user]
    away = (other >= 0) & (rng.random(len(user)) < 0.4) & (accounts.first_day[other] <= day)
    return np.where(away, other, users.account[user])


def features_of(
    rng: np.random.Generator, accounts: Accounts, account: NDArray[np.int64], day: NDArray[np.int64]
) -> NDArray[np.int64]:
    weights = np.array([feature.weight for feature in FEATURES])
    usable = accounts.takes_up[account] <= day[:, None]
    usable[:, 0] = True
    reach = np.cumsum(np.where(usable, weights, 0.0), axis=1)
    drawn = rng.random(len(account)) * reach[:, -1]
    return np.argmax(reach > drawn[:, None], axis=1)


def moments_of(
    rng: np.random.Generator, users: Users, user: NDArray[np.int64], day: NDArray[np.int64], start: date
) -> NDArray[np.datetime64]:
    """In UTC. Hours are local, from four in the morning to eleven at night, so that local and UTC days agree."""
    count = len(user)
    peak = np.where(rng.random(count) < 0.6, 7.2, 15.3)
    peak = np.where(users.at_night[user], np.where(rng.random(count) < 0.5, 5.2, 21.2), peak)
    hour = rng.normal(peak, 1.6)
    hour = np.where((hour < 4) | (hour >= 23), rng.uniform(5, 18, count), hour)
    seconds = hour * 3600
    offsets = np.array([utc_offset(start + timedelta(days=index)) for index in range(DAYS)])
    midnight = np.datetime64(start, "ms") + day.astype("timedelta64[D]").astype("timedelta64[ms]")
    return midnight + ((seconds - offsets[day]) * 1000).astype("timedelta64[ms]")


def utc_offset(day: date) -> float:
    """Seconds, at noon: clocks change before four in the morning."""
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(ZONE).utcoffset()
    return offset.total_seconds() if offset else 0.0


def arrival_order(rng: np.random.Generator, moment: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Most events arrive in seconds, some up to six days late, a few are sent again."""
    count = len(moment)
    delay = np.where(rng.random(count) < LATE_SHARE, rng.uniform(3_600, 6 * 86_400, count), rng.exponential(4.0, count))
    again = rng.choice(count, int(count * REPEATED_SHARE), replace=False)
    places = np.concatenate([np.arange(count), again])
    delays = np.concatenate([delay, delay[again] + rng.uniform(30, 86_400, len(again))])
    arrival = moment[places] + (delays * 1000).astype("timedelta64[ms]")
    return places[np.argsort(arrival, kind="stable")]


def event_ids(rng: np.random.Generator, count: int) -> list[str]:
    """Random UUIDs (version 4) out of the seed."""
    raw = bytearray(rng.bytes(16 * count))
    raw[6::16] = bytes(0x40 | byte & 0x0F for byte in raw[6::16])
    raw[8::16] = bytes(0x80 | byte & 0x3F for byte in raw[8::16])
    text = raw.hex()
    return [
        f"{text[at : at + 8]}-{text[at + 8 : at + 12]}-{text[at + 12 : at + 16]}-{text[at + 16 : at + 20]}-{text[at + 20 : at + 32]}"
        for at in range(0, len(text), 32)
    ]


def write(path: Path, today: date, seed: int = SEED) -> int:
    """JSON lines, gzipped, as `ingest_usage` reads them. Returns the number of lines."""
    lines = [
        f'{{"event_id":"{one.event_id}","feature_key":"{one.feature_key}","user_key":"{one.user_key}",'
        f'"account_key":"{one.account_key}","ts":"{one.ts}"}}\n'
        for one in events(today, seed)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    # No name and no time in the header: the same day gives the same bytes.
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        packed.write("".join(lines).encode())
    return len(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=Path("build/dispatch-usage.jsonl.gz"))
    options = parser.parse_args()
    print(f"{write(options.out, options.today, options.seed):,} events in {options.out}")


if __name__ == "__main__":
    main()
