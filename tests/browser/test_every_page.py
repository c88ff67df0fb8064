"""The look holds on every page there is (walk.py): no width and no longer word breaks it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import assert_no_sideways_scroll, assert_nothing_clipped, assert_touch_targets
from tests.browser.pseudo import pseudo_locale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


def test_every_page_fits_a_phone_even_with_words_a_third_longer(walk):
    """At 390 px for thumbs, at 320 px as WCAG 1.4.10 asks of a page at 400 %."""

    def check(page: Page) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        assert_no_sideways_scroll(page)
        assert_touch_targets(page)
        assert_nothing_clipped(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert_no_sideways_scroll(page)

    with pseudo_locale():
        walk(check, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def test_every_page_has_room_for_words_a_third_longer(walk):
    def check(page: Page) -> None:
        assert_no_sideways_scroll(page)
        assert_nothing_clipped(page)

    with pseudo_locale():
        walk(check)


def test_the_documentation_of_the_api_runs_under_the_policy(page: Page):
    page.goto("/api/docs/")
    expect(page.get_by_role("heading", name="Cradle").first).to_be_visible()
    expect(page.locator(".opblock").first).to_be_visible()
