from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from roadmap.importing.text import guard, unguard
from roadmap.importing.values import (
    DateOrder,
    Unreadable,
    confidence_in,
    date_in,
    effort_in,
    impact_in,
    instant_in,
    number_in,
    reach_in,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-19", "2026-11-19"),
        ("2026/1/9", "2026-01-09"),
        ("2026-11-19T23:30:00Z", "2026-11-20"),
        ("2026-11-19 23:30:00+00:00", "2026-11-20"),
        ("2026-11-19T23:30:00.123456", "2026-11-19"),
        ("2026-11-19T01:00:00+0900", "2026-11-18"),
        ("19/Nov/26 12:00 AM", "2026-11-19"),
        ("19-Nov-2026", "2026-11-19"),
        ("19 November 2026", "2026-11-19"),
        ("19. November 2026", "2026-11-19"),
        ("3. März 2027", "2027-03-03"),
        ("19/nov./26", "2026-11-19"),
        ("19/déc./26 4:05 PM", "2026-12-19"),
        ("12 de mayo de 2027", "2027-05-12"),
        ("3 paź 2026", "2026-10-03"),
        ("Nov 19, 2026", "2026-11-19"),
        ("November 19th, 2026 at 4:05 pm", "2026-11-19"),
        ("Thu, Nov 19 2026", "2026-11-19"),
        ("Thu Nov 19 2026 08:53:33 GMT+0000 (GMT)", "2026-11-19"),
        ("19.11.2026", "2026-11-19"),
        ("9.1.27", "2027-01-09"),
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("7/7/2026", "2026-07-07"),
        ("01/Jan/69", "2069-01-01"),
        ("01/Jan/70", "1970-01-01"),
    ],
)
def test_a_date_is_read(written, day):
    assert date_in(written, None, STOCKHOLM) == date.fromisoformat(day)


@pytest.mark.parametrize("written", ["03/04/2026", "3-4-26", "12/1/2026 4:00 PM"])
def test_a_date_that_depends_on_the_order_is_not_guessed(written):
    with pytest.raises(Unreadable, match="day or the month first"):
        date_in(written, None, STOCKHOLM)
    assert date_in(written, DateOrder.DAY_FIRST, STOCKHOLM) != date_in(written, DateOrder.MONTH_FIRST, STOCKHOLM)


def test_the_order_is_followed():
    assert date_in("03/04/2026", DateOrder.DAY_FIRST, STOCKHOLM) == date(2026, 4, 3)
    assert date_in("03/04/2026", DateOrder.MONTH_FIRST, STOCKHOLM) == date(2026, 3, 4)
    assert date_in("25/04/2026", DateOrder.MONTH_FIRST, STOCKHOLM) == date(2026, 4, 25), "it can be one thing only"


@pytest.mark.parametrize(
    "written",
    ["soon", "2026-02-30", "31/Nov/26", "2026-13-01", "0000-01-01", "9999-01-01", "1850-01-01", "Q4 2026", "45980", "1/1/1",
     "marraskuu 3, 2026", "5 Jui 2026", "2026-11-19T25:00:00", "19/Nov/26 13:00 PM", "-", "2026-11-19" * 20, "٣/٤/٢٠٢٦"],
)  # fmt: skip
def test_what_is_no_date_is_said_to_be_none(written):
    with pytest.raises(Unreadable):
        date_in(written, DateOrder.DAY_FIRST, STOCKHOLM)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-19T10:00:00Z", datetime(2026, 11, 19, 10, tzinfo=UTC)),
        ("19/Nov/26 11:00 AM", datetime(2026, 11, 19, 10, tzinfo=UTC)),
        ("19/Jul/26 11:00 AM", datetime(2026, 7, 19, 9, tzinfo=UTC)),
        ("19/Nov/26 12:30 AM", datetime(2026, 11, 18, 23, 30, tzinfo=UTC)),
        ("19/Nov/26 12:30 PM", datetime(2026, 11, 19, 11, 30, tzinfo=UTC)),
        ("2026-11-19", datetime(2026, 11, 18, 23, tzinfo=UTC)),
        ("2026-03-29 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # an hour that was skipped
    ],
)
def test_an_instant_is_of_the_zone_of_the_workspace_unless_it_says_otherwise(written, instant):
    assert instant_in(written, None, STOCKHOLM) == instant


@pytest.mark.parametrize(
    ("written", "decimal", "value"),
    [
        ("12", ".", "12"),
        ("380.0", ".", "380.0"),
        ("0.125", ".", "0.125"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("1.234,5", ".", "1234.5"),
        ("1,234.5", ",", "1234.5"),
        ("1,234,567", ",", "1234567"),
        ("1,5", ".", "1.5"),
        ("0,125", ".", "0.125"),
        ("1 234", ".", "1234"),
        ("1'234", ".", "1234"),
        ("3k", ".", "3000"),
        ("1.2M", ".", "1200000"),
        ("-4", ".", "-4"),
        ("8 pw", ".", "8"),
        ("12 accounts", ".", "12"),
    ],
)
def test_a_number_is_read(written, decimal, value):
    assert number_in(written, decimal)[0] == Decimal(value)


@pytest.mark.parametrize(
    "written", ["", "n/a", "1e5", "NaN", "inf", "1.2.3", "1,,2", "12.", "--4", "0x10", "²", "9" * 50, "1-2"]
)
def test_what_is_no_number_is_said_to_be_none(written):
    with pytest.raises(Unreadable, match="is not a number"):
        number_in(written)


def test_factors_stay_within_their_bounds():
    assert reach_in("1,200", ".") == 1200
    assert impact_in("Massive", ".") == 3
    assert impact_in("×0,5", ",") == Decimal("0.5")
    assert impact_in("3.00", ".") == 3
    assert [confidence_in(cell, ".") for cell in ("80", "80 %", "0.8", "1", "1 %", "High", "0")] == [
        80,
        80,
        80,
        100,
        1,
        100,
        0,
    ]
    assert effort_in("2,5", ",") == Decimal("2.5")
    assert effort_in("13", ".", Decimal(8)) == Decimal("1.63")
    for reader, cells in (
        (reach_in, ("-1", "1.5", "2000000000")),
        (impact_in, ("4", "0", "huge")),
        (confidence_in, ("101", "-1", "120 %")),
        (effort_in, ("0", "-2", "0.001", "10000")),
    ):
        for cell in cells:
            with pytest.raises(Unreadable):
                reader(cell, ".")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_the_guard_against_formulas_goes_on_and_comes_off(formula):
    assert guard(formula) == "'" + formula
    assert unguard(guard(formula)) == formula


@pytest.mark.parametrize("plain", ["", "a", "'quoted'", "it's", "'", "''=x", "5-3"])
def test_an_apostrophe_of_another_kind_stays(plain):
    assert unguard(plain) == plain
    assert guard(plain) == plain
