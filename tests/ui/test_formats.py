from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from ui import formats

TODAY = dt.date(2026, 11, 18)
NOW = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (dt.date(2026, 12, 8), "8 Dec"),
        (dt.date(2027, 3, 3), "3 Mar 2027"),
        (None, "—"),
    ],
)
def test_a_day_has_its_year_only_if_it_is_not_this_one(value, written: str):
    assert formats.day(value, TODAY) == written


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (3, "in 3 days"),
        (-6, "6 days ago"),
        (7, "25 Nov"),
        (-7, "11 Nov"),
    ],
)
def test_a_near_day_is_relative_within_a_week(days: int, written: str):
    assert formats.near(TODAY + dt.timedelta(days=days), TODAY) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(5, "just now"), (300, "5 min ago"), (3 * 3600, "3 h ago"), (26 * 3600, "yesterday"), (40 * 86400, "9 Oct")],
)
def test_an_instant_is_told_by_its_age(seconds: int, written: str):
    assert formats.ago(NOW - dt.timedelta(seconds=seconds), NOW) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(18420, "18,420"), (Decimal("2.50"), "2.5"), (Decimal("2.567"), "2.57"), (-4, "−4"), (0, "0"), (None, "—")],
)
def test_numbers_are_grouped_and_carry_no_empty_decimals(value, written: str):
    assert formats.number(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (940, "940"),
        (18420, "18.4k"),
        (610_000, "610k"),
        (1_420_000, "1.42M"),
        (2_000_000, "2M"),
        (3_100_000_000, "3.1bn"),
    ],
)
def test_large_numbers_are_short_in_lists(value: int, written: str):
    assert formats.compact(value) == written


def test_money_carries_the_currency_of_the_workspace():
    assert formats.money(Decimal("1420000.00"), "EUR") == "€1,420,000"
    assert formats.money(Decimal("1420000.00"), "EUR", short=True) == "€1.42M"
    assert formats.money(Decimal("-12.5"), "GBP") == "−£12.50"
    assert formats.money(610_000, "CHF", short=True) == "CHF\N{NO-BREAK SPACE}610k"


def test_an_open_span_stays_open():
    assert formats.span(dt.date(2026, 10, 5), dt.date(2026, 12, 4), TODAY) == "5 Oct – 4 Dec"
    assert formats.span(dt.date(2026, 10, 5), None, TODAY) == "5 Oct –"
    assert formats.span(None, None, TODAY) == "—"


def test_the_same_instant_is_written_in_each_reader_s_zone():
    instant = dt.datetime(2026, 12, 8, 23, 5, tzinfo=dt.UTC)
    written = []
    for zone in ("UTC", "Asia/Tokyo", "UTC"):
        with timezone.override(zone):
            written.append(formats.moment(instant))
    assert written == ["Tue 8 Dec 2026, 23:05", "Wed 9 Dec 2026, 08:05", "Tue 8 Dec 2026, 23:05"]


@pytest.mark.parametrize(
    ("effort", "of", "written", "short"),
    [
        (Decimal("8.00"), None, "8 person-weeks", "8 pw"),
        (Decimal(1), None, "1 person-week", "1 pw"),
        (Decimal("0.5"), None, "0.5 person-weeks", "0.5 pw"),
        (Decimal(5), Decimal(3), "5 of 3 person-weeks", "5 / 3 pw"),
        (Decimal(0), Decimal(1), "0 of 1 person-week", "0 / 1 pw"),
        (None, None, "—", "—"),
    ],
)
def test_an_estimate_has_its_unit(effort, of, written: str, short: str):
    assert formats.weeks(effort, of=of) == written
    assert formats.weeks(effort, of=of, short=True) == short
