from __future__ import annotations

import gzip
import json
import uuid
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo import usage
from demo.source import conversations, portfolio

TODAY = date(2026, 11, 19)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(scope="module")
def events():
    return list(usage.events(TODAY))


def instant(event: usage.Event) -> datetime:
    return datetime.fromisoformat(event.ts)


def test_a_year_of_at_least_200_000_events_ends_yesterday(events):
    assert len(events) >= 200_000
    days = {event.ts[:10] for event in events}
    assert max(days) == "2026-11-18"
    assert min(days) == "2025-11-19"
    assert len(days) == 365


def test_local_days_are_the_days_of_utc(events):
    for event in events[::50]:
        at = instant(event)
        assert at.tzinfo == UTC or at.utcoffset() == timedelta(0)
        assert at.astimezone(STOCKHOLM).date() == at.date()


def test_the_same_day_and_seed_give_the_same_file(tmp_path):
    for name in ("a", "b"):
        usage.write(tmp_path / f"{name}.jsonl.gz", TODAY, seed=7)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    usage.write(tmp_path / "c.jsonl.gz", TODAY, seed=8)
    assert (tmp_path / "a.jsonl.gz").read_bytes() != (tmp_path / "c.jsonl.gz").read_bytes()


def test_the_file_has_the_fields_that_ingest_usage_reads(tmp_path):
    written = usage.write(tmp_path / "usage.jsonl.gz", TODAY)
    with gzip.open(tmp_path / "usage.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert len(rows) == written
    assert {tuple(row) for row in rows[::1_000]} == {("event_id", "feature_key", "user_key", "account_key", "ts")}
    assert all(uuid.UUID(row["event_id"]).version == 4 for row in rows[::1_000])


def test_some_events_arrive_days_late_and_some_twice(events):
    latest = datetime.min.replace(tzinfo=UTC)
    late = 0
    for event in events:
        at = instant(event)
        late += latest - at > timedelta(hours=1)
        latest = max(latest, at)
    assert 0.02 < late / len(events) < 0.04
    counts = Counter(event.event_id for event in events)
    repeated = [event_id for event_id, count in counts.items() if count > 1]
    assert 500 < len(repeated) < 2_000
    told = defaultdict(set)
    for event in events:
        told[event.event_id].add(event)
    assert all(len(told[event_id]) == 1 for event_id in repeated), "sent again, not changed"


def test_some_people_work_for_several_accounts(events):
    accounts = defaultdict(set)
    for event in events:
        accounts[event.user_key].add(event.account_key)
    assert 15 <= sum(1 for of in accounts.values() if len(of) > 1) <= 40


def test_weeks_have_their_rhythm(events):
    days = Counter(instant(event).weekday() for event in events)
    assert max(days[5], days[6]) < 0.5 * min(days[day] for day in range(5))


def test_keys_are_those_of_the_other_files(events):
    features = {event.feature_key for event in events}
    assert features == {key["key"] for key in portfolio()["usage_keys"]}
    accounts = {event.account_key for event in events}
    for customer in conversations()["customers"]:
        pays = any(contract["product"] == "DSP" for contract in customer["contracts"])
        assert (customer["account_key"] in accounts) == pays


def test_a_feature_is_not_used_before_its_release(events):
    first = {}
    for event in events:
        day = date.fromisoformat(event.ts[:10])
        first[event.feature_key] = min(first.get(event.feature_key, day), day)
    assert first["gdp.report"] >= TODAY - timedelta(days=usage.NIGHT_SHIFT)
    assert first["fuel.report"] >= TODAY - timedelta(days=usage.DAYBREAK)
    releases = {one["name"]: one["released"] for one in portfolio()["products"][0]["releases"]}
    assert (releases["5.0 Daybreak"], releases["5.1 Night shift"]) == (-usage.DAYBREAK, -usage.NIGHT_SHIFT)
