from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from changes.streams import hub
from products.models import KeyResult, Objective, Problem, ProductLine
from tests.browser.looks import (
    assert_axe_clean,
    assert_no_sideways_scroll,
)
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM, make_product

pytestmark = pytest.mark.browser
HOME = "/w/polarline/"
OVERVIEW = "/w/polarline/p/DSP/"
STRATEGY = "/w/polarline/p/DSP/strategy/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    cast.product.edit(by=SYSTEM, vision="Every trailer leaves full", lead=cast.bob, tagline="One plan for all")
    line = ProductLine.add(cast.workspace, by=SYSTEM, name="Trailers")
    cast.product.edit(by=SYSTEM, line=line)
    objective = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Cut empty kilometres")
    KeyResult.add_to(objective, by=SYSTEM, name="Empty-km share", unit="%", start=22, now=18, target=14)
    Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Trailers drive home empty", who="Hauliers")
    return cast


def wait_for_streams(page: Page, count: int) -> None:
    for _try in range(100):
        if sum(bool(stream.channels) for stream in hub.streams) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail("The streams were not open within 5 s.")


def test_how_a_product_stands_reaches_the_other_at_once_with_who_and_when(cast: Cast, open_page):
    mona, carol = open_page(cast.mona), open_page(cast.carol)
    carol.goto(OVERVIEW)
    mona.goto(OVERVIEW)
    wait_for_streams(mona, 2)
    mona.get_by_role("link", name="Not set: say how it stands").click()
    dialog = mona.get_by_role("dialog", name="How does Dispatch stand?")
    dialog.get_by_label("At risk").check()
    dialog.get_by_label("Why").fill("The retest is late")
    assert_axe_clean(mona)
    dialog.get_by_role("button", name="Say so").click()
    expect(carol.locator(".phead")).to_contain_text("At risk")
    expect(carol.locator(".phead")).to_contain_text("The retest is late")
    told = carol.locator(".feed__item").first
    expect(told).to_contain_text("Mona said how it stands with product Dispatch")
    expect(told).to_contain_text("just now")


def test_a_key_result_is_written_in_place_and_the_other_sees_the_progress(cast: Cast, open_page):
    mona, carol = open_page(cast.mona), open_page(cast.carol)
    carol.goto(STRATEGY)
    mona.goto(STRATEGY)
    wait_for_streams(mona, 2)
    expect(carol.locator(".tree__goal")).to_contain_text("50%")
    mona.get_by_role("button", name="now: 18%").click()
    mona.keyboard.type("16")
    mona.keyboard.press("Enter")
    expect(mona.locator(".tree__goal")).to_contain_text("75%")
    expect(carol.locator(".tree__goal")).to_contain_text("75%")


def test_two_who_write_one_cell_choose_which_value_stays(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(STRATEGY)
    mona.get_by_role("button", name="who has it: Hauliers").click()
    mona.keyboard.type("Fleets")
    Problem.objects.get().edit(by=cast.actor("alice"), who="Shippers")
    mona.keyboard.press("Enter")
    banner = mona.get_by_role("alert")
    expect(banner).to_contain_text("Alice changed “who has it” while you were typing.")
    expect(banner).to_contain_text("Shippers")
    expect(banner).to_contain_text("Fleets")
    banner.get_by_role("button", name="Use mine").click()
    expect(mona.get_by_role("button", name="who has it: Fleets")).to_be_visible()
    assert Problem.objects.get().who == "Fleets"


def test_a_cell_that_cannot_be_saved_stays_open_with_what_was_typed(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(STRATEGY)
    mona.get_by_role("button", name="now: 18%").click()
    mona.keyboard.type("many")
    mona.keyboard.press("Enter")
    expect(mona.get_by_text("Enter a number.")).to_be_visible()
    expect(mona.get_by_label("now", exact=True)).to_have_value("many")


def test_an_archived_product_comes_back_by_undo_after_a_reload(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(f"{OVERVIEW}edit/")
    mona.get_by_role("button", name="Archive product").click()
    expect(mona.get_by_text("Dispatch is archived")).to_be_visible()
    mona.get_by_role("button", name="Undo").click()
    expect(mona.locator(".lifeline").get_by_text("Dispatch", exact=True)).to_be_visible()


def test_forty_products_fit_the_home(cast: Cast, open_page):
    for number in range(38):
        make_product(cast.workspace, name=f"Product with a rather long name {number}")
    for options in ({}, {"viewport": {"width": 390, "height": 844}}):
        page = open_page(cast.mona, **options)
        page.goto(HOME)
        assert_no_sideways_scroll(page)
        page.get_by_text("32 more").click()
        expect(page.locator(".pline")).to_have_count(40)
        assert_no_sideways_scroll(page)
