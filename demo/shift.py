"""Moves the demo to the day on which it is made.

The Jira export was written on one day and holds absolute dates, as such a file does; the JSON files hold day offsets.
Both are read relative to today, so that “8 December, in 19 days” stays in 19 days.

    python -m demo.shift demo/dispatch-jira.csv --today 2027-03-01 > shifted.csv
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date, timedelta
from pathlib import Path

#: The day on which demo/dispatch-jira.csv was exported.
ANCHOR = date(2026, 11, 19)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
JIRA = re.compile(r"\b(\d{2})/(" + "|".join(MONTHS) + r")/(\d{2}) (\d{1,2}:\d{2} [AP]M)\b")
ISO = re.compile(r"\b(20\d{2}-\d{2}-\d{2})(?= \d{2}:\d{2}:\d{2}\.\d)")
DATE_ONLY = "12:00 AM"


def day(today: date, offset: int) -> date:
    return today + timedelta(days=offset)


def workday(today: date, offset: int) -> date:
    """As `day`; what falls on a weekend moves to Monday, since nothing is planned, shipped or decided on one."""
    return next_workday(day(today, offset))


def next_workday(wanted: date) -> date:
    return wanted + timedelta(days=max(0, 7 - wanted.weekday()) if wanted.weekday() > 4 else 0)


def shifted(text: str, today: date) -> str:
    """A Jira export of the anchor day as it would read on `today`. Dates without time (start, due) stay workdays."""
    move = today - ANCHOR

    def jira(match: re.Match[str]) -> str:
        moved = date(2000 + int(match[3]), MONTHS.index(match[2]) + 1, int(match[1])) + move
        if match[4] == DATE_ONLY:
            moved = next_workday(moved)
        return f"{moved.day:02}/{MONTHS[moved.month - 1]}/{moved.year % 100:02} {match[4]}"

    text = JIRA.sub(jira, text)
    return ISO.sub(lambda match: (date.fromisoformat(match[1]) + move).isoformat(), text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    options = parser.parse_args()
    sys.stdout.write(shifted(options.file.read_text(encoding="utf-8"), options.today))


if __name__ == "__main__":
    main()
