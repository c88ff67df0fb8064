"""What was drawn of an item's page is kept under all that it is made of: whatever changes beside the item shows at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from feedback.models import Idea
from products.models import Objective, Problem
from roadmap.models import Component, Item, ItemLink, ItemType, Release, Requirement
from tests.cast import Cast
from tests.factories import SYSTEM, make_conversation, make_customer, make_idea, make_item, status

HTMX = {"HX-Request": "true"}


@pytest.fixture
def rich(cast: Cast) -> dict[str, Any]:
    """An item with something in each part of its page."""
    product, workspace = cast.product, cast.workspace
    problem = Problem.add(workspace, by=SYSTEM, product=product, statement="Trailers drive home empty", who="Hauliers")
    objective = Objective.add(workspace, by=SYSTEM, product=product, name="Fuller trailers")
    component = Component.add(workspace, by=SYSTEM, product=product, name="Planner")
    release = Release.plan(product, "5.3", by=SYSTEM, ends_on=date(2027, 2, 16))
    epic, other = make_item(product, "The epic above", type="epic"), make_item(product, "Needed before")
    item = make_item(
        product, "Backhaul", reach=400, impact=1, confidence=80, effort=4, parent=epic, lead=cast.bob, problem=problem,
        objective=objective, component=component, release=release,
    )  # fmt: skip
    ItemLink.add(item, "needs", other, by=SYSTEM)
    requirement = Requirement.add_to(item, "Pairs within a day", by=SYSTEM)
    customer = make_customer(workspace, "Nordfrisk")
    make_conversation(customer, "We drive home empty").link("We drive home empty", item=item, importance=3, by=SYSTEM)
    idea: Idea = make_idea(workspace, "Match trailers", product=product)
    idea.link_to(item, by=SYSTEM)
    return {
        "item": item, "epic": epic, "other": other, "problem": problem, "objective": objective, "component": component,
        "release": release, "requirement": requirement, "customer": customer, "idea": idea,
        "status": status(workspace, "Idea"), "type": ItemType.objects.get(workspace=workspace, key=item.type),
    }  # fmt: skip


RENAMED = [
    ("problem", "statement"), ("objective", "name"), ("component", "name"), ("release", "name"), ("epic", "title"),
    ("other", "title"), ("requirement", "text"), ("customer", "name"), ("idea", "title"), ("status", "name"), ("type", "name"),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "field"), RENAMED)
def test_what_is_renamed_beside_an_item_is_called_so_on_its_page_and_in_its_drawer(
    cast: Cast, as_member, rich: dict[str, Any], noun: str, field: str
):
    client, url = as_member(cast.mona), f"/w/polarline/p/DSP/items/{rich['item'].number}/"
    before = [client.get(url).content.decode(), client.get(url, headers=HTMX).content.decode()]
    row = rich[noun]
    row.refresh_from_db()
    row.edit(by=SYSTEM, **{field: f"Otherwise called {noun}"})
    after = [client.get(url).content.decode(), client.get(url, headers=HTMX).content.decode()]
    assert all("Otherwise called" not in page for page in before)
    assert all(f"Otherwise called {noun}" in page for page in after)


def test_what_customers_pay_and_how_the_product_is_called_shows_at_once(cast: Cast, as_member, rich: dict[str, Any]):
    client, url = as_member(cast.mona), f"/w/polarline/p/DSP/items/{rich['item'].number}/"
    rich["customer"].pays(cast.product, 1200, by=SYSTEM)
    assert "€1.2k" in client.get(url).content.decode()
    rich["customer"].pays(cast.product, 3400, by=SYSTEM)
    assert "€3.4k" in client.get(url).content.decode()
    cast.product.edit(by=SYSTEM, name="Otherwise called")
    assert "a year in Otherwise called" in client.get(url).content.decode()


def test_each_sees_only_what_is_theirs_to_do(cast: Cast, as_member, rich: dict[str, Any]):
    """Viewers, contributors and managers of one item, in turn, and each twice."""
    url = f"/w/polarline/p/DSP/items/{rich['item'].number}/"
    for _again in range(2):
        offered = [as_member(one).get(url).content.count(b"<form") for one in (cast.carol, cast.bob, cast.mona)]
        assert offered == sorted(offered)
        assert offered[0] < offered[2]
        assert b"links/add" not in as_member(cast.carol).get(url).content
        assert b"links/add" in as_member(cast.mona).get(url).content


def test_scores_that_were_computed_anew_are_shown(cast: Cast, as_member, rich: dict[str, Any]):
    client, url = as_member(cast.mona), f"/w/polarline/p/DSP/items/{rich['item'].number}/"
    assert b"<b>80</b><span>RICE</span>" in client.get(url).content
    Item.objects.get(pk=rich["item"].pk).edit(by=SYSTEM, reach=800)
    assert b"<b>160</b><span>RICE</span>" in client.get(url).content
