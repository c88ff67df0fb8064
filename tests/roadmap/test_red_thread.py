"""The red thread on top of an item's page says where the item stands."""

from __future__ import annotations

from datetime import date

from feedback.models import Conversation
from products.models import Problem
from roadmap.models import Release
from tests.factories import SYSTEM, make_conversation, make_customer, make_item, status


def steps(as_member, cast, item):
    page = as_member(cast.carol).get(f"/w/polarline/p/DSP/items/{item.number}/")
    return {step.key: step for step in page.context["steps"]()}


def test_an_idea_that_nobody_asked_for_has_reached_nothing(cast, as_member):
    found = steps(as_member, cast, make_item(cast.product, "Bare"))
    assert [step.state for step in found.values()] == ["next"] * 6
    assert found["signal"].title == "Nobody yet"
    assert found["score"].note == "rank 1 of 1"


def test_each_step_names_what_is_known_and_the_furthest_is_now(cast, as_member):
    problem = Problem.add(
        cast.workspace, by=SYSTEM, product=cast.product, statement="Trailers drive home empty", who="All"
    )
    release = Release.plan(cast.product, "5.3", by=SYSTEM, ends_on=date(2027, 2, 16))
    make_item(cast.product, "First")
    item = make_item(
        cast.product, "Backhaul", reach=400, impact=1, confidence=80, effort=4, problem=problem, release=release,
        starts_on=date(2026, 12, 1), ends_on=date(2027, 2, 16),
    )  # fmt: skip
    talk: Conversation = make_conversation(make_customer(cast.workspace, "Nordfrisk"), "We drive home empty")
    talk.link("We drive home empty", item=item, importance=3, by=cast.actor("mona"))
    found = steps(as_member, cast, item)
    assert found["signal"].title == "1 customer"
    assert found["problem"].title == "Trailers drive home empty"
    assert (found["score"].title, found["score"].note) == ("RICE 80", "rank 2 of 2")
    assert found["planned"].note == "5.3"
    assert [step.state for step in found.values()] == ["done", "done", "done", "now", "next", "next"]
    item.edit(by=SYSTEM, status=status(cast.workspace, "Shipped"))
    assert [step.state for step in steps(as_member, cast, item).values()][3:] == ["done", "now", "next"]


def test_what_was_skipped_stays_open_behind_the_furthest_step(cast, as_member):
    item = make_item(cast.product, "Skipped", horizon="now")
    found = steps(as_member, cast, item)
    assert [found[key].state for key in ("signal", "problem", "score", "planned")] == ["next", "next", "next", "now"]


def test_the_page_fetches_itself_as_a_page_and_the_drawer_as_a_drawer(cast, as_member):
    item = make_item(cast.product, "Both")
    client, htmx = as_member(cast.carol), {"HX-Request": "true"}
    url = f"/w/polarline/p/DSP/items/{item.number}/"
    assert b'id="drawer"' in client.get(url, headers=htmx).content
    page = client.get(url + "?as=page", headers=htmx).content
    assert b'id="item-page"' in page
    assert b"<html" not in page


def test_a_description_with_a_link_keeps_its_text_in_one_piece(cast, as_member):
    item = make_item(
        cast.product, "Linked", description="Push messages. See [notes](https://example.com/notes), please."
    )
    for client in (as_member(cast.mona), as_member(cast.carol)):
        text = client.get(f"/w/polarline/p/DSP/items/{item.number}/").content.decode()
        before = text[: text.index('href="https://example.com/notes"')]
        assert before.count("<a ") - before.count("</a>") == 1  # its own tag alone is open: no link within a link
