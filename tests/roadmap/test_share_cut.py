"""A link that could show more than it does says so, wherever it is read, and to who opens it."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from roadmap.models import SharedField, SharedLayout, ShareLink
from roadmap.sharing.cards import shared_roadmap
from tests.factories import SYSTEM, make_item
from tests.roadmap.test_share_files import text_of, ways_out

SAID = "Shown are the first 2 of 3 items."


@pytest.fixture(autouse=True)
def at_most_two(monkeypatch):
    cache.clear()
    monkeypatch.setattr("roadmap.sharing.cards.MOST", 2)
    monkeypatch.setattr("accounts.models.Workspace.today", lambda workspace: date(2026, 11, 22))


@pytest.fixture(params=["one", "several"])
def link(request, cast):
    terms = {"by": cast.actor("mona"), "fields": [SharedField.DATES.value], "sites": ["https://intranet.example.com"]}
    if request.param == "one":
        return ShareLink.open_to(cast.product, "Board", **terms)
    return ShareLink.open_of(cast.workspace, [cast.product], "Winter", "Board", **terms)


def planned(product, count, **fields):
    return [make_item(product, f"Planned {n}", ends_on=date(2026, 12, n + 1), **fields) for n in range(count)]


def test_it_is_said_on_the_page_on_slides_and_in_every_file(cast, link):
    planned(cast.product, 3)
    for address in [*ways_out(link), f"/s/{link.token}/present/"]:
        assert SAID in text_of(Client().get(address)), address


def test_nothing_is_said_where_all_are_shown_and_no_more_is_asked(cast, link, count_queries):
    planned(cast.product, 2)
    planned(cast.product, 1, is_internal=True)
    browser, address = Client(), f"/s/{link.token}/"
    assert all("Shown are" not in text_of(browser.get(one)) for one in ways_out(link))
    few = count_queries(lambda: browser.get(address))
    planned(cast.product, 1)
    assert count_queries(lambda: browser.get(address)) == few + 1


def test_what_has_no_place_on_it_takes_none_and_is_not_counted(cast, link):
    """What was over long ago stands first in the order of ranks: it hid what is planned."""
    make_item(cast.product, "Over", ends_on=date(2026, 2, 3))
    make_item(cast.product, "Begun long ago", starts_on=date(2026, 2, 3))
    make_item(cast.product, "Nobody planned it")
    planned(cast.product, 2)
    roadmap = shared_roadmap(link)
    assert sorted(card["title"] for _lane, _column, card in roadmap.cards) == ["Planned 0", "Planned 1"]
    assert not roadmap.is_cut


def test_a_browser_that_has_the_page_is_told_when_the_number_changes(cast, link):
    planned(cast.product, 3)
    browser, address = Client(), f"/s/{link.token}/"
    known = browser.get(address)["ETag"]
    assert browser.get(address, headers={"If-None-Match": known}).status_code == 304
    planned(cast.product, 1)
    page = browser.get(address, headers={"If-None-Match": known})
    assert "Shown are the first 2 of 4 items." in page.content.decode()


@pytest.mark.parametrize("precision", ["none", "quarter"])
def test_whoever_opens_a_link_is_told_in_the_audience_check(cast, as_member, precision):
    planned(cast.product, 3, horizon="next")
    body = {"audience": "Board", "layout": SharedLayout.HORIZONS, "precision": precision}
    page = as_member(cast.mona).post("/w/polarline/p/DSP/share/look/", body).content.decode()
    assert SAID in page
    assert "Choose fewer by a filter" in page


def test_links_without_dates_count_what_has_a_horizon(cast):
    link = ShareLink.open_to(cast.product, "Board", by=SYSTEM, fields=[])
    planned(cast.product, 3)
    assert shared_roadmap(link).total == 0
    planned(cast.product, 3, horizon="later")
    assert shared_roadmap(link).cut_said == SAID
