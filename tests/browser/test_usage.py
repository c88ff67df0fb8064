from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import expect

from config import clock
from tests.browser.looks import (
    assert_axe_clean,
    assert_no_sideways_scroll,
    assert_nothing_clipped,
    assert_touch_targets,
)
from tests.factories import make_item
from tests.usage.brute import random_log
from tests.usage.test_figures_equal_brute_force import take_in
from tests.usage.test_insights_pages import ship
from usage.models import UsageKey
from usage.rollup.plan import roll_up
from usage.writer import EventWriter

pytestmark = pytest.mark.browser
INSIGHTS = "/w/polarline/p/DSP/insights/"
PAGES = ["", "?of=users&kept=unbounded&in=numbers", "keys/", "events/", "events/rejected/"]


@pytest.fixture
def used(cast):
    log = random_log(3, events=600, days=110)
    take_in(cast.product, log)
    EventWriter(cast.product).write([(1, ["", "map", "u", "a", "now"])])
    roll_up(cast.product.pk)
    return cast


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_are_accessible(used, open_page, theme):
    page = open_page(used.alice, color_scheme=theme)
    for path in PAGES:
        page.goto(INSIGHTS + path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert_axe_clean(page)
    page.goto(INSIGHTS)
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("columnheader", name="Resurrected")).to_be_visible()
    assert_axe_clean(page)


def test_the_pages_fit_a_phone(used, phone, sign_in):
    sign_in(phone, used.alice)
    for path in [*PAGES, "../../SEC/insights/"]:
        phone.goto(INSIGHTS + path)
        assert_no_sideways_scroll(phone)
        assert_touch_targets(phone)
        assert_nothing_clipped(phone)


def test_what_mona_links_stands_in_carols_browser_with_who_and_when(used, open_page):
    item = make_item(used.product, "Live map")
    carol, mona = open_page(used.carol), open_page(used.mona)
    carol.goto(INSIGHTS + "keys/")
    mona.goto(INSIGHTS + "keys/")
    mona.get_by_label("Items that area.0 measures").fill(item.key)
    mona.get_by_role("button", name="Save area.0").click()
    expect(mona.get_by_role("link", name="DSP-1 Live map")).to_be_visible()
    expect(carol.get_by_role("link", name="DSP-1 Live map")).to_be_visible()
    expect(carol.get_by_text("by Mona")).to_be_visible()


def test_events_sent_are_rolled_up_by_a_worker_and_stand_beside_the_shipped_item(cast, open_page, server, worker):
    item = make_item(cast.product, "Live map")
    ship(item, datetime(2026, 4, 2, tzinfo=UTC))
    UsageKey.measure(cast.product, "area.0", [item], by=cast.actor("mona"))
    mona, carol = open_page(cast.mona), open_page(cast.carol)
    mona.goto(INSIGHTS)
    mona.get_by_role("link", name="Make a product key").click()
    mona.get_by_label("Name").fill("Web app")
    mona.get_by_role("button", name="Make a key").click()
    secret = mona.locator("#secret").inner_text()
    event = {
        "event_id": "1",
        "feature_key": "area.0",
        "user_key": "u",
        "account_key": "a",
        "ts": clock.now().isoformat(),
    }
    answer = Client().post(
        "/api/v1/events/", json.dumps([event]), "application/json", headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.json()["accepted"] == 1
    take_in(cast.product, random_log(3))
    worker(USAGE_PLAN_EVERY="1")
    carol.goto(INSIGHTS)
    expect(carol.get_by_role("heading", name="Adoption by feature")).to_be_visible(timeout=60_000)
    carol.goto(f"/w/polarline/p/DSP/items/{item.number}/")
    expect(carol.locator("#adoption")).to_contain_text("tried")
