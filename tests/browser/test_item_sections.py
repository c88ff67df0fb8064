"""What an item is made of, in a real browser: by pointer and by keyboard, on its page and in its drawer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from roadmap.models import CustomField, Item, ItemLink, Requirement
from tests.browser.looks import assert_axe_clean
from tests.cast import Cast, make_cast
from tests.factories import make_item
from tests.workers import until

pytestmark = pytest.mark.browser


@pytest.fixture
def people(server, transactional_db) -> Cast:
    return make_cast()


@pytest.fixture
def item(people: Cast) -> Item:
    made = make_item(people.product, "Bulk re-plan")
    mona = people.actor("mona")
    Requirement.add_to(made, "Select by area", by=mona, criteria=[{"text": "In two seconds", "met": False}])
    Requirement.add_to(made, "Tell drivers", by=mona)
    CustomField.define(people.workspace, "Dock", "text", by=people.actor("anton"))
    CustomField.define(people.workspace, "Size", "select", by=people.actor("anton"), options=["Small", "Large"])
    return made


def texts(item: Item) -> list[str]:
    return list(Requirement.objects.filter(item=item).order_by("rank").values_list("text", flat=True))


def test_requirements_are_ticked_added_and_moved(people: Cast, item: Item, page: Page, sign_in):
    sign_in(page, people.mona).goto(f"/w/polarline/p/DSP/items/{item.number}/")
    box = page.locator("#item-requirements")
    box.get_by_role("button", name="Met: In two seconds").click()
    expect(box).to_contain_text("1 of 1 criteria met")
    box.get_by_text("Add a requirement").click()
    box.get_by_label("Requirement", exact=True).last.fill("Undo within a minute")
    box.get_by_role("button", name="Add", exact=True).click()
    expect(box.locator(".reqs > li")).to_have_count(3)
    page.get_by_role("button", name="Undo").last.click()
    expect(box.locator(".reqs > li")).to_have_count(2)
    box.get_by_role("button", name="Move Select by area").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(box.locator(".reqs > li b").first).to_have_text("Tell drivers")
    expect(box.locator(".reqs > li").first).to_contain_text("R1")
    until(lambda: texts(item) == ["Tell drivers", "Select by area"])
    assert_axe_clean(page)


def test_own_fields_are_edited_in_place_by_pointer_and_keyboard(people: Cast, item: Item, page: Page, sign_in):
    sign_in(page, people.mona).goto(f"/w/polarline/p/DSP/backlog/?open={item.number}")
    fields = page.locator("#item-fields")
    fields.get_by_role("button", name="Dock").click()
    fields.get_by_label("Dock").last.fill("Seven")
    page.keyboard.press("Enter")
    expect(fields.get_by_role("button", name="Dock")).to_contain_text("Seven")
    fields.get_by_role("button", name="Size").focus()
    page.keyboard.press("F2")
    fields.get_by_label("Size").last.select_option(label="Large")
    expect(fields.get_by_role("button", name="Size")).to_contain_text("Large")
    assert len(Item.objects.get(pk=item.pk).custom) == 2


def test_links_are_found_by_words_and_files_attached(people: Cast, item: Item, page: Page, sign_in):
    other = make_item(people.product, "Live exceptions board")
    sign_in(page, people.mona).goto(f"/w/polarline/p/DSP/items/{item.number}/")
    links = page.locator("#item-links")
    links.get_by_text("Add a link").click()
    links.get_by_label("The other item:").press_sequentially("exceptions")
    expect(page.locator(f"#items-to-link option[value='{other.key}']")).to_have_count(1)
    links.get_by_label("The other item:").fill(other.key)
    page.keyboard.press("Enter")
    expect(links.locator(".lnks")).to_contain_text("Live exceptions board")
    assert ItemLink.objects.get().other == other
    files = page.locator("#attachments")
    files.get_by_text("Attach a file").click()
    files.locator("input[type=file]").set_input_files({"name": "plan.txt", "mimeType": "text/plain", "buffer": b"x"})
    files.get_by_role("button", name="Attach", exact=True).click()
    expect(files).to_contain_text("plan.txt")


def test_a_link_that_is_undone_leaves_the_page_and_one_that_is_refused_says_why_once(
    people: Cast, item: Item, page: Page, sign_in
):
    """The page holds editors of own fields, which are shut: it is no page on which somebody types."""
    make_item(people.product, "Closure feed")
    sign_in(page, people.mona).goto("/w/polarline/p/DSP/items/1/")
    links = page.locator("#item-links")
    links.get_by_text("Add a link").click()
    links.get_by_role("combobox", name="The other item: its key").fill("DSP-2")
    links.get_by_role("button", name="Link").click()
    expect(links.get_by_role("listitem")).to_have_count(1)
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    expect(links.get_by_role("listitem")).to_have_count(0)
    links.get_by_text("Add a link").click()
    links.get_by_role("combobox", name="The other item: its key").fill("DSP-1")
    links.get_by_role("button", name="Link").click()
    expect(links.get_by_role("alert")).to_contain_text("cannot be linked to itself")
    expect(page.locator("#toasts")).not_to_contain_text("not saved")


def test_an_address_that_is_none_is_told_and_can_be_mended(people: Cast, item: Item, page: Page, sign_in):
    CustomField.define(people.workspace, "Ticket", "url", by=people.actor("anton"))
    sign_in(page, people.mona).goto("/w/polarline/p/DSP/items/1/")
    fields = page.locator("#item-fields")
    fields.get_by_role("button", name="Ticket").click()
    page.keyboard.type("jira ABC-1")
    page.keyboard.press("Enter")
    expect(fields.get_by_role("alert")).to_contain_text("Ticket")
    box = fields.get_by_role("textbox", name="Ticket")
    box.fill("https://jira.example/ABC-1")
    box.press("Enter")
    expect(fields.get_by_role("button", name="Ticket: https://jira.example/ABC-1")).to_be_visible()
