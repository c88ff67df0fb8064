"""The matrix by pointer and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from roadmap.models import Item
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
MATRIX = "/w/polarline/p/DSP/matrix/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    for title, impact, effort in (("Live ETA link", 2, 4), ("Bulk re-plan", 1, 8), ("Offline notes", 0.5, 2)):
        make_item(cast.product, title, reach=100, impact=impact, confidence=50, effort=effort)
    make_item(cast.product, "Not yet")
    return cast


def item(number: int) -> Item:
    return Item.objects.get(number=number, product__key="DSP")


def drop_at(page: Page, share_x: float, share_y: float) -> tuple[float, float]:
    """The point of the plane that far from its left and bottom."""
    box = page.locator("[data-plot]").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * share_x, box["y"] + box["height"] * (1 - share_y)


def drag(page: Page, what: str, to: tuple[float, float]) -> None:
    box = page.locator(what).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(to[0] - 30, to[1] - 10)
    page.mouse.move(*to, steps=4)
    page.mouse.up()


def test_a_bubble_is_dragged_to_other_values_and_the_toast_takes_it_back(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(MATRIX)
    drag(mona, "#bub-2", drop_at(mona, 0.3, 0.9))
    expect(mona.locator(".matrix__side")).to_contain_text("You moved this from Impact 1, Effort 8 person-weeks")
    assert (item(2).impact, item(2).effort) == (3, 3)
    expect(mona.locator(".matrix__side")).to_contain_text("RICE went from")
    expect(mona.locator(".matrix__from")).to_be_visible()
    assert_axe_clean(mona)
    mona.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(mona.locator("#bub-2")).to_have_attribute("data-y", "1")
    assert (item(2).impact, item(2).effort) == (1, 8)


def test_what_waits_is_dropped_onto_the_plane(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(MATRIX)
    drag(mona, "#tray-4", drop_at(mona, 0.5, 0.1))
    expect(mona.locator("#bub-4")).to_be_visible()
    assert (item(4).impact, item(4).effort) == (0.25, 5)
    expect(mona.locator(".matrix__side")).to_contain_text("All open items are placed.")


def test_the_arrows_move_the_focused_bubble_a_step_and_escape_takes_it_back(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(MATRIX)
    mona.locator("#bub-1").focus()
    mona.keyboard.press("ArrowUp")
    mona.keyboard.press("ArrowLeft")
    expect(mona.locator("[data-say]")).to_have_text("Impact 3, Effort 3.5")
    expect(mona.locator(".matrix__side")).to_contain_text("You moved this from Impact 2, Effort 4 person-weeks")
    assert (item(1).impact, item(1).effort) == (3, 3.5)
    expect(mona.locator("#bub-1")).to_be_focused()
    mona.keyboard.press("ArrowDown")
    mona.keyboard.press("Escape")
    mona.wait_for_timeout(900)
    assert item(1).impact == 3


def test_values_are_set_in_the_side_by_keyboard(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(MATRIX)
    mona.locator("#bub-3").focus()
    mona.keyboard.press("Enter")
    expect(mona.locator(".matrix__side .drawer__title")).to_have_text("Offline notes")
    expect(mona).to_have_url(re.compile("open=3"))
    mona.keyboard.press("e")
    expect(mona.locator("#mx-x")).to_be_focused()
    mona.keyboard.press("ArrowRight")
    expect(mona.locator(".matrix__side")).to_contain_text("You moved this from")
    assert item(3).effort == 2.5
    mona.keyboard.press("v")


def test_a_viewer_looks_and_moves_nothing(cast: Cast, open_page):
    carol = open_page(cast.carol)
    carol.goto(MATRIX)
    drag(carol, "#bub-2", drop_at(carol, 0.3, 0.9))
    carol.locator("#bub-2").focus()
    carol.keyboard.press("ArrowUp")
    carol.wait_for_timeout(800)
    assert (item(2).impact, item(2).effort) == (1, 8)


@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_reads_well(cast: Cast, open_page, width):
    mona = open_page(cast.mona, viewport={"width": width, "height": 900})
    mona.goto(MATRIX + "?open=1")
    expect(mona.locator("#bub-1")).to_be_visible()
    assert mona.evaluate("document.documentElement.scrollWidth") <= width
    assert_axe_clean(mona)
