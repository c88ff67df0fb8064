"""The files of the demo, read."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from demo.shift import shifted
from roadmap.importing import ParsedItem, Person, parse_rows, propose_mapping, read

HERE = Path(__file__).parent


@cache
def portfolio() -> dict[str, Any]:
    """Members, teams, products with strategy, gates, releases and items, usage keys, and the portal.

    Days are offsets from the day the demo is made. Who posts an idea thereby votes for it; its `votes` are the others'.
    """
    found: dict[str, Any] = json.loads((HERE / "portfolio.json").read_text(encoding="utf-8"))
    return found


@cache
def conversations() -> dict[str, Any]:
    """Customers with contracts and contacts, and their conversations with highlighted passages. Days are offsets."""
    found: dict[str, Any] = json.loads((HERE / "conversations.json").read_text(encoding="utf-8"))
    return found


def jira_export(today: date) -> str:
    """The Jira export of Dispatch as it would be written on `today`."""
    return shifted((HERE / "dispatch-jira.csv").read_text(encoding="utf-8"), today)


def jira_items(today: date) -> list[ParsedItem]:
    """The export, parsed as an import would."""
    source = read(jira_export(today).encode(), "dispatch-jira.csv")
    people = [Person(member["email"], member["name"]) for member in portfolio()["members"]]
    mapping = propose_mapping(source, people=people, time_zone=portfolio()["workspace"]["time_zone"])
    return [row for row in parse_rows(source, mapping) if isinstance(row, ParsedItem)]
