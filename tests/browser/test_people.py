from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Invitation, Member
from accounts.roles import Role
from tests.browser.looks import assert_axe_clean, assert_no_sideways_scroll, assert_touch_targets
from tests.browser.people import fill

pytestmark = pytest.mark.browser

SETTINGS = "/w/polarline/settings/"
PAGES = [
    *(SETTINGS + path for path in ("members/", "members/invite/", "teams/", "teams/new/", "workspace/", "security/")),
    *(SETTINGS + path for path in ("you/", "tokens/", "statuses/")),
    "/w/polarline/p/SEC/settings/access/",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_settings_are_accessible(cast, open_page, theme):
    fill(cast)
    page = open_page(cast.alice, color_scheme=theme)
    for path in [*PAGES, f"{SETTINGS}members/{cast.bob.public_id}/"]:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert_axe_clean(page)


def test_settings_fit_a_phone(cast, phone, sign_in):
    fill(cast)
    sign_in(phone, cast.alice)
    for path in [*PAGES, f"{SETTINGS}members/{cast.bob.public_id}/"]:
        phone.goto(path)
        assert_no_sideways_scroll(phone)
        assert_touch_targets(phone)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_links_are_accessible_and_fit_a_phone(cast, new_page, theme):
    _invitation, secret = Invitation.write(cast.workspace, "nils@example.com", Role.VIEWER, by=cast.actor("alice"))
    page = new_page(color_scheme=theme, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for path in (f"/join/{secret}/", "/join/nothing/", "/accounts/sign-up/", "/accounts/password/reset/sent/"):
        page.goto(path)
        assert_axe_clean(page)
        assert_no_sideways_scroll(page)
        assert_touch_targets(page)


def test_an_invited_person_joins_in_their_own_browser_and_the_admin_sees_them(cast, open_page, new_page):
    admin = open_page(cast.anton)
    admin.goto(SETTINGS + "members/")
    admin.get_by_role("link", name="Invite people").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_label("E-mail addresses").fill("nils@example.com")
    dialog.get_by_label("Role").select_option("Manager")
    assert_axe_clean(admin)
    dialog.get_by_role("button", name="Send invitations").click()
    expect(admin.get_by_text("nils@example.com").first).to_be_visible()
    expect(admin.get_by_text("hand this link over yourself")).to_be_visible()
    expect(admin.get_by_role("button", name="Copy nils@example.com")).to_be_visible()
    assert_axe_clean(admin)
    link = urlsplit(admin.locator(".tokenrow code").inner_text()).path

    nils = new_page()
    nils.goto(link)
    nils.get_by_label("Your name").fill("Nils Berg")
    nils.get_by_label("Password", exact=True).fill("a longer phrase 4711")
    nils.get_by_role("button", name="Join").click()
    nils.wait_for_url("**/w/polarline/**")

    admin.goto(SETTINGS + "members/")
    row = admin.get_by_role("row").filter(has_text="Nils Berg")
    expect(row.get_by_role("button", name="Role of Nils Berg: Manager")).to_be_visible()
    admin.goto(SETTINGS + "security/")
    expect(admin.get_by_text("nils@example.com accepted the invitation")).to_be_visible()


def test_a_role_is_changed_in_its_row_and_the_other_browser_feels_it(cast, open_page):
    owner, bob = open_page(cast.alice), open_page(cast.bob)
    bob.goto(SETTINGS + "you/")
    expect(bob.get_by_text("are Contributor in Polarline")).to_be_visible()
    owner.goto(SETTINGS + "members/")
    owner.get_by_role("button", name="Role of Bob: Contributor").click()
    owner.get_by_role("combobox", name="Role of Bob").select_option("Admin")
    expect(owner.get_by_role("button", name="Role of Bob: Admin")).to_be_visible()
    expect(owner.get_by_text("Bob is Admin now.")).to_be_visible()
    bob.reload()
    expect(bob.get_by_text("are Admin in Polarline")).to_be_visible()
    assert Member.objects.get(pk=cast.bob.pk).role == Role.ADMIN


def test_the_last_owner_is_told_beside_the_role_why_it_stays(cast, open_page):
    page = open_page(cast.alice)
    page.goto(SETTINGS + "members/")
    page.get_by_role("button", name="Role of Alice: Owner").click()
    page.get_by_role("combobox", name="Role of Alice").select_option("Viewer")
    expect(page.get_by_text("Make somebody else owner first.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Role of Alice: Owner")).to_be_visible()


def test_signing_in_by_typing_and_seeing_what_is_typed(cast, page: Page):
    page.goto(SETTINGS + "you/")
    page.wait_for_url("**/accounts/login/**")
    page.get_by_label("E-mail").fill("mona@example.com")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Show what you type").click()
    expect(page.get_by_label("Password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/w/polarline/settings/you/$"))


def test_a_token_is_shown_once(cast, open_page):
    page = open_page(cast.mona)
    page.goto(SETTINGS + "tokens/")
    page.get_by_label("Name").fill("CI release notes")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("it will not be shown again")).to_be_visible()
    assert_axe_clean(page)
    secret = page.locator("#secret").inner_text()
    assert secret.startswith("cradle_")
    page.goto(SETTINGS + "tokens/")
    expect(page.get_by_role("button", name="Revoke CI release notes")).to_be_visible()
    expect(page.get_by_text(secret)).to_have_count(0)
