"""The timeline by pointer and by keyboard: panned, folded, chosen and moved together, linked, and who waits moved along."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from products.models import Objective
from roadmap.models import Item, ItemLink
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.browser
ROADMAP = "/w/polarline/p/DSP/roadmap/"
MONTH = timedelta(days=30)


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


@pytest.fixture
def today(cast: Cast) -> date:
    return cast.workspace.today()


def dated(cast: Cast, title: str, start: date, days: int = 30, **fields) -> Item:
    return make_item(cast.product, title, starts_on=start, ends_on=start + timedelta(days=days - 1), **fields)


def bar(page: Page, title: str):
    return page.locator("[data-bar]", has_text=title)


def span(item: Item) -> tuple[date, date]:
    item.refresh_from_db()
    return item.starts_on, item.ends_on


def day_width(page: Page) -> float:
    return float(page.locator("#timeline").evaluate("one => one.dayWidth"))


def overlapping(page: Page) -> list[str]:
    """Bars of one lane that lie over one another, labels beside them included."""
    found: list[str] = page.evaluate("""() => {
      const over = [];
      for (const area of document.querySelectorAll('[data-lane] > .tl__area')) {
        const boxes = [...area.querySelectorAll('[data-bar]')].map((bar) => {
          const body = bar.getBoundingClientRect(), label = bar.querySelector('.bar__body > span').getBoundingClientRect();
          return [bar.dataset.bar, body.left, Math.max(body.right, bar.matches('.is-short') ? label.right : -Infinity), body.top];
        });
        for (const a of boxes) for (const b of boxes) if (a[0] < b[0] && a[3] === b[3] && a[1] < b[2] && b[1] < a[2]) over.push(a[0] + b[0]);
      }
      return over;
    }""")
    return found


def test_only_what_is_in_view_is_in_the_page_and_the_rest_comes_as_one_pans(cast: Cast, today, open_page):
    for month in range(-24, 36):
        for n in range(2):
            dated(cast, f"Month {month} {n}", today + month * MONTH + timedelta(days=7 * n), days=20 + 25 * n)
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    expect(bar(mona, "Month 1 0")).to_be_visible()
    assert mona.locator("[data-bar]").count() < 30
    tl = mona.locator(".tl").bounding_box()
    for _drag in range(3):  # by the background, to the right end of the area
        mona.mouse.move(tl["x"] + tl["width"] - 60, tl["y"] + tl["height"] - 8)
        mona.mouse.down()
        mona.mouse.move(tl["x"] + 300, tl["y"] + tl["height"] - 8, steps=6)
        mona.mouse.up()
    expect(bar(mona, "Month 20 0")).to_be_attached()
    assert overlapping(mona) == []
    assert mona.locator("[data-bar]").count() < 90
    expect(mona).to_have_url(re.compile("at=2"))
    mona.locator(".tl").focus()
    mona.keyboard.press("ArrowLeft")
    mona.get_by_role("link", name="Today").click()
    expect(bar(mona, "Month 0 0")).to_be_in_viewport()
    mona.mouse.move(tl["x"] + 500, tl["y"] + 200)
    before = mona.url
    mona.keyboard.down("Shift")
    mona.mouse.wheel(0, -2600)
    mona.keyboard.up("Shift")
    expect(bar(mona, "Month -20 0")).to_be_attached()
    assert overlapping(mona) == []
    expect(mona).not_to_have_url(before)
    mona.reload()
    expect(bar(mona, "Month -20 0")).to_be_attached()


def test_chosen_bars_move_together_by_pointer_and_by_keyboard_as_one_change(cast: Cast, today, open_page):
    one, other = dated(cast, "Live ETA", today), dated(cast, "Bulk re-plan", today + timedelta(days=10))
    left = dated(cast, "Left alone", today)
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    bar(mona, "Live ETA").click(modifiers=["Control"])
    bar(mona, "Bulk re-plan").click(modifiers=["Shift"])
    expect(mona.locator(".bar.is-selected")).to_have_count(2)
    box = bar(mona, "Live ETA").bounding_box()
    mona.mouse.move(box["x"] + 30, box["y"] + 15)
    mona.mouse.down()
    mona.mouse.move(box["x"] + 30 + 14 * day_width(mona), box["y"] + 15, steps=6)
    mona.mouse.up()
    expect(mona.locator(".toast")).to_contain_text("2 items moved.")
    week = timedelta(days=7)
    assert span(one) == (today + 2 * week, today + 2 * week + timedelta(days=29))
    assert span(other)[0] == today + timedelta(days=24)
    assert one.change_id == other.change_id
    bar(mona, "Live ETA").locator(".bar__body").focus()
    mona.keyboard.press("Shift+ArrowLeft")
    expect(mona.locator("[data-say]")).to_contain_text("Live ETA moved")
    expect(bar(mona, "Bulk re-plan")).to_have_attribute("data-start", (today + timedelta(days=17)).isoformat())
    expect(bar(mona, "Live ETA").locator(".bar__body")).to_be_focused()
    expect(mona.locator(".toast")).to_have_count(2)
    assert span(one)[0] == today + week
    mona.keyboard.press("Control+z")
    expect(bar(mona, "Live ETA")).to_have_attribute("data-start", (today + 2 * week).isoformat())
    assert span(other)[0] == today + timedelta(days=24)
    assert span(left)[0] == today
    bar(mona, "Live ETA").locator(".bar__body").focus()
    mona.keyboard.press("Shift+ArrowDown")  # the two are chosen still
    expect(mona.locator(".bar.is-selected")).to_have_count(3)
    mona.keyboard.press("Escape")
    expect(mona.locator(".bar.is-selected")).to_have_count(0)


def test_a_dependency_is_drawn_its_conflict_said_and_who_waits_moves_along_when_asked(cast: Cast, today, open_page):
    needed, waiting = (
        dated(cast, "Pricing rules", today, certainty="range"),
        dated(cast, "Offers", today + timedelta(days=50)),
    )
    last = dated(cast, "Report", today + timedelta(days=90))
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    bar(mona, "Pricing rules").hover()
    dot, goal = bar(mona, "Pricing rules").locator("[data-dot]").bounding_box(), bar(mona, "Offers").bounding_box()
    mona.mouse.move(dot["x"] + 7, dot["y"] + 7)
    mona.mouse.down()
    mona.mouse.move(goal["x"] + 40, goal["y"] + 15, steps=6)
    mona.mouse.up()
    expect(mona.locator(".toast")).to_contain_text("Offers needs Pricing rules.")
    expect(mona.locator("path[data-needs]")).to_have_count(1)
    bar(mona, "Offers").locator(".bar__body").focus()  # the second one by keyboard
    mona.keyboard.press("l")
    expect(mona.locator("[data-say]")).to_contain_text("Choose what needs Offers")
    bar(mona, "Report").locator(".bar__body").focus()
    mona.keyboard.press("Enter")
    expect(mona.locator("path[data-needs]")).to_have_count(2)
    assert {(link.other.title, link.item.title) for link in ItemLink.objects.all()} == {
        ("Pricing rules", "Offers"), ("Offers", "Report"),
    }  # fmt: skip
    bar(mona, "Pricing rules").locator(".bar__body").focus()
    for _week in range(5):
        mona.keyboard.press("Shift+ArrowRight")
    expect(mona.locator(".toast").last).to_contain_text("1 dependent item was not moved.")
    expect(mona.locator("path.is-bad")).to_have_count(1)
    mona.locator("[data-conflicts] summary").click()
    expect(mona.locator("[data-conflicts]")).to_contain_text("Offers starts before Pricing rules ends.")
    assert span(waiting)[0] == today + timedelta(days=50)
    mona.locator(".toast").last.get_by_role("button", name="Move dependents too").click()
    expect(mona.locator(".toast")).to_contain_text("2 items moved behind Pricing rules.")
    assert span(waiting)[0] == span(needed)[1] + timedelta(days=1)
    assert span(last)[0] == span(waiting)[1] + timedelta(days=1)
    expect(mona.locator("path.is-bad")).to_have_count(0)
    mona.locator(".toast").get_by_role("button", name="Undo").click()
    expect(mona.locator("path.is-bad")).to_have_count(1)
    assert span(last)[0] == today + timedelta(days=90)


def test_arrows_are_removed_by_a_click_beside_one_and_by_keyboard_and_come_back(cast: Cast, today, open_page):
    rules, offers = dated(cast, "Pricing rules", today), dated(cast, "Offers", today + timedelta(days=20))
    report = dated(cast, "Report", today + timedelta(days=90))
    ItemLink.add(offers, "needs", rules, by=SYSTEM)
    ItemLink.add(report, "needs", offers, by=SYSTEM)
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    end, start = bar(mona, "Offers").bounding_box(), bar(mona, "Report").bounding_box()
    mona.mouse.move((end["x"] + end["width"] + start["x"]) / 2, end["y"] + 15 + 5)  # five pixels below the line
    expect(mona.locator("path.is-near")).to_have_attribute("data-item", report.key)
    mona.mouse.down()
    mona.mouse.up()
    menu = mona.get_by_role("group", name="Dependencies")
    expect(menu).to_contain_text("Report needs Offers.")
    assert_axe_clean(mona)
    menu.get_by_role("button", name="Remove this arrow").click()
    expect(mona.locator(".toast")).to_contain_text("Report needs Offers no longer.")
    expect(mona.locator("path[data-needs]")).to_have_count(1)
    expect(menu).to_have_count(0)
    bar(mona, "Offers").locator(".bar__body").focus()  # the second one by keyboard
    mona.keyboard.press("Shift+l")
    expect(menu).to_contain_text("Offers starts before Pricing rules ends.")
    mona.keyboard.press("Escape")
    expect(bar(mona, "Offers").locator(".bar__body")).to_be_focused()
    mona.keyboard.press("Shift+l")
    mona.keyboard.press("Enter")
    expect(mona.locator("path[data-needs]")).to_have_count(0)
    expect(bar(mona, "Offers").locator(".bar__body")).to_be_focused()
    mona.keyboard.press("Shift+l")
    expect(mona.locator("[data-say]")).to_contain_text("Offers needs nothing")
    assert not ItemLink.objects.exists()
    mona.keyboard.press("Control+z")
    expect(mona.locator("path.is-bad")).to_have_count(1)
    mona.keyboard.press("Shift+?")
    expect(mona.get_by_role("dialog")).to_contain_text("Its arrows, to remove one")


def test_who_may_only_look_reads_of_arrows_by_keyboard_too(cast: Cast, today, open_page):
    report = dated(cast, "Report", today + timedelta(days=60))
    ItemLink.add(report, "needs", dated(cast, "Offers", today), by=SYSTEM)
    carol = open_page(cast.carol)
    carol.goto(ROADMAP)
    body = bar(carol, "Report").locator(".bar__body")
    body.focus()
    carol.keyboard.press("Shift+l")
    menu = carol.get_by_role("group", name="Dependencies")
    expect(menu).to_contain_text("Report needs Offers.")
    expect(menu).to_be_focused()
    carol.keyboard.press("Escape")
    expect(body).to_be_focused()


def test_lanes_fold_and_bars_change_them_snap_and_leave_the_plan(cast: Cast, today, open_page):
    goal = Objective.add(cast.workspace, product=cast.product, name="Cut empty kilometres", by=SYSTEM)
    dated(cast, "Backhaul", today, objective=goal)
    item = dated(cast, "Loose", today, certainty="range")  # no promise: it may slip without a word
    make_item(cast.product, "Waiting")
    mona = open_page(cast.mona)
    mona.goto(ROADMAP + "?precision=month")
    assert_axe_clean(mona)
    fold = mona.get_by_role("button", name="Fold Cut empty kilometres")
    fold.focus()
    mona.keyboard.press("Enter")
    expect(bar(mona, "Backhaul")).to_be_hidden()
    mona.reload()
    expect(bar(mona, "Backhaul")).to_have_count(0)
    mona.get_by_role("button", name="fold Cut empty kilometres").focus()
    mona.keyboard.press("Space")
    expect(bar(mona, "Backhaul")).to_be_visible()
    bar(mona, "Loose").locator(".bar__body").focus()
    mona.keyboard.press("Alt+ArrowUp")
    expect(mona.locator("[data-lane]").first.locator("[data-bar]")).to_have_count(2)
    item.refresh_from_db()
    assert item.objective == goal
    mona.keyboard.press("ArrowRight")
    expect(mona.locator(".toast")).to_have_count(2)
    start, end = span(item)
    assert (start.day, (end + timedelta(days=1)).day) == (1, 1)
    assert start > today
    mona.keyboard.press("Delete")
    expect(bar(mona, "Loose")).to_have_count(0)
    expect(mona.locator(".tray")).to_contain_text("Loose")
    assert span(item) == (None, None)
    chip, lane = mona.locator("[data-tray]", has_text="Waiting").bounding_box(), bar(mona, "Backhaul").bounding_box()
    mona.mouse.move(chip["x"] + 20, chip["y"] + 10)
    mona.mouse.down()
    mona.mouse.move(lane["x"] + 10, lane["y"] + 10, steps=6)
    mona.mouse.up()
    expect(bar(mona, "Waiting")).to_be_visible()
    assert Item.objects.get(title="Waiting").objective == goal


def test_a_band_drawn_with_shift_chooses_what_it_touches_and_all_of_it_moves_together(cast: Cast, today, open_page):
    items = [dated(cast, f"Item {n}", today + timedelta(days=7 * n)) for n in range(3)]
    far = dated(cast, "Far", today + 5 * MONTH)
    mona = open_page(cast.mona)
    mona.goto(ROADMAP)
    first, last = bar(mona, "Item 0").bounding_box(), bar(mona, "Item 2").bounding_box()
    mona.keyboard.down("Shift")
    mona.mouse.move(first["x"] - 12, last["y"] + last["height"] + 6)
    mona.mouse.down()
    mona.mouse.move(first["x"] + 20, first["y"] + 20, steps=4)
    mona.mouse.move(last["x"] + 20, first["y"] + 10, steps=6)
    expect(mona.locator(".tl__band")).to_be_visible()
    expect(mona.locator(".bar.is-selected")).to_have_count(3)
    mona.keyboard.press("Escape")
    expect(mona.locator(".bar.is-selected")).to_have_count(0)
    mona.mouse.up()
    mona.mouse.move(first["x"] - 12, last["y"] + last["height"] + 6)
    mona.mouse.down()
    mona.mouse.move(last["x"] + 20, first["y"] + 10, steps=6)
    expect(mona.locator(".bar.is-selected")).to_have_count(3)
    mona.mouse.up()
    mona.keyboard.up("Shift")
    expect(mona.locator(".tl__band")).to_have_count(0)
    expect(mona.locator("[data-say]")).to_have_text("3 chosen in all")
    bar(mona, "Item 1").locator(".bar__body").focus()
    mona.keyboard.press("Shift+ArrowRight")
    expect(mona.locator(".toast")).to_contain_text("3 items moved")
    for n, item in enumerate(items):
        assert span(item)[0] == today + timedelta(days=7 * n + 7)
    assert span(far)[0] == today + 5 * MONTH
