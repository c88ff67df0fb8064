"""Ten things that are true of the demo, as data, so that a test can ask the served rows for them.

Each `Finding` says what is to be seen and where it is served. `expected(facts)` computes the exact values by brute force
on sets, from the source files and the generator alone: no database, no bitmaps. `holds(values)` says whether that is the
finding: a change of the generator that loses it fails a test. FINDINGS.md is the same for readers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from demo import usage
from demo.shift import day, workday
from demo.source import conversations, jira_items, portfolio
from roadmap.importing import ParsedItem, resolve

Values = dict[str, Any]
IMPORTANT = 2
STALE_AFTER = 30
COHORT_WEEK = 4


class Use(NamedTuple):
    """One counted event, cut to the day. Hours are such that local and UTC days agree."""

    day: date
    feature: str
    user: str
    account: str


@dataclass(frozen=True)
class Facts:
    """What the demo of one day is made of."""

    today: date
    seed: int = usage.SEED

    @cached_property
    def uses(self) -> list[Use]:
        """Every event once: of a repeated id the first to arrive counts."""
        seen: set[str] = set()
        found = []
        for event in usage.events(self.today, self.seed):
            if event.event_id not in seen:
                seen.add(event.event_id)
                found.append(
                    Use(date.fromisoformat(event.ts[:10]), event.feature_key, event.user_key, event.account_key)
                )
        return found

    @cached_property
    def last_day(self) -> date:
        return max(use.day for use in self.uses)

    @cached_property
    def items(self) -> dict[str, ParsedItem]:
        """Dispatch's items by their key in Jira."""
        return {item.source_id: item for item in jira_items(self.today)}

    def last_28(self) -> list[Use]:
        since = self.last_day - timedelta(days=27)
        return [use for use in self.uses if use.day >= since]


@dataclass(frozen=True)
class Finding:
    """`served_by` is the `usage_figures` figure or the model whose rows show it."""

    slug: str
    sentence: str
    served_by: str
    expected: Callable[[Facts], Values]
    holds: Callable[[Values], bool]


def adoption(feature: str) -> Callable[[Facts], Values]:
    """Any use in the 28 days that end on the last day with an event, as `adoption_last28` counts it."""

    def count(facts: Facts) -> Values:
        recent = facts.last_28()
        used = [use for use in recent if use.feature == feature]
        return {
            "feature": feature,
            "users": len({use.user for use in used}),
            "active_users": len({use.user for use in recent}),
            "accounts": len({use.account for use in used}),
            "active_accounts": len({use.account for use in recent}),
        }

    return count


def newcomers(facts: Facts) -> Values:
    """Users by the week (from Monday) of their first event; who is active in the fourth week after. Weighted by size.

    Since 5.0: cohort weeks that begin on or after its day and whose fourth week is complete; before: the earlier ones,
    without the first two weeks of the log, in which old users look new."""
    weeks: dict[str, set[date]] = defaultdict(set)
    for use in facts.uses:
        weeks[use.user].add(monday(use.day))
    release, start = day(facts.today, -usage.DAYBREAK), facts.today - timedelta(days=usage.DAYS)
    counted: dict[str, list[bool]] = {"before": [], "since": []}
    for active in weeks.values():
        cohort = min(active)
        later = cohort + timedelta(weeks=COHORT_WEEK)
        if cohort < monday(start) + timedelta(weeks=2) or later + timedelta(days=6) > facts.last_day:
            continue
        counted["since" if cohort >= release else "before"].append(later in active)
    return {
        "week": COHORT_WEEK,
        "released_on": release,
        "size_before": len(counted["before"]),
        "retained_before": sum(counted["before"]),
        "size_since": len(counted["since"]),
        "retained_since": sum(counted["since"]),
    }


def fell_silent(facts: Facts) -> Values:
    """Customers who pay or paid for Dispatch, were active in it, and are not in the last 28 days."""
    last: dict[str, date] = {}
    for use in facts.uses:
        last[use.account] = max(last.get(use.account, use.day), use.day)
    names = {one["account_key"]: one["name"] for one in conversations()["customers"]}
    since = facts.last_day - timedelta(days=27)
    return {names[key]: seen for key, seen in last.items() if key in names and seen < since}


def date_conflicts(facts: Facts) -> Values:
    """Items that start before something they need has ended: (item, needs) by title."""
    items = facts.items
    found = set()
    for item, needs in resolve(list(items.values())).needs:
        starts, ends = items[item].starts_on, items[needs].ends_on
        if starts and ends and starts <= ends:
            found.add((items[item].title, items[needs].title))
    return {"conflicts": found}


def late_for_release(facts: Facts) -> Values:
    """Open items that end after the day of the release they are promised for."""
    days = {
        one["name"]: workday(facts.today, one["ends"]) for one in product("DSP")["releases"] if one["released"] is None
    }
    late = {
        item.title: (item.release, item.ends_on, days[item.release])
        for item in facts.items.values()
        if item.release in days and item.ends_on and item.ends_on > days[item.release]
    }
    return {"late": late}


def demand_on(title: str) -> Callable[[Facts], Values]:
    return lambda facts: demand("DSP", title)


def demand(key: str, title: str) -> Values:
    """Distinct customers to whom it is at least important, each counted once with the latest importance; what they pay
    a year for the product; the largest customer's part of it."""
    latest: dict[str, tuple[tuple[int, str], int]] = {}
    for customer, when, importance in voices(key, title):
        if customer not in latest or latest[customer][0] <= when:
            latest[customer] = (when, importance)
    paying = {
        one["name"]: sum(contract["annual_revenue"] for contract in one["contracts"] if contract["product"] == key)
        for one in conversations()["customers"]
        if latest.get(one["name"], ((0, ""), 0))[1] >= IMPORTANT
    }
    revenue = sum(paying.values())
    largest = max(paying, key=lambda name: paying[name], default="")
    return {
        "item": title,
        "customers": len(paying),
        "revenue": revenue,
        "largest": largest,
        "largest_share": round(paying[largest] / revenue * 100) if revenue else None,
    }


def voices(key: str, title: str) -> Iterable[tuple[str, tuple[int, str], int]]:
    """Customer, when, importance: by highlighted passages, and by votes on ideas linked to the item. Who posts an idea
    votes for it, important."""
    wanted = {"product": key, "title": title}
    for one in conversations()["conversations"]:
        for highlight in one["highlights"]:
            if highlight.get("item") == wanted:
                yield one["customer"], (one["day"], one["time"]), highlight["importance"]
    customer_of = {contact["email"]: one["name"] for one in conversations()["customers"] for contact in one["contacts"]}
    for idea in portfolio()["portal"]["ideas"]:
        if (idea["product"], idea["item"]) == (key, title):
            yield customer_of[idea["contact"]], (idea["day"], ""), IMPORTANT
            for vote in idea["votes"]:
                yield customer_of[vote["contact"]], (vote["day"], ""), vote["importance"]


def most_wanted(facts: Facts) -> Values:
    """Of all items of Dispatch the one that most customers ask for."""
    every = [demand("DSP", item.title) for item in facts.items.values()]
    ranked = sorted(every, key=lambda one: (-one["customers"], -one["revenue"]))
    return {**ranked[0], "next_customers": ranked[1]["customers"]}


def goal_at_risk(facts: Facts) -> Values:
    """The mean progress of its key results, and a health that nobody has renewed for a month."""
    (goal,) = (one for one in product("DSP")["objectives"] if one["health"]["state"] == "at_risk")
    parts = [
        (result["now"] - result["start"]) / (result["target"] - result["start"]) * 100 for result in goal["key_results"]
    ]
    return {
        "objective": goal["name"],
        "progress": round(sum(parts) / len(parts)),
        "health": goal["health"]["state"],
        "set_on": day(facts.today, goal["health"]["day"]),
        "is_stale": -goal["health"]["day"] > STALE_AFTER,
    }


def product(key: str) -> dict[str, Any]:
    return next(one for one in portfolio()["products"] if one["key"] == key)


def monday(of: date) -> date:
    return of - timedelta(days=of.weekday())


FINDINGS = (
    Finding(
        "gdp-report-is-adopted",
        "The GDP report, shipped with 5.1 thirty days ago, is used by two in three active accounts.",
        "adoption_last28",
        adoption("gdp.report"),
        lambda found: found["accounts"] >= 0.6 * found["active_accounts"],
    ),
    Finding(
        "fuel-report-is-not",
        "The fuel report, shipped with 5.0 a hundred days ago, is used by few accounts: a candidate to retire.",
        "adoption_last28",
        adoption("fuel.report"),
        lambda found: 0 < found["accounts"] <= 0.15 * found["active_accounts"],
    ),
    Finding(
        "newcomers-stay-since-5-0",
        "Users who came since 5.0 are far more often active in their fourth week than those who came before.",
        "triangle_week",
        newcomers,
        lambda found: (
            found["size_since"] >= 50
            and found["retained_since"] / found["size_since"] >= 0.15 + found["retained_before"] / found["size_before"]
        ),
    ),
    Finding(
        "two-customers-fell-silent",
        "Skagen Seafreight and Meuse Flowers & Fruit no longer use Dispatch; all other named customers do.",
        "bm_day, accounts",
        fell_silent,
        lambda found: set(found) == {"Skagen Seafreight", "Meuse Flowers & Fruit"},
    ),
    Finding(
        "two-date-conflicts",
        "Quiet driver app starts before Offline route notes ends; Bulk re-plan starts before Live exceptions board ends.",
        "roadmap.ItemLink",
        date_conflicts,
        lambda found: len(found["conflicts"]) == 2,
    ),
    Finding(
        "handover-note-misses-its-release",
        "The shift handover note ends a month after the day of 6.0 Control tower, for which it is promised.",
        "roadmap.Item, roadmap.Release",
        late_for_release,
        lambda found: set(found["late"]) == {"Shift handover note, signed by both dispatchers"},
    ),
    Finding(
        "a-third-of-the-demand-is-nordfrisk",
        "Twelve customers worth €940,000 ask for Bulk re-plan after a road closure; Nordfrisk Logistics is 33 % of it.",
        "demand",
        demand_on("Bulk re-plan after a road closure"),
        lambda found: (
            found["customers"] == 12 and found["revenue"] == 940_000 and found["largest"] == "Nordfrisk Logistics"
        ),
    ),
    Finding(
        "one-loud-voice",
        "Two-way sync with SAP TM is asked for by one customer alone, Costa Verde Fruta: 100 % of its demand.",
        "demand",
        demand_on("Two-way sync with SAP TM"),
        lambda found: (found["customers"], found["largest_share"]) == (1, 100),
    ),
    Finding(
        "the-eta-link-is-wanted-most",
        "More customers ask for the Live ETA link for consignees than for any other item.",
        "demand",
        most_wanted,
        lambda found: found["item"] == "Live ETA link for consignees" and found["customers"] > found["next_customers"],
    ),
    Finding(
        "audit-ready-is-at-risk",
        "Audit-ready by default stands at 38 %, at risk, and its health has not been renewed for five weeks.",
        "products.Objective",
        goal_at_risk,
        lambda found: found["progress"] == 38 and found["is_stale"],
    ),
)


def expected_on(today: date, seed: int = usage.SEED) -> dict[str, Values]:
    """All ten for one day, by slug."""
    facts = Facts(today, seed)
    return {finding.slug: finding.expected(facts) for finding in FINDINGS}
