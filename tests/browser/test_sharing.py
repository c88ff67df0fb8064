"""A share link between its owner, a second manager and somebody without an account; and its page on paper."""

from __future__ import annotations

import re
from datetime import timedelta
from time import sleep

import pytest
from playwright.sync_api import Page, Route, expect

from changes.streams import hub
from products.models import Objective
from roadmap.models import SharedField, ShareLink
from tests.browser.looks import assert_axe_clean, assert_no_sideways_scroll, assert_touch_targets
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.browser
SHARE = "/w/polarline/p/DSP/share/"
PAGES = re.compile(rb"/Type\s*/Page\b")
SIZE = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")
LONG = "Stores ring the dispatcher up to forty times a day with one question: where is the truck? A link answers it. "


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    make_item(cast.product, "Live ETA link", horizon="now", status=status(cast.workspace, "In build"))
    return cast


def wait_for_streams(page: Page, count: int) -> None:
    for _try in range(200):
        if sum(bool(stream.channels) for stream in hub.streams) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail("The streams were not open within 10 s.")


def open_link(cast: Cast, *fields: str, **options) -> ShareLink:
    return ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=list(fields), **options)


def answer_late(route: Route) -> None:
    sleep(0.4)
    route.continue_()


def come_back_to(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_a_revoked_link_is_gone_for_its_reader_and_said_to_the_other_manager(cast: Cast, open_page, new_page):
    link = open_link(cast)
    mona, alice, guest = open_page(cast.mona), open_page(cast.alice), new_page()
    guest.goto(f"/s/{link.token}/")
    expect(guest.get_by_text("Live ETA link")).to_be_visible()
    mona.goto(SHARE)
    expect(mona.get_by_role("row", name="Board")).to_contain_text("Opened by Mona · just now")
    alice.goto(SHARE)
    wait_for_streams(mona, 2)
    alice.get_by_role("button", name="Revoke").click()
    expect(mona.get_by_role("row", name="Board")).to_contain_text("Revoked by Alice · just now")
    come_back_to(guest)
    expect(guest.get_by_text("This link is not open.")).to_be_visible()
    expect(guest.get_by_text("Live ETA link")).to_have_count(0)


def test_what_changes_on_the_roadmap_reaches_the_open_shared_page(cast: Cast, new_page):
    link = open_link(cast, SharedField.STATUS)
    guest = new_page()
    guest.goto(f"/s/{link.token}/")
    expect(guest.locator(".mm__item")).to_have_count(1)
    make_item(cast.product, "Bulk re-plan", horizon="next", by=cast.actor("mona"))
    come_back_to(guest)
    expect(guest.get_by_text("Bulk re-plan")).to_be_visible()
    assert_axe_clean(guest)


def test_a_link_opens_though_nobody_waits_for_the_look_at_it(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(SHARE)
    mona.route("**/share/**", answer_late)
    mona.get_by_role("textbox", name="Audience", exact=True).fill("Board")
    mona.get_by_role("textbox", name="Password").fill("polar-night-42")
    mona.get_by_role("button", name="Look at it").click()
    mona.get_by_role("button", name="Open the link").click()
    expect(mona.get_by_role("cell", name="Board")).to_be_visible()
    assert ShareLink.objects.get().admits("polar-night-42")


def test_a_link_opened_by_one_manager_appears_for_the_other(cast: Cast, open_page):
    mona, alice = open_page(cast.mona), open_page(cast.alice)
    mona.goto(SHARE)
    alice.goto(SHARE)
    wait_for_streams(mona, 2)
    alice.get_by_role("textbox", name="Audience", exact=True).fill("Sales, Nordics")
    alice.get_by_role("textbox", name="Audience", exact=True).press("Tab")
    expect(alice.get_by_text("Becomes visible for the first time")).to_be_visible()
    alice.get_by_role("button", name="Open the link").click()
    expect(mona.get_by_role("row", name="Sales, Nordics")).to_contain_text("Opened by Alice · just now")


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True, print_background=True)


@pytest.mark.parametrize("count", [1, 12, 45, 120])
@pytest.mark.parametrize("fields", [[], list(SharedField)])
def test_it_prints_on_one_landscape_page(cast: Cast, new_page, count: int, fields: list[str]):
    today = cast.workspace.today()
    goals = [Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name=f"Goal number {n}") for n in range(5)]
    for number in range(count):
        make_item(
            cast.product, f"Something that has a rather long title, number {number}", description=LONG * 2,
            horizon=("now", "next", "later")[number % 3], objective=goals[number % 7] if number % 7 < 5 else None,
            starts_on=today + timedelta(days=number) if number % 2 else None,
            ends_on=today + timedelta(days=number + 30) if number % 2 else None,
            reach=100, impact=1, confidence=50, effort=2, lead=cast.bob,
        )  # fmt: skip
    link = open_link(cast, *fields, note="What we have committed to is solid. What we intend may still move. " * 4)
    guest = new_page()
    guest.goto(f"/s/{link.token}/")
    paper = printed(guest)
    assert len(PAGES.findall(paper)) == 1
    width, height = map(float, SIZE.search(paper).groups())
    assert (round(width), round(height)) == (842, 595)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_shared_page_fits_a_phone(cast: Cast, phone, theme):
    link = open_link(cast, *SharedField)
    phone.emulate_media(color_scheme=theme)
    phone.goto(f"/s/{link.token}/")
    assert_no_sideways_scroll(phone)
    assert_touch_targets(phone)
    assert_axe_clean(phone)
