"""Many rows of the backlog at once, by pointer and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from roadmap.models import Item
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
BACKLOG = "/w/polarline/p/DSP/backlog/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    for title in ("Live ETA link", "Bulk re-plan", "Offline notes"):
        make_item(cast.product, title)
    return cast


def test_ticked_rows_get_a_status_and_one_undo_takes_it_back(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    bar = mona.get_by_role("toolbar", name="What to do with the chosen items")
    expect(bar).to_be_hidden()
    mona.get_by_role("checkbox", name="Select DSP-1").check()
    mona.get_by_role("checkbox", name="Select DSP-3").check()
    expect(bar).to_contain_text("2 selected")
    bar.get_by_text("Status").click()
    bar.get_by_role("button", name="Ready").wait_for()
    assert_axe_clean(mona)
    bar.get_by_role("button", name="Ready").click()
    expect(mona.locator("#item-1 [data-cell=status]")).to_have_text("Ready")
    expect(mona.locator("#item-2 [data-cell=status]")).to_have_text("Idea")
    expect(mona.locator("#item-3 [data-cell=status]")).to_have_text("Ready")
    mona.get_by_role("button", name="Undo").click()
    expect(mona.locator("#item-1 [data-cell=status]")).to_have_text("Idea")
    assert set(Item.objects.values_list("status__name", flat=True)) == {"Idea"}


def test_rows_are_ticked_and_deleted_by_keyboard(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    mona.locator("#item-2 a.t-title").focus()
    mona.keyboard.press("x")
    expect(mona.get_by_role("checkbox", name="Select DSP-2")).to_be_checked()
    mona.get_by_role("button", name="Delete").focus()
    mona.keyboard.press("Enter")
    expect(mona.locator("#item-2")).to_have_count(0)
    expect(mona.get_by_text("1 item deleted.")).to_be_visible()


def test_all_that_match_are_chosen_beyond_the_rows_that_are_there(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    mona.get_by_role("checkbox", name="Select all rows").check()
    bar = mona.get_by_role("toolbar", name="What to do with the chosen items")
    bar.get_by_label("All 3 that match").check()
    bar.get_by_text("Horizon").click()
    bar.get_by_role("button", name="Later").click()
    expect(mona.get_by_text("3 items changed.")).to_be_visible()


def test_the_palette_acts_on_the_ticked_rows_by_keyboard_alone(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    mona.keyboard.press("Control+k")
    palette = mona.get_by_role("listbox", name="Results")
    expect(palette.get_by_role("option", name="New item")).to_be_visible()
    expect(palette.get_by_role("option", name="Selected items: delete")).to_have_count(0)
    mona.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    mona.keyboard.press("j")
    mona.keyboard.press("x")
    expect(mona.get_by_role("checkbox", name="Select DSP-1")).to_be_checked()
    mona.keyboard.press("Control+k")
    mona.keyboard.type("sel del")
    first = palette.get_by_role("option").first
    expect(first).to_contain_text("Selected items: delete")
    expect(first).to_have_attribute("aria-selected", "true")
    assert_axe_clean(mona)
    mona.keyboard.press("Enter")
    expect(mona.locator("#item-1")).to_have_count(0)
    assert Item.objects.get(number=2).deleted_at is None


def test_an_open_menu_closes_on_escape_and_on_a_click_elsewhere(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    builder = mona.locator(".menu--builder")
    mona.keyboard.press("f")
    expect(builder.get_by_role("button", name="Show")).to_be_visible()
    builder.get_by_role("button", name="Add condition").click()
    expect(builder.get_by_role("button", name="Show")).to_be_visible()
    mona.keyboard.press("Escape")
    expect(builder).to_be_hidden()
    expect(mona.locator("summary", has_text="Filter")).to_be_focused()
    mona.keyboard.press("f")
    expect(builder).to_be_visible()
    mona.get_by_role("heading", name="Backlog").click()
    expect(builder).to_be_hidden()
