"""The burn-up against a naive reading: for each day, ask history which state of each item held at its end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from changes.models import Change
from roadmap.models import Item, Release, Status
from roadmap.releases.burnup import Day, burn_up, span_of, turning_days
from roadmap.releases.burnup_drawing import BurnUpDrawing, Marker
from roadmap.releases.scope import Step, steps_of
from tests.cast import Cast
from tests.factories import SYSTEM, make_item

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 20, 8, tzinfo=UTC)  # the clocks go forward on 29 March
DAYS = 16


def naive(release: Release, first: date, last: date, zone: ZoneInfo) -> list[Day]:
    """Day by day, each version that held then."""
    categories = dict(Status.objects.filter(workspace=release.workspace).values_list("pk", "category"))
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        end = datetime.combine(day + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM changes_version WHERE noun = 'roadmap_item' AND valid @> %s", [end])
            states = [Item._meta.get_field("custom").from_db_value(raw, None, connection) for (raw,) in cursor]
        within = [
            state
            for state in states
            if state["release_id"] == release.pk
            and state["deleted_at"] is None
            and categories[state["status_id"]] != "dropped"
        ]
        done = [state for state in within if categories[state["status_id"]] == "shipped"]
        sums = [sum((Decimal(str(one["effort"] or 0)) for one in some), Decimal(0)) for some in (within, done)]
        found.append(Day(day, len(within), sums[0], len(done), sums[1]))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_it_says_what_history_says_whatever_happened(cast: Cast, seed: int):
    random = Random(seed)
    release, other = (Release.plan(cast.product, name, by=SYSTEM) for name in ("5.2", "5.3"))
    statuses = list(Status.objects.filter(workspace=cast.workspace))
    at, items = START, []
    while at < START + timedelta(days=DAYS):
        at += timedelta(minutes=random.randint(20, 900))
        with Change.open("test.step", by=SYSTEM, workspace=cast.workspace, at=at) as change:
            deed = random.choice(["add", "add", "move", "status", "effort", "delete", "restore", "title", "ship"])
            item = random.choice(items) if items else None
            if item is not None and item.deleted_at is not None and deed in {"move", "status", "effort", "title"}:
                deed = "restore"  # what is in the bin is not edited
            if item is None or deed == "add":
                where = random.choice([release, other, None])
                items.append(make_item(cast.product, by=change, release=where, effort=random.choice([None, "2.5"])))
            elif deed == "move":
                item.edit(by=change, release=random.choice([release, release, other, None]))
            elif deed == "status":
                item.edit(by=change, as_told=True, status=random.choice(statuses))
            elif deed == "effort":
                item.edit(by=change, effort=random.choice([None, Decimal("1"), Decimal("8.25")]))
            elif deed == "delete":
                item.delete_softly(by=change)
            elif deed == "restore":
                item.restore(by=change)
            elif deed == "title":
                item.edit(by=change, title=f"Anew {at}")
            else:
                release.ship(by=change)
    first, last = START.astimezone(BERLIN).date(), (START + timedelta(days=DAYS + 1)).astimezone(BERLIN).date()
    steps = steps_of(release)
    assert burn_up(steps, first, last, BERLIN) == naive(release, first, last, BERLIN)
    assert max(day.items for day in burn_up(steps, first, last, BERLIN)) >= 1


@pytest.mark.django_db
def test_it_takes_one_statement_however_many_items(cast: Cast, django_assert_num_queries):
    release = Release.plan(cast.product, "5.2", by=SYSTEM)
    for _ in range(30):
        make_item(cast.product, release=release).edit(by=SYSTEM, effort=Decimal("3"))
    with django_assert_num_queries(1):
        steps = steps_of(release)
    assert sum(step.is_new for step in steps) == 30


# --- pure


def step(row: int, at: datetime, *, within: bool = True, category: str = "ready", effort: str | None = None) -> Step:
    return Step(
        row, at, 1, False, within, category, Decimal(effort) if effort else None, row, "It", False, True, None, None, None
    )  # fmt: skip


def test_days_are_cut_in_the_workspaces_zone():
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # half past midnight of the 21st in Berlin
    days = burn_up([step(1, late)], date(2026, 11, 20), date(2026, 11, 21), BERLIN)
    assert [day.items for day in days] == [0, 1]


def test_it_spans_from_the_start_to_the_day_it_was_out_or_today():
    steps = [step(1, datetime(2026, 11, 10, 12, tzinfo=UTC))]
    today = date(2026, 11, 22)
    unset = {"starts_on": None, "ends_on": None, "released_on": None}
    assert span_of([], today, BERLIN, **unset) is None
    span = span_of(steps, today, BERLIN, **{**unset, "ends_on": date(2026, 12, 8)})
    assert span
    assert (span.first, span.last, span.end) == (date(2026, 11, 10), today, date(2026, 12, 8))
    out = span_of(steps, today, BERLIN, **{**unset, "starts_on": date(2026, 11, 1), "released_on": date(2026, 11, 15)})
    assert out
    assert (out.first, out.last, out.end) == (date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 15))
    planned = span_of(steps, today, BERLIN, **{**unset, "starts_on": date(2027, 1, 1)})
    assert planned
    assert planned.first == date(2026, 11, 10)


def test_the_table_says_the_days_on_which_something_changed():
    moment = datetime(2026, 11, 3, 12, tzinfo=UTC)
    days = burn_up([step(1, moment, effort="2")], date(2026, 11, 1), date(2026, 11, 6), BERLIN)
    assert [day.day.day for day in turning_days(days)] == [1, 3, 6]


def test_the_chart_and_its_words_and_its_table_say_the_same():
    moment = datetime(2026, 11, 3, 12, tzinfo=UTC)
    steps = [step(1, moment, effort="2"), step(2, moment, effort="3", category="shipped")]
    span = span_of(steps, date(2026, 11, 6), BERLIN, starts_on=None, ends_on=None, released_on=None)
    assert span
    days = burn_up(steps, span.first, span.last, BERLIN)
    marker = Marker(date(2026, 11, 4), "<Frozen>", "is-frozen")
    chart = BurnUpDrawing(days, span, "effort", date(2026, 11, 6), markers=[marker], ceiling=Decimal(4))
    assert "a scope of 5 person-weeks, 3 of them done" in chart.summary
    assert "&lt;Frozen&gt;" in chart.svg
    assert "burn__cap" in chart.svg
    assert '<td class="num">5</td><td class="num">3</td>' in chart.rows
