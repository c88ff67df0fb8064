"""The demo's files name each other's people, products, items and goals; nothing dangles, on whatever day it is made."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest

from demo.shift import ANCHOR, next_workday, shifted
from demo.source import HERE, conversations, jira_export, jira_items, portfolio
from roadmap.importing import DEFAULT_STATUSES, Kind, RowError, parse_rows, propose_mapping, read, resolve

PRODUCTS = {product["key"]: product for product in portfolio()["products"]}
MEMBERS = {member["email"] for member in portfolio()["members"]}
CONTACTS = {contact["email"] for customer in conversations()["customers"] for contact in customer["contacts"]}
MONTHS = re.compile(
    r"\b(January|February|March|April|June|July|August|September|October|November|December|spring|autumn|winter)\b"
)


@cache
def titles(key: str) -> set[str]:
    own = {item["title"] for item in PRODUCTS[key]["items"]}
    return own | {item.title for item in jira_items(ANCHOR)} if key == "DSP" else own


def every_text(value, found=None):
    found = [] if found is None else found
    if isinstance(value, dict):
        for inner in value.values():
            every_text(inner, found)
    elif isinstance(value, list):
        for inner in value:
            every_text(inner, found)
    elif isinstance(value, str):
        found.append(value)
    return found


class TestJiraExport:
    source = read(jira_export(ANCHOR).encode(), "dispatch-jira.csv")

    def test_every_issue_lands(self):
        assert self.source.kind == Kind.JIRA_CSV
        rows = list(parse_rows(self.source, propose_mapping(self.source)))
        assert [row for row in rows if isinstance(row, RowError)] == []
        assert len(rows) >= 150
        assert len({item.title for item in rows}) == len(rows), "conversations name items by title"

    def test_it_needs_no_answer_from_a_person(self):
        mapping = propose_mapping(self.source)
        assert mapping.questions() == []
        assert mapping.uncertain == ()
        assert [column.header for column in mapping.columns if column.hint] == []

    def test_columns_repeat_as_jira_repeats_them(self):
        for header in ("Labels", "Sprint", "Comment", "Watchers", "Inward issue link (Blocks)"):
            assert self.source.headers.count(header) > 1

    def test_it_has_what_a_backlog_has(self):
        items = jira_items(ANCHOR)
        assert {item.type for item in items} == {"epic", "feature", "improvement", "bug", "discovery"}
        assert {item.status for item in items} == {status.name for status in DEFAULT_STATUSES}
        assert sum(1 for item in items if item.reach and item.impact and item.confidence and item.effort) >= 40
        assert sum(1 for item in items if item.starts_on and item.ends_on) >= 15
        assert sum(1 for item in items if item.comments) >= 15
        assert any("Assignee" in item.source_data for item in items), "somebody has left"
        found = resolve(items)
        assert found.unknown == []
        assert len(found.parents) > 150
        assert len(found.needs) >= 7

    def test_its_components_are_those_of_the_portfolio(self):
        named = {item.component for item in jira_items(ANCHOR)} - {""}
        assert named == {one["name"] for one in PRODUCTS["DSP"]["components"]}

    def test_its_people_objectives_and_releases_are_those_of_the_portfolio(self):
        items = jira_items(ANCHOR)
        assert {item.lead for item in items} - {None} <= MEMBERS
        assert {item.objective for item in items} - {""} == {goal["name"] for goal in PRODUCTS["DSP"]["objectives"]}
        assert {item.release for item in items} - {""} == {one["name"] for one in PRODUCTS["DSP"]["releases"]}

    def test_what_is_promised_for_a_past_release_is_shipped(self):
        past = {one["name"] for one in PRODUCTS["DSP"]["releases"] if one["released"] is not None}
        for item in jira_items(ANCHOR):
            assert item.release not in past or item.status == "Shipped"
            assert (item.shipped is not None) == (item.status == "Shipped")
            assert item.shipped is None or item.created < item.shipped


class TestShifting:
    @pytest.mark.parametrize("today", [date(2026, 11, 19), date(2027, 3, 1), date(2028, 2, 29), date(2025, 12, 31)])
    def test_the_same_backlog_on_another_day(self, today):
        moved = {item.source_id: item for item in jira_items(today)}
        for item in jira_items(ANCHOR):
            other = moved[item.source_id]
            assert (other.title, other.status, other.rank, other.tags) == (
                item.title,
                item.status,
                item.rank,
                item.tags,
            )
            assert (other.created.date() - item.created.date()).days in {(today - ANCHOR).days + n for n in (-1, 0, 1)}
            for before, after in ((item.starts_on, other.starts_on), (item.ends_on, other.ends_on)):
                assert (before is None) == (after is None)
                assert after is None or after == next_workday(before + (today - ANCHOR))

    def test_nothing_happened_in_the_future(self):
        for today in (ANCHOR, date(2027, 7, 1)):
            for item in jira_items(today):
                assert item.created.date() < today
                assert item.shipped is None or item.shipped.date() < today
                assert all(comment.at.date() < today for comment in item.comments)

    def test_plans_fall_on_workdays(self):
        for offset in range(14):
            for item in jira_items(date(2027, 1, 1 + offset)):
                assert all(on is None or on.weekday() < 5 for on in (item.starts_on, item.ends_on))

    def test_the_anchor_day_is_the_file_itself(self):
        text = (HERE / "dispatch-jira.csv").read_text(encoding="utf-8")
        assert shifted(text, ANCHOR) == text


class TestPortfolio:
    def test_the_six_products_stand_in_their_stages(self):
        assert {key: product["stage"] for key, product in PRODUCTS.items()} == {
            "DSP": "in_life", "CLD": "go_to_market", "DCK": "development", "WBC": "end_of_life", "CRB": "analysis",
            "RFR": "innovation",
        }  # fmt: skip

    @pytest.mark.parametrize("key", PRODUCTS)
    def test_stages_and_gates_tell_one_story(self, key):
        product = PRODUCTS[key]
        order = ["innovation", "analysis", "development", "go_to_market", "in_life", "end_of_life"]
        assert [stage["stage"] for stage in product["stages"]] == order
        active = [stage["stage"] for stage in product["stages"] if stage["state"] == "active"]
        assert active == [product["stage"]]
        days = [stage["started"] for stage in product["stages"] if stage["started"] is not None]
        assert days == sorted(days)
        assert all(day < 0 for day in days)
        for gate in product["gates"]:
            following = product["stages"][gate["gate"]]
            assert gate["decision"] in ("go", "go_with_conditions")
            assert gate["day"] == following["started"], "a stage starts with the decision before it"
            assert gate["reason"]
            assert all(condition["met"] < 0 for condition in gate["conditions"])

    @pytest.mark.parametrize("key", PRODUCTS)
    def test_everybody_named_is_a_member(self, key):
        product = PRODUCTS[key]
        people = {product["lead"]} | {gate["by"] for gate in product["gates"]}
        people |= {one["lead"] for part in ("objectives", "items") for one in product[part]}
        people |= {one["lead"] for goal in product["objectives"] for one in goal["initiatives"]}
        if product["next_gate"]:
            people |= set(product["next_gate"]["approvers"]) | {one["lead"] for one in product["next_gate"]["criteria"]}
        assert people - {None} <= MEMBERS

    @pytest.mark.parametrize("key", PRODUCTS)
    def test_items_name_releases_and_goals_of_their_product(self, key):
        product = PRODUCTS[key]
        releases = {release["name"] for release in product["releases"]}
        goals = {goal["name"] for goal in product["objectives"]}
        statuses = {status.name for status in DEFAULT_STATUSES}
        for item in product["items"]:
            assert item["release"] is None or item["release"] in releases
            assert item["objective"] is None or item["objective"] in goals
            assert item["status"] in statuses
            assert item["starts"] is None or item["starts"] <= item["ends"]
        assert len(titles(key)) >= len(product["items"])
        for problem in product["problems"]:
            assert set(problem["items"]) <= titles(key)
        for goal in product["objectives"]:
            assert goal["key_results"]
            assert all(result["start"] != result["target"] for result in goal["key_results"])
            for initiative in goal["initiatives"]:
                assert set(initiative["items"]) <= titles(key)
                assert initiative["starts"] < initiative["ends"]

    def test_trouble_has_a_reason(self):
        for product in PRODUCTS.values():
            bearers = [
                product,
                *product["objectives"],
                *(i for goal in product["objectives"] for i in goal["initiatives"]),
            ]
            for bearer in bearers:
                health = bearer["health"]
                assert health is None or health["state"] == "not_set" or health["reason"]

    def test_usage_keys_and_ideas_name_items(self):
        for usage_key in portfolio()["usage_keys"]:
            assert usage_key["item"] is None or usage_key["item"] in titles(usage_key["product"])
        for idea in portfolio()["portal"]["ideas"]:
            assert idea["item"] is None or idea["item"] in titles(idea["product"])
            voters = [idea["contact"], *(vote["contact"] for vote in idea["votes"])]
            assert set(voters) <= CONTACTS
            assert len(set(voters)) == len(voters), "one vote per person"
            assert all(idea["day"] < vote["day"] < 0 for vote in idea["votes"])
            assert {vote["importance"] for vote in idea["votes"]} <= {0, 1, 2, 3}


class TestConversations:
    def test_there_are_enough_of_them(self):
        assert len(conversations()["conversations"]) >= 60
        assert len(conversations()["customers"]) >= 25
        sources = {one["source"] for one in conversations()["conversations"]}
        assert {"mail", "call", "support", "survey", "portal"} <= sources

    def test_customers_are_whole(self):
        keys = [customer["account_key"] for customer in conversations()["customers"]]
        assert len(set(keys)) == len(keys)
        assert len(CONTACTS) == sum(len(customer["contacts"]) for customer in conversations()["customers"])
        for customer in conversations()["customers"]:
            assert customer["domain"].endswith(".example")
            assert all(contact["email"].endswith("@" + customer["domain"]) for contact in customer["contacts"])
            running = [one for one in customer["contracts"] if one["ends"] is None or one["ends"] >= 0]
            assert customer["annual_revenue"] == sum(one["annual_revenue"] for one in running)
            assert {one["product"] for one in customer["contracts"]} <= set(PRODUCTS)

    @pytest.mark.parametrize("one", conversations()["conversations"], ids=lambda one: one["subject"])
    def test_a_conversation_speaks_of_what_there_is(self, one):
        customers = {customer["name"]: customer for customer in conversations()["customers"]}
        assert one["contact"] in {contact["email"] for contact in customers[one["customer"]]["contacts"]}
        assert one["product"] in PRODUCTS
        assert one["day"] < 0
        assert one["added_by"] is None or one["added_by"] in MEMBERS
        for highlight in one["highlights"]:
            assert one["text"].count(highlight["passage"]) == 1
            assert highlight["importance"] in (1, 2, 3)
            if "item" in highlight:
                assert highlight["item"]["title"] in titles(highlight["item"]["product"])
            else:
                problems = {problem["statement"] for problem in PRODUCTS[highlight["problem"]["product"]]["problems"]}
                assert highlight["problem"]["statement"] in problems


def test_no_text_names_a_month_since_the_demo_moves():
    texts = every_text(portfolio()) + every_text(conversations())
    for item in jira_items(ANCHOR):
        texts += [item.title, item.description, *(comment.text for comment in item.comments)]
    assert [text for text in texts if MONTHS.search(text)] == []


def test_addresses_are_reserved_ones():
    everything = " ".join(every_text(portfolio()) + every_text(conversations()) + [jira_export(ANCHOR)])
    for domain in re.findall(r"(?:@|https?://)([a-z0-9.-]+)", everything):
        assert domain.rstrip(".").endswith(".example"), domain
