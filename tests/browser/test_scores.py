"""Scorecards and explanations by pointer and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from roadmap.models import Item, ProductScoring, Scorecard
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
DSP = "/w/polarline/p/DSP/"
SETTINGS = "/w/polarline/settings/scorecards/"


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


def card(cast: Cast, method: str) -> Scorecard:
    return Scorecard.objects.get(workspace=cast.workspace, method=method)


def test_an_admin_makes_a_scorecard_and_sees_what_it_does_while_typing(cast: Cast, open_page):
    anton: Page = open_page(cast.anton)
    anton.goto(SETTINGS)
    assert_axe_clean(anton)
    anton.get_by_role("link", name="New scorecard").click()
    anton.get_by_label("Name", exact=True).first.fill("Ours")
    anton.locator("[name=factor-0-name]").fill("Fit")
    anton.locator("[name=factor-0-weight]").fill("3")
    anton.locator("[name=factor-1-name]").fill("Legal")
    anton.locator("[name=factor-1-kind]").select_option("yesno")
    example = anton.locator("#example")
    expect(example.locator("tbody tr")).to_have_count(2)
    expect(example).to_contain_text("52.5")  # 7 of 10, weight 3 of 4
    example.locator("#example-0").fill("10")
    expect(example).to_contain_text("75.0")
    expect(example.locator("tfoot")).to_contain_text("100")
    expect(example.locator("#example-0")).to_be_focused()
    assert_axe_clean(anton)
    anton.get_by_role("button", name="Add the scorecard").click()
    expect(anton.locator("main")).to_contain_text("Fit × 3 + Legal × 1")
    made = Scorecard.objects.get(name="Ours")
    anton.goto(f"{SETTINGS}{made.public_id}/")
    expect(anton.locator("#example tfoot")).to_contain_text("78")
    assert_axe_clean(anton)


def test_factors_are_filled_in_in_the_table_by_keyboard_and_the_score_answers(cast: Cast, open_page):
    ProductScoring.choose(cast.product, card(cast, "wsjf"), card(cast, "moscow"), by=cast.actor("mona"))
    make_item(cast.product, "Live ETA", factors={"business_value": 8, "time_criticality": 5, "risk_reduction": 3})
    mona: Page = open_page(cast.mona)
    mona.goto(DSP + "backlog/")
    row = mona.locator("#item-1")
    expect(row).to_contain_text("not scored")
    cell = row.locator("[data-cell=factor_job_size]").get_by_role("button")
    cell.focus()
    mona.keyboard.press("Enter")
    mona.keyboard.press("1")
    mona.keyboard.press("Enter")
    expect(row.locator(".score")).to_have_text("16")
    row.locator("[data-cell=factor_moscow]").get_by_role("button").click()
    row.locator("[data-cell=factor_moscow] select").select_option("must")
    expect(row.locator("[data-cell=factor_moscow]").get_by_role("button")).to_have_text("Must have")
    item = Item.objects.get(number=1, product=cast.product)
    assert (item.score, item.second_score) == (16, 4)


def test_a_score_is_explained_where_it_stands_and_follows_an_edit(cast: Cast, open_page):
    make_item(cast.product, "Bulk re-plan", reach=100, impact=2, confidence=50, effort=5)
    make_item(cast.product, "Live ETA", reach=300, impact=1, confidence=50, effort=5)
    mona: Page = open_page(cast.mona)
    mona.goto(DSP + "items/1/")
    mona.get_by_text("Explain the score").click()
    why = mona.locator(".why")
    expect(why).to_contain_text(re.compile("Effort 3 person-weeks instead of 5 person-weeks would pass DSP-2"))
    expect(why).to_contain_text("Ranked above DSP-2, which scores higher (30)")
    assert_axe_clean(mona)
    mona.locator("#field-1-effort [data-show]").focus()
    mona.keyboard.press("Enter")
    mona.locator("#field-1-effort [data-input]").fill("2")
    mona.keyboard.press("Enter")
    expect(mona.locator("#score-1")).to_contain_text("50")


def test_a_product_is_scored_by_another_scorecard(cast: Cast, open_page):
    make_item(cast.product, "Bulk re-plan", effort=5, factors={"value": 80})
    mona: Page = open_page(cast.mona)
    mona.goto(DSP + "matrix/")
    mona.get_by_role("link", name="RICE").click()
    mona.get_by_label("Scores by").select_option(label="Value ÷ effort")
    assert_axe_clean(mona)
    mona.get_by_role("button", name="Score by it").click()
    expect(mona.locator("#item-1 .score")).to_have_text("16")
