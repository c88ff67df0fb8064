from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import (
    assert_axe_clean,
    assert_no_sideways_scroll,
    assert_nothing_clipped,
    assert_touch_targets,
)
from tests.browser.pseudo import pseudo_locale

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_is_accessible(page: Page, theme: str):
    page.emulate_media(color_scheme=theme)
    page.goto("/styleguide/")
    assert_axe_clean(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_open_dialog_is_accessible(page: Page, theme: str):
    page.emulate_media(color_scheme=theme)
    page.goto("/styleguide/")
    page.get_by_role("button", name="Open a dialog").click()
    expect(page.get_by_role("dialog", name="Invite two people?")).to_be_visible()
    assert_axe_clean(page)


def test_a_phone_scrolls_in_one_direction_and_has_room_for_thumbs(phone: Page):
    phone.goto("/styleguide/")
    assert_no_sideways_scroll(phone)
    assert_touch_targets(phone)


def test_words_a_third_longer_still_fit(page: Page, phone: Page):
    with pseudo_locale():
        for one in (page, phone):
            one.goto("/styleguide/")
            expect(one.get_by_text("Keyboard shortcuts~", exact=False)).to_have_count(1)
            assert_no_sideways_scroll(one)
            assert_nothing_clipped(one)


def test_the_theme_switch_holds_over_a_reload(page: Page):
    page.emulate_media(color_scheme="light")
    page.goto("/styleguide/")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Switch theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_theme_switch_works_without_scripts(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/styleguide/")
    page.get_by_role("button", name="Switch theme").click()
    page.wait_for_url("**/styleguide/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
