"""The timeline under a thumb: a swipe scrolls wherever it begins, a bar on which the thumb rests is lifted and follows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_timeline import ROADMAP, bar, dated, span
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.browser
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
HELD = 600  # milliseconds, longer than a press lasts


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


def thumb(page: Page) -> Callable[..., None]:
    session = page.context.new_cdp_session(page)

    def at(kind: str, *place: float) -> None:
        points = [{"x": place[0], "y": place[1]}] if place else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(20)

    return at


def test_a_thumb_scrolls_and_lifts_the_bar_on_which_it_rests(cast: Cast, open_page):
    today = cast.workspace.today()
    item = dated(cast, "Live ETA", today + timedelta(days=14))
    before = span(item)
    mona = open_page(cast.mona, **TABLET)
    mona.goto(ROADMAP)
    touch, moved = thumb(mona), bar(mona, "Live ETA")
    expect(moved).to_be_visible()
    scrolled = lambda: mona.evaluate("document.querySelector('.tl').scrollLeft")  # noqa: E731

    def middle() -> tuple[float, float]:
        box = moved.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    (x, y), at = middle(), scrolled()
    touch("touchStart", x, y)
    for step in range(1, 11):
        touch("touchMove", x - 8 * step, y)
    touch("touchEnd")
    mona.wait_for_timeout(HELD)  # it runs on
    assert scrolled() > at
    assert span(item) == before

    x, y = middle()
    touch("touchStart", x, y)
    mona.wait_for_timeout(HELD)
    at = scrolled()
    for step in range(1, 11):
        touch("touchMove", x - 4 * step, y)
    touch("touchEnd")
    expect(moved).not_to_have_attribute("data-start", before[0].isoformat())
    assert scrolled() == at, "What is lifted does not scroll away."
    after = span(item)
    assert after[0] < before[0]
    assert after[1] - after[0] == before[1] - before[0]
