"""The table as a workbench, by pointer and by keyboard: filters, columns, groups, places, many lines, pasted columns."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from roadmap.models import CustomField, Item, TableChoice
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
BACKLOG = "/w/polarline/p/DSP/backlog/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    for title, horizon in (
        ("Live ETA link", "now"),
        ("Bulk re-plan", "later"),
        ("Offline notes", "now"),
        ("Seal photo", ""),
    ):
        make_item(cast.product, title, horizon=horizon, reach=100, impact=1, confidence=50, effort=5)
    return cast


@pytest.fixture
def mona(cast: Cast, open_page) -> Page:
    page = open_page(cast.mona)
    page.goto(BACKLOG)
    return page


def titles(page: Page) -> list[str]:
    return page.locator("#backlog-table tbody [data-cell=title] .t-title span:last-child").all_text_contents()


def order() -> list[str]:
    return list(Item.objects.order_by("rank").values_list("title", flat=True))


def paste(page: Page, text: str) -> None:
    """As Ctrl+V does with this in the clipboard, into what has the focus."""
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_a_filter_is_put_together_by_pointer(cast: Cast, mona: Page):
    mona.locator("summary", has_text="Filter").click()
    form = mona.locator(".builder")
    form.get_by_label("Field").select_option("horizon")
    form.locator(".builder__choices summary").click()
    form.get_by_label("Now", exact=True).check()
    form.get_by_role("button", name="Add condition").click()
    expect(form.get_by_label("Field")).to_have_count(2)
    form.get_by_label("Field").nth(1).select_option("title")
    form.locator("input[name='l1.value']").fill("notes")
    assert_axe_clean(mona)
    form.get_by_role("button", name="Show").click()
    expect(mona.locator(".filterbar .chip")).to_have_count(2)
    assert titles(mona) == ["Offline notes"]
    mona.get_by_role("link", name="Remove filter Title").click()
    expect(mona.locator(".filterbar .chip")).to_have_count(1)
    assert titles(mona) == ["Live ETA link", "Offline notes"]


def test_a_filter_is_put_together_by_keyboard_and_a_bad_one_is_named(cast: Cast, mona: Page):
    mona.keyboard.press("f")
    form = mona.locator(".builder")
    form.get_by_label("Field").focus()
    mona.keyboard.type("Effort")
    expect(form.locator("select[name='l0.op']")).to_have_value("is")
    form.locator("input[name='l0.value']").focus()
    mona.keyboard.type("much")
    form.get_by_role("button", name="Show").focus()
    mona.keyboard.press("Enter")
    expect(form.get_by_text("“much” is not a number.")).to_be_visible()
    field = form.locator("input[name='l0.value']")
    expect(field).to_have_value("much")
    field.fill("5")
    form.get_by_role("button", name="Show").focus()
    mona.keyboard.press("Enter")
    expect(mona.locator(".filterbar .chip")).to_contain_text("Effort")
    assert len(titles(mona)) == 4


def test_columns_are_chosen_made_wider_and_kept(cast: Cast, mona: Page):
    mona.locator("summary", has_text="Display").click()
    form = mona.locator(".display")
    form.get_by_role("checkbox", name="Lead").check()
    form.get_by_role("checkbox", name="Goal").uncheck()
    form.get_by_role("button", name="Show").click()
    expect(mona.locator("th.col-lead")).to_be_visible()
    expect(mona.locator("th.col-objective")).to_have_count(0)
    edge = mona.get_by_role("separator", name="Width of Lead")
    edge.hover()
    box = edge.bounding_box()
    mona.mouse.move(box["x"] + 4, box["y"] + 10)
    mona.mouse.down()
    mona.mouse.move(box["x"] + 64, box["y"] + 10, steps=4)
    mona.mouse.up()
    expect(mona).to_have_url(re.compile("lead%3A1[67]"))
    width = mona.locator("th.col-lead").bounding_box()["width"]
    assert 165 < width < 190
    edge.focus()
    with mona.expect_response("**/backlog/columns/"):
        mona.keyboard.press("ArrowRight")
    assert mona.locator("th.col-lead").bounding_box()["width"] > width
    with mona.expect_event("load"):
        mona.keyboard.press("Alt+ArrowLeft")
    mona.goto(f"{BACKLOG}?view=all")
    heads = mona.locator("thead [data-column]").evaluate_all("(all) => all.map((one) => one.dataset.column)")
    assert heads.index("lead") == len(heads) - 2
    assert "lead:1" in TableChoice.objects.get().columns


def test_a_column_is_dragged_to_another_place(cast: Cast, mona: Page):
    heads = mona.locator("thead [data-column]")

    def names() -> list[str]:
        return heads.evaluate_all("(all) => all.map((one) => one.dataset.column)")

    before = names()
    dragged, target = mona.locator("th.col-score"), mona.locator("th.col-status")
    box, goal = dragged.bounding_box(), target.bounding_box()
    mona.mouse.move(box["x"] + 20, box["y"] + 12)
    mona.mouse.down()
    mona.mouse.move(goal["x"] + 12, goal["y"] + 12, steps=4)
    expect(target).to_have_class(re.compile("is-before"))
    mona.keyboard.press("Escape")
    mona.mouse.up()
    assert names() == before
    mona.mouse.move(box["x"] + 20, box["y"] + 12)
    mona.mouse.down()
    mona.mouse.move(goal["x"] + 12, goal["y"] + 12, steps=4)
    with mona.expect_event("load"):
        mona.mouse.up()
    assert names()[:3] == ["title", "score", "status"]
    assert "sort=" not in mona.url


def test_an_own_field_is_edited_in_its_cell(cast: Cast, mona: Page):
    size = CustomField.define(cast.workspace, "Size", "select", by=cast.actor("alice"), options=["Small", "Large"])
    mona.goto(f"{BACKLOG}?columns=title,{size.key},lead,end")
    mona.locator(f"#item-2 [data-cell={size.key}] button").click()
    mona.locator(f"#item-2 [data-cell={size.key}] select").select_option(label="Large")
    expect(mona.locator(f"#item-2 [data-cell={size.key}]")).to_have_text("Large")
    mona.locator("#item-2 [data-cell=ends_on] button").focus()
    mona.keyboard.press("F2")
    mona.locator("#item-2 [data-cell=ends_on] input").fill("2026-12-01")
    mona.keyboard.press("Enter")
    expect(mona.locator("#item-2 [data-cell=ends_on]")).to_have_text("1 Dec")
    assert str(Item.objects.get(number=2).ends_on) == "2026-12-01"


def test_groups_fold_by_pointer_and_keyboard(cast: Cast, mona: Page):
    mona.goto(f"{BACKLOG}?group=horizon")
    expect(mona.locator(".grouphead")).to_have_count(3)
    assert titles(mona) == ["Live ETA link", "Offline notes", "Bulk re-plan", "Seal photo"]
    mona.get_by_role("link", name="Now", expanded=True).click()
    expect(mona.get_by_role("link", name="Now", expanded=False)).to_be_visible()
    assert titles(mona) == ["Bulk re-plan", "Seal photo"]
    assert_axe_clean(mona)
    mona.get_by_role("link", name="Now", expanded=False).focus()
    mona.keyboard.press("Enter")
    expect(mona.get_by_role("link", name="Now", expanded=True)).to_be_visible()


def test_a_row_goes_to_a_position_by_keyboard_and_many_to_the_top_by_pointer(cast: Cast, mona: Page):
    mona.get_by_role("button", name="Move DSP-1 to another place").focus()
    mona.keyboard.press("Enter")
    expect(mona.locator("#places input[name=position]")).to_be_focused()
    mona.keyboard.type("3")
    mona.keyboard.press("Enter")
    expect(mona.get_by_text("1 item moved")).to_be_visible()
    expect(mona.locator("#backlog-table tbody tr").first).to_have_id("item-2")
    assert order() == ["Bulk re-plan", "Offline notes", "Live ETA link", "Seal photo"]
    for number in (4, 1):
        mona.get_by_role("checkbox", name=f"Select DSP-{number}").check()
    mona.get_by_role("toolbar").get_by_role("button", name="Move", exact=True).click()
    mona.get_by_role("button", name="To the top").click()
    expect(mona.locator("#backlog-table tbody tr").first).to_have_id("item-1")
    assert order() == ["Live ETA link", "Seal photo", "Bulk re-plan", "Offline notes"]
    mona.get_by_role("button", name="Undo").last.click()
    expect(mona.locator("#backlog-table tbody tr").first).to_have_id("item-2")


def test_ticked_rows_are_dragged_together_by_pointer_and_by_keyboard(cast: Cast, mona: Page):
    for number in (1, 3):
        mona.get_by_role("checkbox", name=f"Select DSP-{number}").check()
    grip = mona.locator("#item-1 [data-grab]")
    grip.focus()
    mona.keyboard.press("Space")
    for _step in range(3):
        mona.keyboard.press("ArrowDown")
    mona.keyboard.press("Space")
    expect(mona.get_by_text("2 items moved")).to_be_visible()
    assert order() == ["Bulk re-plan", "Seal photo", "Live ETA link", "Offline notes"]
    expect(mona.locator("#backlog-table tbody tr").first).to_have_id("item-2")
    mona.get_by_role("button", name="Clear selection").click()
    for number in (4, 3):
        mona.get_by_role("checkbox", name=f"Select DSP-{number}").check()
    mona.locator("#item-3").hover()
    mona.locator("#item-3 [data-grab]").hover()
    mona.mouse.down()
    box = mona.locator("#item-2").bounding_box()
    mona.mouse.move(box["x"] + 40, box["y"] + 30, steps=6)
    mona.mouse.move(box["x"] + 40, box["y"] + 4, steps=6)
    mona.wait_for_timeout(200)
    with mona.expect_response("**/items/rank/"):
        mona.mouse.up()
    expect(mona.locator("#backlog-table tbody tr").first).not_to_have_id("item-2")
    moved = [title for title in order() if title in ("Seal photo", "Offline notes", "Bulk re-plan")]
    assert moved == ["Seal photo", "Offline notes", "Bulk re-plan"]


def test_pasted_lines_become_items_once_they_were_looked_at(cast: Cast, mona: Page):
    mona.get_by_label("Title of the new item").focus()
    paste(mona, "Control tower\n  Live exceptions\n  Handover note\nLoose end")
    expect(mona.locator("#many-lines-preview")).to_contain_text("4 items: 1 epic with 2 items under it")
    expect(mona.locator("#many-lines")).to_be_focused()
    assert Item.objects.count() == 4
    assert_axe_clean(mona)
    mona.get_by_role("button", name="Add all").click()
    expect(mona.get_by_text("4 items are in the backlog")).to_be_visible()
    expect(mona.locator("#backlog-table").get_by_role("link", name="Handover note")).to_be_visible()
    expect(mona.get_by_label("Title of the new item")).to_be_focused()
    mona.get_by_role("button", name="Undo").click()
    expect(mona.locator("#backlog-table").get_by_role("link", name="Handover note")).to_have_count(0)


def test_a_pasted_column_goes_down_from_the_cell_and_bad_values_come_back(cast: Cast, mona: Page):
    mona.locator("#item-2 [data-cell=effort] button").focus()
    paste(mona, "1\n2\n")
    expect(mona.locator("#item-3 [data-cell=effort]")).to_have_text("2")
    expect(mona.locator("#item-2 [data-cell=effort]")).to_have_text("1")
    for number in (1, 4):
        mona.get_by_role("checkbox", name=f"Select DSP-{number}").check()
    mona.locator("#item-1 [data-cell=effort] button").focus()
    paste(mona, "8\nlots")
    dialog = mona.get_by_role("dialog", name="Values that do not fit")
    expect(dialog).to_contain_text("DSP-4 “lots”")
    expect(dialog.get_by_label("The values, one a line")).to_have_value("8\nlots")
    dialog.get_by_label("The values, one a line").fill("8\n9")
    dialog.get_by_role("button", name="Put in").click()
    expect(dialog).to_be_hidden()
    expect(mona.locator("#item-4 [data-cell=effort]")).to_have_text("9")
    assert [str(one) for one in Item.objects.order_by("number").values_list("effort", flat=True)] == [
        "8.00",
        "1.00",
        "2.00",
        "9.00",
    ]
