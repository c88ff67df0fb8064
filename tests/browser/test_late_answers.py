"""What comes late or not at all: an answer to a drawer that is closed, undos in place, cells without a net."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from roadmap.models import Item
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
BACKLOG = "/w/polarline/p/DSP/backlog/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    for number in range(40):
        make_item(cast.product, f"Item {number}", reach=100)
    return cast


@pytest.fixture
def mona(cast: Cast, open_page) -> Page:
    page = open_page(cast.mona)
    page.goto(BACKLOG)
    return page


def test_a_row_gets_what_was_set_in_a_drawer_that_was_closed_before_the_answer_and_hears_others_after_it(
    cast: Cast, mona: Page
):
    row = mona.locator("tr[data-id='1']")
    row.locator("[data-open]").click()
    drawer = mona.locator("#drawer")
    held: list[Route] = []
    mona.route(
        "**/items/1/**", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    drawer.locator("#field-1-reach [data-show]").click()
    drawer.locator("#field-1-reach [data-input]").fill("777")
    mona.keyboard.press("Enter")
    mona.wait_for_function("() => document.querySelector('.htmx-request')")
    drawer.locator("[data-drawer-close]").first.click()
    expect(drawer).to_have_count(0)
    held[0].continue_()
    expect(row).to_contain_text("777")
    Item.objects.get(number=2).edit(by=cast.actor("bob"), title="By Bob")
    expect(mona.locator("tr[data-id='2']")).to_contain_text("By Bob")
    mona.keyboard.press("Control+z")
    expect(row).to_contain_text("100")


def test_what_somebody_types_while_the_page_is_fetched_anew_stays(cast: Cast, mona: Page):
    mona.goto("/w/polarline/p/DSP/items/1/")
    links = mona.locator("#item-links")
    key = links.get_by_role("combobox", name="The other item: its key")
    held: list[Route] = []
    mona.route("**/items/1/?as=page", lambda route: held.append(route), times=1)  # noqa: PLW0108 - playwright wraps no builtin
    with mona.expect_request("**/items/1/?as=page"):
        Item.objects.get(number=1).edit(by=cast.actor("bob"), title="By Bob")
    links.get_by_text("Add a link").click()
    key.fill("DSP-2")
    held[0].continue_()
    mona.wait_for_function("() => !document.querySelector('[data-refetching]')")
    expect(key).to_have_value("DSP-2")
    key.press("Tab")
    expect(key).to_have_value("DSP-2")
    expect(mona.get_by_role("button", name="Title: Item 0")).to_be_visible()
    links.get_by_role("button", name="Link").click()
    expect(links.get_by_role("listitem")).to_have_count(1)
    expect(mona.get_by_role("button", name="Title: By Bob")).to_be_visible()


def test_an_undo_brings_the_row_back_where_it_stands_and_keeps_scroll_and_focus(cast: Cast, mona: Page):
    mona.evaluate("window.here = true")
    row = mona.locator("tr[data-id='38']")
    row.scroll_into_view_if_needed()
    cell = row.locator("[data-cell=reach] .cell-edit")
    cell.click()
    mona.keyboard.type("55")
    mona.keyboard.press("Enter")
    expect(row).to_contain_text("55")
    top = mona.evaluate("document.querySelector('.sheet__body, .split__main').scrollTop")
    mona.keyboard.press("Control+z")
    expect(mona.locator("c-toast", has_text="Undone")).to_be_visible()
    expect(row).not_to_contain_text("55")
    assert mona.evaluate("window.here") is True
    assert mona.evaluate("document.querySelector('.sheet__body, .split__main').scrollTop") == top
    expect(row.locator("[data-cell=reach] .cell-edit")).to_be_focused()
    mona.get_by_role("button", name="Redo").click()
    expect(row).to_contain_text("55")
    assert mona.evaluate("window.here") is True


def test_what_was_typed_into_a_cell_without_a_net_stays_and_is_offered_when_it_is_back(cast: Cast, mona: Page):
    errors: list[str] = []
    mona.on("pageerror", lambda error: errors.append(str(error)))
    cell = mona.locator("tr[data-id='3'] [data-cell=reach]")
    cell.locator(".cell-edit").click()
    mona.context.set_offline(True)
    mona.keyboard.type("321")
    mona.keyboard.press("Enter")
    expect(mona.locator("c-toast", has_text="You are offline").first).to_be_visible()
    expect(cell.locator("input")).to_have_value("321")
    mona.locator("tr[data-id='9'] [data-cell=title]").click(position={"x": 2, "y": 2})
    mona.context.set_offline(False)
    mona.get_by_role("button", name="Save it now").click()
    expect(cell).to_contain_text("321")
    expect(cell.locator("input")).to_have_count(0)
    assert Item.objects.get(number=3).reach == 321
    assert errors == []


def test_several_cells_that_were_typed_without_a_net_are_all_saved(cast: Cast, mona: Page):
    cells = [mona.locator(f"tr[data-id='{number}'] [data-cell=reach]") for number in (3, 5, 7, 9)]
    mona.context.set_offline(True)
    for cell in cells:
        cell.locator(".cell-edit").click()
        cell.locator("input").fill("321")
        mona.keyboard.press("Enter")
    expect(cells[-1].locator("input")).to_have_attribute("aria-invalid", "true")
    mona.context.set_offline(False)
    mona.get_by_role("button", name="Save it now").last.click()
    for cell in cells:
        expect(cell).to_contain_text("321")
        expect(cell.locator("input")).to_have_count(0)
    assert Item.objects.filter(reach=321).count() == len(cells)


def test_undos_that_are_pressed_at_once_are_all_done_and_one_that_failed_is_not_passed_over(cast: Cast, mona: Page):
    row = mona.locator("tr[data-id='1']")
    for reach in ("200", "300", "400"):
        row.locator("[data-cell=reach] .cell-edit").click()
        mona.keyboard.type(reach)
        mona.keyboard.press("Enter")
        expect(row).to_contain_text(reach)
    mona.route("**/undo/", lambda route: route.fulfill(status=429), times=1)
    with mona.expect_response(lambda response: response.status == 429):
        mona.keyboard.press("Control+z")
    expect(mona.locator("c-toast[data-tone=bad]")).to_be_visible()
    for _ in range(3):
        mona.keyboard.press("Control+z")
    expect(row).to_contain_text("100")
    assert Item.objects.get(number=1).reach == 100


def test_what_is_typed_into_a_cell_while_the_answer_to_its_neighbour_draws_the_row_anew_stays(cast: Cast, mona: Page):
    row, held = mona.locator("tr[data-id='1']"), list[Route]()
    mona.route("**/items/1/edit/", lambda route: held.append(route), times=1)  # noqa: PLW0108
    row.locator("[data-cell=reach] .cell-edit").click()
    mona.keyboard.type("200")
    mona.keyboard.press("Enter")
    mona.wait_for_function("() => document.querySelector('.htmx-request')")
    row.locator("[data-cell=effort] .cell-edit").click()
    mona.keyboard.type("1")
    held[0].continue_()
    expect(row.locator("[data-cell=reach]")).to_contain_text("200")
    expect(row.locator("[data-cell=effort] input")).to_be_focused()
    mona.keyboard.type("2")
    mona.keyboard.press("Enter")
    expect(row.locator("[data-cell=effort] input")).to_have_count(0)
    item = Item.objects.get(number=1)
    assert (item.reach, item.effort) == (200, 12)
