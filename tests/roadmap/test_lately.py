"""What others changed since somebody last looked at a roadmap."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from changes.models import Change
from config import clock
from roadmap.models import Item, Look, Roadmap
from tests.factories import SYSTEM, make_item

PAGE = "/w/polarline/p/DSP/roadmap/"
START, END = (clock.now() + timedelta(days=10)).date(), (clock.now() + timedelta(days=30)).date()


@pytest.fixture
def item(cast):
    """Planned ten days ago."""
    before = clock.now() - timedelta(days=10)
    with Change.open("told", by=SYSTEM, workspace=cast.workspace, at=before) as change:
        return make_item(cast.product, "Live ETA", by=change, starts_on=START, ends_on=END)


def line_of(client, address: str = PAGE) -> str:
    return client.get(f"{address}lately/", headers={"HX-Request": "true"}).content.decode()


def away(since=timedelta(days=2)):
    """As if the last look were that long ago."""
    Look.objects.update(seen_at=clock.now() - since, before_at=None)


def test_the_first_look_tells_nothing(cast, item, as_member):
    assert "since" not in line_of(as_member(cast.carol))
    look = Look.objects.get()
    assert (look.member, look.product, look.before_at) == (cast.carol, cast.product, None)


def test_the_line_counts_and_opens_the_comparison(cast, as_member):
    carol = as_member(cast.carol)
    carol.get(f"{PAGE}lately/")
    away()
    make_item(cast.product, "New one", starts_on=START, ends_on=END, by=cast.actor("mona"))
    line = line_of(carol)
    assert "1 added since" in line
    address = unescape(re.search(r'href="([^"]+compare=[^"]+)"', line)[1])
    page = carol.get(address).content.decode()
    assert "New one" in page
    assert "1 added" in page


def test_within_a_visit_the_line_stays_and_nothing_is_written(cast, item, as_member, count_queries):
    carol = as_member(cast.carol)
    carol.get(f"{PAGE}lately/")
    away()
    make_item(cast.product, "New one", starts_on=START, ends_on=END, by=cast.actor("mona"))
    assert "1 added" in line_of(carol)
    before = Look.objects.values_list("seen_at", "before_at").get()
    assert "1 added" in line_of(carol)
    assert Look.objects.values_list("seen_at", "before_at").get() == before


def test_what_one_did_oneself_is_no_news(cast, item, as_member):
    mona = as_member(cast.mona)
    mona.get(f"{PAGE}lately/")
    away()
    item.edit(by=cast.actor("mona"), ends_on=END + timedelta(days=3))
    make_item(cast.product, "Own", starts_on=START, ends_on=END, by=cast.actor("mona"))
    line = line_of(mona)
    assert "added" not in line


def test_the_line_takes_as_many_statements_for_many_changes(cast, as_member, count_queries):
    carol = as_member(cast.carol)
    carol.get(f"{PAGE}lately/")
    away()
    make_item(cast.product, "One", starts_on=START, ends_on=END, by=cast.actor("mona"))
    carol.get(f"{PAGE}lately/")
    few = count_queries(lambda: carol.get(f"{PAGE}lately/"))
    Item.add_many(
        cast.product, [{"title": f"{n}", "starts_on": START, "ends_on": END} for n in range(30)], by=cast.actor("mona")
    )
    assert count_queries(lambda: carol.get(f"{PAGE}lately/")) == few <= 10


def test_a_kept_roadmap_has_its_own_last_look_and_comparison(cast, item, as_member):
    roadmap = Roadmap.keep(
        cast.workspace, "All", [cast.product, cast.secret], by=cast.actor("mona"), owner=cast.mona, is_shared=True
    )
    dave, address = as_member(cast.dave), f"/w/polarline/roadmaps/{roadmap.public_id}/"
    dave.get(f"{address}lately/")
    away()
    make_item(cast.product, "Seen", starts_on=START, ends_on=END, by=cast.actor("mona"))
    make_item(cast.secret, "Hidden", starts_on=START, ends_on=END, by=cast.actor("mona"))
    line = line_of(dave, address)
    assert "1 added since" in line
    page = dave.get(f"{address}?compare={(clock.now() - timedelta(days=3)).date()},").content.decode()
    assert "Seen" in page
    assert "Hidden" not in page
    then = dave.get(f"{address}?as_of={(clock.now() - timedelta(days=3)).date()}").content.decode()
    assert "As it stood" in then


def test_the_page_asks_for_the_line(cast, item, as_member):
    assert f'hx-get="{PAGE}lately/' in as_member(cast.carol).get(PAGE).content.decode()
