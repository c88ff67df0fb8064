"""Boards of a roadmap, by pointer and by keyboard: sums and limits follow each move, far columns come by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from products.models import Objective
from roadmap.models import Release, Roadmap
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


def kept(cast: Cast, layout: str, **fields) -> str:
    roadmap = Roadmap.keep(
        cast.workspace, "Plan", [cast.product, cast.secret], by=SYSTEM, owner=cast.mona, layout=layout, is_shared=True, **fields
    )  # fmt: skip
    return f"/w/polarline/roadmaps/{roadmap.public_id}/"


def column(page: Page, name: str):
    return page.locator("section", has=page.get_by_role("heading", name=name, exact=True))


def test_a_card_dragged_to_another_status_takes_its_effort_along_and_passes_the_limit(cast: Cast, open_page):
    building = status(cast.workspace, "In build")
    make_item(cast.product, "Live ETA", status=building, effort="2")
    item = make_item(cast.secret, "Seal photo", effort="3")
    mona = open_page(cast.mona)
    mona.goto(kept(cast, "status", limits={building.public_id: 1}))
    card, goal = column(mona, "Idea").locator("[data-id]"), column(mona, "In build").locator("[data-id]")
    card.hover()
    box, there = card.get_by_role("button", name="Move").bounding_box(), goal.bounding_box()
    mona.mouse.move(box["x"] + 8, box["y"] + 8)
    mona.mouse.down()
    mona.mouse.move(there["x"] + 60, there["y"] + there["height"] - 4, steps=12)
    mona.mouse.move(there["x"] + 64, there["y"] + there["height"] - 2, steps=4)
    mona.mouse.up()
    expect(mona.locator(".toast")).to_contain_text("SEC-1: In build")
    expect(column(mona, "In build")).to_contain_text("5 pw")
    expect(column(mona, "In build")).to_contain_text("1 more than the limit")
    item.refresh_from_db()
    assert item.status == building
    assert_axe_clean(mona)
    mona.locator(".toast").get_by_role("button", name="Undo").click()
    expect(column(mona, "In build")).not_to_contain_text("more than the limit")
    expect(column(mona, "Idea").locator("[data-id]")).to_have_count(1)


def test_a_card_is_moved_by_keyboard_and_a_far_column_comes_when_it_is_scrolled_to(cast: Cast, open_page):
    today = cast.workspace.today()
    for n in range(9):
        release = Release.plan(cast.product, f"R{n}", by=SYSTEM, ends_on=today + timedelta(days=n))
        make_item(cast.product, f"Card of R{n}", release=release)
    mona = open_page(cast.mona)
    mona.goto(kept(cast, "release"))
    card = mona.locator("[data-id='DSP-1']")
    card.get_by_role("button", name="Move DSP-1").focus()
    mona.keyboard.press("Space")
    mona.keyboard.press("ArrowRight")
    mona.keyboard.press("Escape")
    expect(column(mona, "DSP R0").locator("[data-id='DSP-1']")).to_be_visible()
    mona.keyboard.press("Space")
    mona.keyboard.press("ArrowRight")
    mona.keyboard.press("ArrowDown")
    mona.keyboard.press("Space")
    expect(mona.locator(".toast")).to_contain_text("DSP-1: R1")
    expect(column(mona, "DSP R1").locator("[data-id]")).to_have_count(2)
    expect(mona.locator("[data-id='DSP-9']")).to_have_count(0)
    column(mona, "DSP R8").scroll_into_view_if_needed()
    expect(column(mona, "DSP R8").locator("[data-id='DSP-9']")).to_be_visible()


def lane(page: Page, name: str):
    return page.locator("[data-lane]", has=page.get_by_role("heading", name=name, exact=True))


def cell(page: Page, name: str, column: str):
    return lane(page, name).get_by_role("list", name=f"{name}, {column}")


def test_a_card_goes_to_another_lane_by_pointer_and_a_folded_lane_opens_to_take_more(cast: Cast, open_page):
    grow, keep = (
        Objective.add(cast.workspace, by=SYSTEM, name=name, product=cast.product) for name in ("Grow", "Keep")
    )
    item = make_item(cast.product, "Live ETA", horizon="now", objective=grow, effort="3")
    other = make_item(cast.product, "Seal photo", horizon="next", objective=keep, effort="2")
    mona = open_page(cast.mona)
    mona.goto(kept(cast, "nnl", lanes="objective"))
    lane(mona, "Keep").get_by_role("button", name="Fold Keep").click()
    expect(mona.locator("[data-id='DSP-2']")).to_have_count(0)
    expect(lane(mona, "Keep")).to_contain_text("2 pw")
    lane(mona, "Keep").get_by_role("button", name="Unfold Keep").click()
    expect(cell(mona, "Keep", "Next").locator("[data-id]")).to_have_count(1)
    card, goal = mona.locator("[data-id='DSP-1']"), cell(mona, "Keep", "Later")
    card.hover()
    box, there = card.get_by_role("button", name="Move").bounding_box(), goal.bounding_box()
    mona.mouse.move(box["x"] + 8, box["y"] + 8)
    mona.mouse.down()
    mona.mouse.move(there["x"] + 60, there["y"] + 20, steps=12)
    mona.mouse.move(there["x"] + 64, there["y"] + 24, steps=4)
    mona.mouse.up()
    expect(mona.locator(".toast")).to_contain_text("DSP-1: Keep, Later")
    expect(lane(mona, "Keep")).to_contain_text("5 pw")
    item.refresh_from_db()
    assert (item.objective, item.horizon) == (keep, "later")
    assert_axe_clean(mona)
    mona.locator(".toast").get_by_role("button", name="Undo").click()
    expect(cell(mona, "Grow", "Now").locator("[data-id='DSP-1']")).to_be_visible()
    assert other.number == 2


def test_the_keyboard_crosses_lanes_and_a_lane_that_settles_nothing_lets_the_card_go_back(cast: Cast, open_page):
    grow, keep = (
        Objective.add(cast.workspace, by=SYSTEM, name=name, product=cast.product) for name in ("Grow", "Keep")
    )
    item = make_item(cast.product, "Live ETA", horizon="now", objective=grow)
    make_item(cast.product, "Seal photo", horizon="now", objective=keep)
    make_item(cast.secret, "Theirs", horizon="now")
    mona = open_page(cast.mona)
    address = kept(cast, "nnl", lanes="objective")
    mona.goto(address)
    mona.get_by_role("button", name="Move DSP-1").focus()
    for key in ("Space", "ArrowDown", "ArrowRight", "Space"):
        mona.keyboard.press(key)
    expect(mona.locator(".toast")).to_contain_text("DSP-1: Keep, Next")
    item.refresh_from_db()
    assert (item.objective, item.horizon) == (keep, "next")
    mona.goto(f"{address}?layout=nnl&lanes=product")
    mona.get_by_role("button", name="Move DSP-1").focus()
    for key in ("Space", "ArrowDown", "Space"):
        mona.keyboard.press(key)
    expect(mona.locator(".toast")).to_contain_text("cannot be dragged into another of these lanes")
    expect(cell(mona, "Dispatch", "Next").locator("[data-id='DSP-1']")).to_be_visible()
