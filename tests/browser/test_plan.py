"""The roadmap with two people in it, by pointer and by keyboard."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from changes.streams import hub
from roadmap.models import Item, Release
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item, status

pytestmark = pytest.mark.browser
ROADMAP = "/w/polarline/p/DSP/roadmap/"
RELEASES = "/w/polarline/p/DSP/releases/"


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


@pytest.fixture
def today(cast: Cast) -> date:
    return cast.workspace.today()


@pytest.fixture
def item(cast: Cast, today: date) -> Item:
    """On the timeline for four weeks from today."""
    return make_item(
        cast.product, "Live ETA link", starts_on=today, ends_on=today + timedelta(days=27),
        status=status(cast.workspace, "In build"),
    )  # fmt: skip


def wait_for_streams(page: Page, count: int) -> None:
    for _try in range(200):
        if sum(bool(stream.channels) for stream in hub.streams) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail("The streams were not open within 10 s.")


def dates(item: Item) -> tuple[date, date]:
    item.refresh_from_db()
    return item.starts_on, item.ends_on


def bar(page: Page, title: str = "Live ETA link"):
    return page.locator("[data-bar]", has_text=title)


def day_width(page: Page) -> float:
    return float(
        page.locator("#timeline").evaluate("one => parseFloat(getComputedStyle(one).getPropertyValue('--day'))")
    )


def drag(page: Page, x: float, y: float, days: int, down: float = 0) -> None:
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * day_width(page), y + down, steps=8)
    page.mouse.up()


def test_a_bar_moved_by_pointer_reaches_the_other_with_who_and_when(cast: Cast, item, today, open_page):
    mona, carol = open_page(cast.mona), open_page(cast.carol)
    carol.goto(ROADMAP)
    mona.goto(ROADMAP)
    wait_for_streams(mona, 2)
    box = bar(mona).bounding_box()
    drag(mona, box["x"] + 40, box["y"] + 15, 7)
    expect(mona.locator(".toast")).to_contain_text("Live ETA link: ")
    moved = (today + timedelta(days=7), today + timedelta(days=34))
    assert dates(item) == moved
    expect(bar(carol)).to_have_attribute("data-start", moved[0].isoformat())
    expect(carol.locator(".latest")).to_contain_text("Mona changed Live ETA link: end, start")
    expect(carol.locator(".latest")).to_contain_text("just now")
    expect(mona.locator(".latest")).to_be_hidden()


def test_a_bar_is_resized_at_both_ends_by_pointer_and_undo_restores_both_dates(cast: Cast, item, today, open_page):
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    bar(mona).hover()
    box = bar(mona).locator("[data-grip=end]").bounding_box()
    drag(mona, box["x"] + 2, box["y"] + 8, 5)
    expect(bar(mona)).to_have_attribute("data-end", (today + timedelta(days=32)).isoformat())
    assert dates(item) == (today, today + timedelta(days=32))
    bar(mona).hover()
    box = bar(mona).locator("[data-grip=start]").bounding_box()
    drag(mona, box["x"] + 2, box["y"] + 8, 3)
    expect(bar(mona)).to_have_attribute("data-start", (today + timedelta(days=3)).isoformat())
    assert dates(item) == (today + timedelta(days=3), today + timedelta(days=32))
    mona.goto(f"/w/polarline/p/DSP/items/{item.number}/")
    mona.locator(".hist > li").first.get_by_role("button", name="Undo").click()
    expect(mona.locator(".toast")).to_contain_text("Undone")
    assert dates(item) == (today, today + timedelta(days=32))


def test_undo_after_a_reload_restores_both_dates_of_a_move(cast: Cast, item, today, open_page):
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    box = bar(mona).bounding_box()
    drag(mona, box["x"] + 40, box["y"] + 15, 14)
    expect(mona.locator(".toast")).to_contain_text("Live ETA link: ")
    mona.locator(".toast").get_by_role("button", name="Undo").click()  # a plain form: the page comes anew
    expect(bar(mona)).to_have_attribute("data-start", today.isoformat())
    expect(bar(mona)).to_have_attribute("data-end", (today + timedelta(days=27)).isoformat())
    assert dates(item) == (today, today + timedelta(days=27))
    mona.locator(".toast").get_by_role("button", name="Redo").click()  # and that can be turned back too
    expect(bar(mona)).to_have_attribute("data-start", (today + timedelta(days=14)).isoformat())


def test_a_bar_is_moved_and_resized_by_keyboard_and_keeps_the_focus(cast: Cast, item, today, open_page):
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    bar(mona).locator(".bar__body").focus()
    for _ in range(3):
        mona.keyboard.press("ArrowRight")
    mona.keyboard.press("Shift+ArrowRight")
    expect(mona.locator(".bar__dates")).to_be_visible()
    expect(mona.locator("[data-say]")).to_contain_text("Live ETA link moved")
    expect(bar(mona)).to_have_attribute("data-start", (today + timedelta(days=10)).isoformat())
    expect(bar(mona).locator(".bar__body")).to_be_focused()
    mona.keyboard.press("Alt+ArrowRight")
    expect(bar(mona)).to_have_attribute("data-end", (today + timedelta(days=38)).isoformat())
    mona.keyboard.press("Alt+Shift+ArrowLeft")
    expect(bar(mona)).to_have_attribute("data-start", (today + timedelta(days=9)).isoformat())
    assert dates(item) == (today + timedelta(days=9), today + timedelta(days=38))
    mona.keyboard.press("ArrowRight")
    mona.keyboard.press("Escape")
    mona.wait_for_timeout(900)
    assert dates(item) == (today + timedelta(days=9), today + timedelta(days=38))
    assert_axe_clean(mona)


def test_two_who_move_one_bar_learn_of_each_other(cast: Cast, item, today, open_page):
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    mona.route("**/live/**", lambda route: route.abort())
    mona.reload()
    theirs = (today + timedelta(days=60), today + timedelta(days=80))
    item.edit(by=cast.actor("alice"), starts_on=theirs[0], ends_on=theirs[1])
    box = bar(mona).bounding_box()
    drag(mona, box["x"] + 40, box["y"] + 15, 7)
    expect(mona.locator(".toast")).to_contain_text("Alice moved this meanwhile")
    expect(bar(mona)).to_have_attribute("data-start", today.isoformat())
    assert dates(item) == theirs


def test_an_item_of_the_tray_is_scheduled_by_keyboard(cast: Cast, today, open_page):
    item = make_item(cast.product, "Seal photo")
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    mona.get_by_role("button", name="Seal photo").focus()
    mona.keyboard.press("Enter")
    expect(bar(mona, "Seal photo")).to_be_visible()
    assert dates(item) == (today, today + timedelta(days=13))


def test_a_release_day_moved_by_another_is_seen_at_once_with_who_and_when(cast: Cast, today, open_page):
    release = Release.plan(cast.product, "5.2 Backhaul", by=cast.actor("mona"), ends_on=today + timedelta(days=20))
    make_item(cast.product, "Live ETA link", release=release)
    mona, carol, bob = open_page(cast.mona), open_page(cast.carol), open_page(cast.bob)
    carol.goto(ROADMAP)
    bob.goto(RELEASES)
    mona.goto(RELEASES)
    wait_for_streams(mona, 3)
    mona.get_by_role("link", name="5.2 Backhaul").click()
    mona.get_by_role("link", name="Edit", exact=True).click()
    later = today + timedelta(days=30)
    mona.get_by_label("Release day").fill(later.isoformat())
    mona.get_by_role("button", name="Save").click()
    expect(mona.locator(".toast")).to_contain_text("Saved")
    words = f"{later.day} {later:%b}"
    expect(carol.locator(".relmark")).to_contain_text(words)
    expect(bob.locator(".bcol__head").first).to_contain_text(words)
    for page in (carol, bob):
        expect(page.locator(".latest")).to_contain_text("Mona changed 5.2 Backhaul: release day")
        expect(page.locator(".latest")).to_contain_text("just now")
    mona.locator(".toast").get_by_role("button", name="Undo").click()
    earlier = today + timedelta(days=20)
    expect(carol.locator(".relmark")).to_contain_text(f"{earlier.day} {earlier:%b}")


def test_a_card_is_dragged_to_another_horizon_and_the_other_sees_it(cast: Cast, open_page):
    item = make_item(cast.product, "Live ETA link", horizon="next")
    make_item(cast.product, "Bulk re-plan", horizon="now")
    mona, carol = open_page(cast.mona), open_page(cast.carol)
    for page in (carol, mona):
        page.goto(ROADMAP + "?layout=nnl")
    wait_for_streams(mona, 2)
    grip = mona.locator("[data-list=next] [data-id]").get_by_role("button", name="Move")
    mona.locator("[data-list=next] [data-id]").hover()
    box, goal = grip.bounding_box(), mona.locator("[data-list=now] [data-id]").bounding_box()
    mona.mouse.move(box["x"] + 8, box["y"] + 8)
    mona.mouse.down()
    mona.mouse.move(goal["x"] + 60, goal["y"] + goal["height"] - 4, steps=12)
    mona.mouse.move(goal["x"] + 64, goal["y"] + goal["height"] - 2, steps=4)
    mona.mouse.up()
    expect(mona.locator(".toast")).to_contain_text("DSP-1 is now in Now")
    expect(carol.locator("[data-list=now]")).to_contain_text("Live ETA link")
    expect(carol.locator(".latest")).to_contain_text("Mona changed Live ETA link")
    item.refresh_from_db()
    assert item.horizon == "now"
    mona.locator(".toast").get_by_role("button", name="Undo").click()
    expect(mona.locator("[data-list=next]")).to_contain_text("Live ETA link")


def test_a_card_is_carried_to_another_horizon_by_keyboard(cast: Cast, open_page):
    item = make_item(cast.product, "Live ETA link", horizon="next")
    mona = open_page(cast.mona)
    mona.goto(ROADMAP + "?layout=nnl")
    mona.get_by_role("button", name="Move DSP-1").focus()
    mona.keyboard.press("Space")
    mona.keyboard.press("ArrowRight")
    expect(mona.locator("#announcer")).not_to_be_empty()
    mona.keyboard.press("Space")
    expect(mona.locator(".toast")).to_contain_text("DSP-1 is now in Later")
    expect(mona.get_by_role("button", name="Move DSP-1")).to_be_focused()
    item.refresh_from_db()
    assert item.horizon == "later"


def test_a_card_is_carried_into_a_release_by_keyboard_and_the_other_sees_it(cast: Cast, today, open_page):
    Release.plan(cast.product, "5.2 Backhaul", by=cast.actor("mona"), ends_on=today + timedelta(days=20))
    item = make_item(cast.product, "Live ETA link")
    mona, bob = open_page(cast.mona), open_page(cast.bob)
    for page in (bob, mona):
        page.goto(RELEASES)
    wait_for_streams(mona, 2)
    mona.get_by_role("button", name="Move DSP-1").focus()
    mona.keyboard.press("Space")
    mona.keyboard.press("ArrowLeft")
    mona.keyboard.press("Space")
    expect(mona.locator(".toast")).to_contain_text("DSP-1: 5.2 Backhaul")
    expect(bob.locator(".bcol").first).to_contain_text("Live ETA link")
    expect(bob.locator(".latest")).to_contain_text("Mona changed Live ETA link: release")
    item.refresh_from_db()
    assert item.release.name == "5.2 Backhaul"
