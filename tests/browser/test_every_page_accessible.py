"""Every page there is (walk.py) can be used by everybody, in both themes, with its menus and dialogs open."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.looks import assert_axe_clean

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

COLOURS = ["color-contrast", "link-in-text-block"]  # the rest of axe's rules does not see colours
OPEN_MENUS = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
DIALOGS = "[...document.querySelectorAll('dialog[id]')].map((one) => one.id)"
AT_ONCE = """{ const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { transition: none !important }");
  document.adoptedStyleSheets = [sheet]; }"""
ON_EVERY_PAGE = {"palette", "shortcuts"}  # looked at once, on the styleguide and in test_people.py


def test_every_page_is_accessible_with_its_menus_and_dialogs_open(walk):
    def check(page: Page) -> None:
        page.evaluate(AT_ONCE)
        page.evaluate(OPEN_MENUS)
        dialogs = set(page.evaluate(DIALOGS)) - ON_EVERY_PAGE
        for theme, rules in (("light", None), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme)
            look_at_all(page, dialogs, rules)

    walk(check, reduced_motion="reduce")


def look_at_all(page: Page, dialogs: set[str], rules: list[str] | None) -> None:
    assert_axe_clean(page, rules=rules)
    for dialog in dialogs:
        page.evaluate("(id) => document.getElementById(id).showModal()", dialog)
        assert_axe_clean(page, f"#{dialog}", rules)
        page.evaluate("(id) => document.getElementById(id).close()", dialog)
