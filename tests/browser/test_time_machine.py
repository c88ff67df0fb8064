"""Why a plan slips, asked where it is moved; and the strip of days: by pointer and by keyboard."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from changes.models import Change
from config import clock
from roadmap.models import Item
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
ROADMAP = "/w/polarline/p/DSP/roadmap/"


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


@contextmanager
def told(cast: Cast, days_ago: int):
    at = clock.now() - timedelta(days=days_ago)
    with Change.open("told", by=cast.actor("mona"), workspace=cast.workspace, at=at) as change:
        yield change


@pytest.fixture
def item(cast: Cast) -> Item:
    today = cast.workspace.today()
    with told(cast, 40) as change:
        item = make_item(cast.product, "Live ETA", by=change, starts_on=today, ends_on=today + timedelta(days=29))
    with told(cast, 20) as change:
        item.edit(by=change, title="Live ETA link", ends_on=today + timedelta(days=34))
    return item


def test_a_far_move_asks_why_by_pointer_and_by_keyboard(cast: Cast, item: Item, open_page):
    mona: Page = open_page(cast.mona)
    mona.goto(ROADMAP)
    bar = mona.locator("[data-bar]", has_text="Live ETA link")
    box = bar.bounding_box()
    mona.mouse.move(box["x"] + 40, box["y"] + 10)
    mona.mouse.down()
    mona.mouse.move(box["x"] + 40 + 30 * 3.7, box["y"] + 10, steps=5)
    mona.mouse.up()
    dialog = mona.locator("dialog#why")
    expect(dialog).to_contain_text("later than planned")
    assert_axe_clean(mona)
    mona.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    end = item.ends_on
    item.refresh_from_db()
    assert item.ends_on == end
    bar.locator(".bar__body").focus()
    for _week in range(4):
        mona.keyboard.press("Shift+ArrowRight")
    expect(dialog).to_be_visible()
    mona.keyboard.type("The supplier is late.")
    mona.keyboard.press("Tab")
    mona.keyboard.press("Tab")
    mona.keyboard.press("Enter")
    expect(mona.locator("c-toast")).to_contain_text("Live ETA link")
    item.refresh_from_db()
    assert item.ends_on == end + timedelta(days=28)
    assert Change.objects.order_by("-pk")[0].reason == "The supplier is late."


def test_the_strip_leads_to_other_days_by_pointer_and_by_keyboard(cast: Cast, item: Item, open_page):
    mona: Page = open_page(cast.mona)
    day = cast.workspace.today() - timedelta(days=10)
    mona.goto(f"{ROADMAP}?as_of={day}")
    expect(mona.locator("[data-bar]")).to_contain_text("Live ETA link")
    assert_axe_clean(mona)
    knob = mona.get_by_role("slider")
    track = mona.locator(".tm__track").bounding_box()
    held = knob.bounding_box()
    mona.mouse.move(held["x"] + 8, held["y"] + 8)
    mona.mouse.down()
    mona.mouse.move(track["x"] + track["width"] / 2, held["y"] + 8, steps=5)
    mona.mouse.up()
    mona.wait_for_url(re.compile(f"as_of={cast.workspace.today() - timedelta(days=30)}"))
    expect(mona.locator("[data-bar]")).to_contain_text("Live ETA")
    expect(mona.locator("[data-bar]")).not_to_contain_text("link")
    mona.get_by_role("link", name="Compare with now").click()
    expect(mona.locator(".df__old")).to_have_count(1)
    expect(mona.locator(".dfl")).to_contain_text("+5 days")
    assert_axe_clean(mona)
    mona.get_by_role("slider", name="Compare from").focus()
    mona.keyboard.press("Shift+ArrowRight")
    mona.keyboard.press("Shift+ArrowRight")
    mona.keyboard.press("Enter")
    mona.wait_for_url(re.compile(f"compare={cast.workspace.today() - timedelta(days=16)}"))
    expect(mona.locator(".dfl")).to_contain_text("Nothing changed")
