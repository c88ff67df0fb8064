from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import assert_axe_clean, assert_no_sideways_scroll, assert_touch_targets

pytestmark = pytest.mark.browser

ADDRESSES = ["/accounts/login/", "/accounts/password/reset/", "/no/such/page/"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_signed_out_page_is_accessible(page: Page, address: str, theme: str):
    page.emulate_media(color_scheme=theme)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert_axe_clean(page)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_signed_out_page_fits_a_phone(phone: Page, address: str):
    phone.goto(address)
    assert_no_sideways_scroll(phone)
    assert_touch_targets(phone)


def test_a_wrong_password_says_so_and_keeps_the_address(page: Page):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password").fill("wrong horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("alice@example.com")
