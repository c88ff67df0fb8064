import pytest
from playwright.sync_api import expect

from roadmap.models import Component, Item
from tests.browser.looks import assert_axe_clean, assert_no_sideways_scroll, assert_touch_targets
from tests.factories import make_item
from tests.workers import until

pytestmark = pytest.mark.browser

PAGE = "/w/polarline/p/DSP/components/"


@pytest.fixture
def parts(cast):
    return [
        Component.add(cast.workspace, by=cast.actor("mona"), product=cast.product, name=name)
        for name in ("Route solver", "Driver app")
    ]


def component_of(item):
    return str(Item.objects.select_related("component").get(pk=item.pk).component)


def test_a_cell_of_the_table_gets_a_component_by_keyboard(cast, open_page, parts):
    item = make_item(cast.product, "Faster routes")
    mona = open_page(cast.mona)
    mona.goto("/w/polarline/p/DSP/backlog/?columns=title,component")
    mona.locator("[data-cell=component] button").focus()
    mona.keyboard.press("Enter")
    expect(mona.locator("[data-cell=component] select")).to_be_focused()
    mona.keyboard.press("d")  # more letters would be told apart by how fast they come
    mona.keyboard.press("Enter")
    expect(mona.locator("[data-cell=component]")).to_have_text("Driver app")
    until(lambda: component_of(item) == "Driver app")


def test_an_item_gets_a_component_on_its_page_by_pointer(cast, open_page, parts):
    item = make_item(cast.product, "Faster routes")
    mona = open_page(cast.mona)
    mona.goto(f"/w/polarline/p/DSP/items/{item.number}/")
    mona.get_by_role("button", name="Component: Not set").click()
    mona.locator("select[name=component]").select_option(label="Route solver")
    expect(mona.get_by_role("button", name="Component: Route solver")).to_be_visible()
    until(lambda: component_of(item) == "Route solver")


def test_a_component_is_added_renamed_and_removed_and_that_is_undone(cast, open_page, parts):
    make_item(cast.product, "Faster routes", component=parts[0])
    mona = open_page(cast.mona)
    mona.goto(PAGE)
    mona.get_by_label("Component", exact=True).fill("Live ETA page")
    mona.keyboard.press("Enter")
    expect(mona.get_by_role("link", name="Live ETA page")).to_be_visible()
    mona.get_by_role("link", name="Route solver").click()
    expect(mona.get_by_text("1 item has this component.")).to_be_visible()
    mona.get_by_role("button", name="Remove the component").click()
    archived = mona.get_by_role("region", name="Archived")
    expect(archived.get_by_role("link", name="Route solver")).to_be_visible()
    mona.get_by_role("button", name="Undo").last.click()
    expect(archived).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(cast, open_page, phone, sign_in, parts, theme):
    make_item(cast.product, "Faster routes", component=parts[0])
    parts[0].remove(by=cast.actor("mona"))
    page = open_page(cast.mona, color_scheme=theme)
    sign_in(phone, cast.mona)
    for path in (PAGE, f"{PAGE}{parts[0].public_id}/"):
        page.goto(path)
        assert_axe_clean(page)
        phone.goto(path)
        assert_no_sideways_scroll(phone)
        assert_touch_targets(phone)
