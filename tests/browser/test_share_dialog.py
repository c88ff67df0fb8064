"""The share dialog over the roadmap, and slides, by pointer and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from products.models import Objective
from roadmap.models import SharedField, ShareLink
from tests.browser.looks import assert_axe_clean, assert_no_sideways_scroll
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.browser
ROADMAP = "/w/polarline/p/DSP/roadmap/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    for name in ("First goal", "Second goal"):
        goal = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name=name)
        make_item(cast.product, f"Item of {name}", horizon="now", objective=goal)
    return cast


def test_a_link_is_opened_from_the_dialog_after_a_look(cast: Cast, open_page):
    page: Page = open_page(cast.mona)
    page.goto(ROADMAP)
    page.get_by_role("link", name="Share", exact=True).click()
    expect(page).to_have_url(re.compile(r"share=new"))
    dialog = page.get_by_role("dialog", name=re.compile("Share"))
    dialog.get_by_role("textbox", name="Audience", exact=True).fill("Board")
    dialog.get_by_text("Person in charge").click()
    expect(dialog.get_by_text("Becomes visible for the first time: 2 items, 4 fields")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Item of First goal")).to_be_visible()
    assert_axe_clean(page)
    dialog.get_by_label("Password").fill("short")
    dialog.get_by_role("button", name="Open the link").click()
    expect(dialog.get_by_text("Write at least 6 characters.").first).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)  # the answer is there to be seen
    dialog.get_by_label("Password").fill("")
    dialog.get_by_role("button", name="Open the link").click()
    expect(dialog.get_by_text("Opened by Mona")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile(r"share=new"))


def test_an_address_opens_the_dialog_and_the_keyboard_does_the_rest(cast: Cast, open_page):
    page: Page = open_page(cast.mona)
    page.goto(f"{ROADMAP}?share=new")
    dialog = page.get_by_role("dialog", name=re.compile("Share"))
    dialog.get_by_role("textbox", name="Audience", exact=True).focus()
    page.keyboard.type("Board")
    page.keyboard.press("Tab")
    expect(dialog.get_by_text("Becomes visible for the first time")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name="List")).to_be_checked()
    expect(page.frame_locator("iframe").locator(".shlist").first).to_be_visible()
    dialog.get_by_role("button", name="Open the link").focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Opened by Mona")).to_be_visible()


def test_slides_by_keyboard_and_by_pointer(cast: Cast, new_page):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=[SharedField.OBJECTIVE])
    guest: Page = new_page()
    guest.goto(f"/s/{link.token}/")
    guest.get_by_role("link", name="Present").click()
    expect(guest.get_by_role("button", name="Next slide")).to_be_visible()
    assert guest.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    guest.keyboard.press("ArrowRight")
    expect(guest.get_by_role("heading", name="First goal")).to_be_visible()
    guest.keyboard.press("3")
    expect(guest.get_by_role("heading", name="Second goal")).to_be_visible()
    expect(guest.get_by_role("heading", name="First goal")).to_be_hidden()
    guest.get_by_role("button", name="Slide before").click()
    expect(guest.get_by_role("heading", name="First goal")).to_be_visible()
    assert_no_sideways_scroll(guest)
    assert_axe_clean(guest)
    guest.keyboard.press("Escape")
    expect(guest).to_have_url(re.compile(r"/s/[^/]+/$"))
