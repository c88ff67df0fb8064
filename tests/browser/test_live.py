from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from changes.streams import hub
from tests.cast import Cast, make_cast
from tests.factories import make_item

pytestmark = pytest.mark.browser
BACKLOG = "/w/polarline/p/DSP/backlog/"


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


def stream_is_open(page: Page) -> None:
    """The page is drawn before its stream is open; what changes in between comes with the next look."""
    for _try in range(100):
        if any(stream.channels for stream in hub.streams):
            return
        page.wait_for_timeout(50)
    pytest.fail("No stream was opened within 5 s.")


def test_what_somebody_else_adds_appears_by_itself(cast: Cast, open_page):
    carol = open_page(cast.carol)
    carol.goto(BACKLOG)
    stream_is_open(carol)
    make_item(cast.product, "Live ETA link", by=cast.actor("mona"))
    expect(carol.locator("#backlog-table").get_by_role("link", name="Live ETA link")).to_be_visible()


def test_what_changed_before_the_stream_was_open_appears_too(cast: Cast, open_page):
    carol = open_page(cast.carol)
    carol.route("**/live/**", lambda route: (make_late(cast), route.continue_()))
    carol.goto(BACKLOG)
    expect(carol.locator("#backlog-table").get_by_role("link", name="In between")).to_be_visible()


def make_late(cast: Cast) -> None:
    make_item(cast.product, "In between", by=cast.actor("mona"))


def test_all_tabs_of_a_browser_share_one_stream(cast: Cast, open_page):
    first = open_page(cast.carol)
    first.goto(BACKLOG)
    stream_is_open(first)
    second = first.context.new_page()
    second.goto(BACKLOG)
    second.wait_for_timeout(700)
    assert len(hub.streams) == 1
    make_item(cast.product, "Live ETA link", by=cast.actor("mona"))
    for tab in (first, second):
        expect(tab.locator("#backlog-table").get_by_role("link", name="Live ETA link")).to_be_visible()


def test_when_the_leading_tab_closes_another_one_takes_over(cast: Cast, open_page):
    first = open_page(cast.carol)
    first.goto(BACKLOG)
    stream_is_open(first)
    second = first.context.new_page()
    second.goto(BACKLOG)
    first.close()
    second.wait_for_timeout(700)
    stream_is_open(second)
    make_item(cast.product, "Live ETA link", by=cast.actor("mona"))
    expect(second.locator("#backlog-table").get_by_role("link", name="Live ETA link")).to_be_visible()


def test_a_member_who_is_removed_hears_nothing_more(cast: Cast, open_page):
    carol = open_page(cast.carol)
    carol.goto(BACKLOG)
    stream_is_open(carol)
    cast.carol.remove(by=cast.actor("alice"))
    make_item(cast.product, "Live ETA link", by=cast.actor("mona"))
    carol.wait_for_timeout(1500)
    assert not hub.streams
    expect(carol.locator("#backlog-table").get_by_role("link", name="Live ETA link")).to_have_count(0)


def test_each_sees_who_else_has_the_product_open_and_that_they_left(cast: Cast, open_page):
    carol, mona = open_page(cast.carol), open_page(cast.mona)
    carol.goto(BACKLOG)
    stream_is_open(carol)
    expect(carol.locator("c-here")).to_be_attached()
    expect(carol.locator("c-here .avatar")).to_have_count(0)
    mona.goto("/w/polarline/p/DSP/")
    expect(carol.get_by_text("Also here: Mona")).to_be_attached()
    expect(carol.locator("c-here .avatar")).to_have_attribute("title", "Mona")
    expect(mona.locator("c-here .avatar")).to_have_attribute("title", "Carol")
    second = carol.context.new_page()
    second.goto(BACKLOG)
    expect(second.locator("c-here .avatar")).to_have_attribute("title", "Mona")
    mona.goto("/w/polarline/")
    expect(carol.locator("c-here .avatar")).to_have_count(0)
