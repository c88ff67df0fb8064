"""From one item to the next, in the drawer and on the page, in the list in which it was found; what the address says of the list stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
LIST = "/w/polarline/p/DSP/backlog/?title=Ferry&sort=-title"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    for title in ("Ferry A", "Truck", "Ferry B", "Ferry C"):
        make_item(cast.product, title)
    return cast


def test_the_drawer_and_the_page_go_through_the_list_in_which_an_item_was_found(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(LIST)
    mona.get_by_role("link", name="Ferry C").click()
    drawer = mona.locator("c-drawer")
    expect(drawer).to_have_attribute("data-item", "4")
    expect(mona.locator("#item-4")).to_have_class(re.compile("is-open"))
    drawer.get_by_role("button", name="Next item").click()
    expect(drawer).to_have_attribute("data-item", "3")
    mona.keyboard.press("j")
    expect(drawer).to_have_attribute("data-item", "1")
    mona.keyboard.press("k")
    expect(drawer).to_have_attribute("data-item", "3")
    expect(mona).to_have_url(re.compile(r"title=Ferry&sort=-title&open=3$"))
    mona.keyboard.press("Escape")
    expect(mona).to_have_url(re.compile(r"title=Ferry&sort=-title$"))

    mona.get_by_role("link", name="Ferry B").click()
    drawer.get_by_role("link", name="Open the full page").click()
    expect(mona.get_by_role("heading", name="DSP-3")).to_be_visible()
    mona.keyboard.press("j")
    expect(mona).to_have_url(re.compile(r"/items/1/$"))
    mona.keyboard.press("j")
    expect(mona.get_by_text("DSP-1 is the last of this list.")).to_be_visible()
    mona.get_by_role("link", name="Item before").click()
    expect(mona).to_have_url(re.compile(r"/items/3/$"))
    mona.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Backlog").click()
    expect(mona).to_have_url(re.compile(r"title=Ferry&sort=-title$"))


def test_what_was_typed_into_a_field_is_pointed_out_after_a_reload(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto("/w/polarline/p/DSP/items/1/")
    mona.get_by_role("button", name="Description").click()
    mona.locator("textarea[name=description]").fill("Forty trucks wait")
    mona.reload()
    left = mona.locator("[data-draft-left]")
    left.focus()
    mona.keyboard.press("Enter")
    mona.get_by_role("button", name="Put it back").click()
    expect(mona.locator("textarea[name=description]")).to_have_value("Forty trucks wait")
