"""The backlog with two people in it, and one who has no mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from changes.streams import hub
from roadmap.models import Item, Release
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
BACKLOG = "/w/polarline/p/DSP/backlog/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    for title in ("Live ETA link", "Bulk re-plan", "Offline notes"):
        make_item(cast.product, title, reach=100, impact=1, confidence=50, effort=5)
    return cast


def wait_for_streams(page: Page, count: int) -> None:
    for _try in range(200):
        if sum(bool(stream.channels) for stream in hub.streams) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail("The streams were not open within 10 s.")


def cell(page: Page, number: int, name: str):
    return page.locator(f"#item-{number} [data-cell={name}]")


def test_what_mona_changes_in_a_cell_carol_sees_with_who_and_when(cast: Cast, open_page):
    mona, carol = open_page(cast.mona), open_page(cast.carol)
    carol.goto(BACKLOG + "?open=2")
    mona.goto(BACKLOG)
    wait_for_streams(mona, 2)
    expect(carol.locator(".latest")).to_be_hidden()
    cell(mona, 2, "effort").get_by_role("button").click()
    mona.keyboard.type("2")
    mona.keyboard.press("Enter")
    expect(cell(carol, 2, "effort").or_(carol.locator("#item-2 td").nth(9))).to_have_text("2")
    expect(carol.locator("#item-2 .score")).to_have_text("25")
    expect(carol.locator(".latest")).to_contain_text("Mona changed Bulk re-plan: effort")
    expect(carol.locator(".latest")).to_contain_text("just now")
    told = carol.locator("#drawer .hist > li").first
    expect(told).to_contain_text("Mona")
    expect(told).to_contain_text("just now")
    expect(mona.locator(".latest")).to_be_hidden()  # nobody is told what they did themselves


def test_what_a_contributor_proposes_appears_in_the_managers_table(cast: Cast, open_page):
    mona, bob = open_page(cast.mona), open_page(cast.bob)
    mona.goto(BACKLOG)
    bob.goto(BACKLOG)
    wait_for_streams(mona, 2)
    bob.get_by_label("Title of the new item").fill("Seal photo")
    bob.keyboard.press("Enter")
    expect(mona.locator("#backlog-table").get_by_role("link", name="Seal photo")).to_be_visible()
    expect(mona.locator(".latest")).to_contain_text("Bob added Seal photo")


def test_one_title_after_another_is_typed_without_waiting_or_leaving_the_line(cast: Cast, open_page):
    bob = open_page(cast.bob)
    bob.goto(BACKLOG)
    line = bob.get_by_label("Title of the new item")
    line.focus()
    for title in ("Seal photo", "Ramp height"):
        bob.keyboard.type(title)
        bob.keyboard.press("Enter")
        expect(line).to_have_value("")
    for title in ("Seal photo", "Ramp height"):
        expect(bob.locator("#backlog-table").get_by_role("link", name=title)).to_be_visible()
    expect(line).to_be_focused()
    expect(bob.locator("c-drawer")).to_have_count(0)


def test_keys_open_the_status_in_the_row_and_the_lead_in_the_drawer(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    mona.keyboard.press("j")
    expect(mona.locator("#item-1 [data-open]")).to_be_focused()
    mona.keyboard.press("s")
    expect(cell(mona, 1, "status").get_by_role("combobox")).to_be_focused()
    mona.keyboard.press("Escape")
    mona.keyboard.press("o")
    expect(mona.locator("#drawer").get_by_role("combobox", name="Lead")).to_be_focused()


def test_a_cell_is_edited_by_pointer_and_the_score_follows(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    cell(mona, 1, "reach").get_by_role("button").click()
    mona.keyboard.type("400")
    mona.locator("h1").click()  # leaving the cell saves it
    expect(cell(mona, 1, "reach")).to_have_text("400")
    expect(mona.locator("#item-1 .score")).to_have_text("40")
    cell(mona, 1, "status").get_by_role("button").click()
    cell(mona, 1, "status").get_by_role("combobox").select_option(label="Shaping")
    expect(cell(mona, 1, "status").get_by_role("button")).to_have_text("Shaping")
    item = Item.objects.get(title="Live ETA link")
    assert (item.reach, item.status.name) == (400, "Shaping")


def test_cells_are_edited_by_keyboard_alone(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    cell(mona, 1, "reach").get_by_role("button").focus()
    mona.keyboard.press("F2")
    mona.keyboard.type("200")
    mona.keyboard.press("Tab")  # saves, and opens the next cell
    mona.locator("#item-1 [data-cell=impact] select").wait_for()
    mona.keyboard.press("Tab")
    editor = mona.locator("#item-1 [data-cell=confidence] input")
    expect(editor).to_be_focused()
    mona.keyboard.type("90")
    mona.keyboard.press("Escape")  # as it was
    expect(cell(mona, 1, "confidence")).to_have_text("50%")
    expect(cell(mona, 1, "confidence").get_by_role("button")).to_be_focused()
    mona.keyboard.press("Enter")
    mona.keyboard.type("90")
    mona.keyboard.press("Enter")
    expect(cell(mona, 1, "confidence")).to_have_text("90%")
    expect(cell(mona, 1, "confidence").get_by_role("button")).to_be_focused()
    item = Item.objects.get(title="Live ETA link")
    assert (item.reach, item.confidence) == (200, 90)


def test_two_who_write_one_cell_see_both_values_and_lose_nothing(cast: Cast, open_page):
    mona, alice = open_page(cast.mona), open_page(cast.alice)
    for page in (mona, alice):
        page.goto(BACKLOG)
    wait_for_streams(mona, 2)
    cell(mona, 1, "effort").get_by_role("button").click()
    mona.keyboard.type("3")
    cell(alice, 1, "effort").get_by_role("button").click()
    alice.keyboard.type("8")
    alice.keyboard.press("Enter")
    expect(cell(alice, 1, "effort")).to_have_text("8")
    mona.keyboard.press("Enter")
    said = cell(mona, 1, "effort").get_by_role("alert")
    expect(said).to_contain_text("Alice set this to “8")
    editor = cell(mona, 1, "effort").locator("input")
    expect(editor).to_have_value("3")
    assert_axe_clean(mona)
    assert Item.objects.get(title="Live ETA link").effort == 8
    editor.press("Enter")  # a choice now
    expect(cell(mona, 1, "effort")).to_have_text("3")
    expect(cell(alice, 1, "effort")).to_have_text("3")


def test_two_who_write_different_cells_both_win(cast: Cast, open_page):
    mona, alice = open_page(cast.mona), open_page(cast.alice)
    for page in (mona, alice):
        page.goto(BACKLOG)
    wait_for_streams(mona, 2)
    cell(mona, 1, "effort").get_by_role("button").click()
    mona.keyboard.type("4")
    cell(alice, 1, "reach").get_by_role("button").click()
    alice.keyboard.type("300")
    alice.keyboard.press("Enter")
    expect(cell(alice, 1, "reach")).to_have_text("300")
    mona.keyboard.press("Enter")
    for page in (mona, alice):
        expect(cell(page, 1, "reach")).to_have_text("300")
        expect(cell(page, 1, "effort")).to_have_text("4")


def test_a_deletion_is_undone_after_a_reload(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(BACKLOG + "?open=2")
    mona.locator("#drawer").get_by_role("button", name="Delete").click()
    expect(mona.get_by_text("DSP-2 is deleted")).to_be_visible()
    expect(mona.locator("#item-2")).to_have_count(0)
    mona.locator(".toast").get_by_role("button", name="Undo").click()
    expect(mona.locator("#item-2")).to_be_visible()


def test_an_edit_is_undone_from_the_items_history_after_a_reload(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto("/w/polarline/p/DSP/items/2/")
    mona.get_by_role("button", name="Effort: 5").click()
    mona.keyboard.type("9")
    mona.keyboard.press("Enter")
    expect(mona.get_by_role("button", name="Effort: 9")).to_be_visible()
    mona.reload()
    mona.locator(".hist > li").first.get_by_role("button", name="Undo").click()
    expect(mona.get_by_role("button", name="Effort: 5")).to_be_visible()
    assert Item.objects.get(title="Bulk re-plan").effort == 5


def test_the_drawer_is_edited_and_closed_by_keyboard(cast: Cast, open_page):
    release = Release.plan(cast.product, "5.3 Quiet cab", by=cast.actor("mona"))
    mona = open_page(cast.mona)
    mona.goto(BACKLOG)
    link = mona.locator("#item-3 a.t-title")
    link.focus()
    mona.keyboard.press("Enter")
    drawer = mona.get_by_role("complementary", name="DSP-3")
    expect(drawer).to_be_focused()
    drawer.get_by_role("button", name="Title: Offline notes").focus()
    mona.keyboard.press("Enter")
    mona.keyboard.press("End")
    mona.keyboard.type(" in the cab")
    mona.keyboard.press("Enter")
    expect(drawer.get_by_role("button", name="Title: Offline notes in the cab")).to_be_focused()
    expect(mona.locator("#item-3")).to_contain_text("Offline notes in the cab")
    drawer.get_by_role("button", name="Release").focus()
    mona.keyboard.press("Enter")
    drawer.locator("select[name=release]").select_option(label=release.name)
    expect(drawer.get_by_role("button", name="Release: 5.3 Quiet cab")).to_be_visible()
    expect(mona.locator("#item-3")).to_contain_text("5.3 Quiet cab")
    mona.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(link).to_be_focused()
    assert "open=" not in mona.url


def test_a_viewer_edits_nothing(cast: Cast, open_page):
    carol = open_page(cast.carol)
    carol.goto(BACKLOG + "?open=1")
    expect(carol.locator("#drawer")).to_be_visible()
    expect(carol.locator("#backlog-table button, #drawer [data-show]")).to_have_count(0)
