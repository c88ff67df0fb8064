"""A roadmap as it stood at the end of a past day, in each of its layouts."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest

from changes.models import Change
from config import clock
from roadmap.models import Baseline, Item, ItemLink, Release
from tests.factories import make_item, status

PAGE = "/w/polarline/p/DSP/roadmap/"
NOW = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
BEFORE = NOW - timedelta(days=60)
DAY = (NOW - timedelta(days=40)).date()
START, END = (NOW - timedelta(days=30)).date(), (NOW + timedelta(days=5)).date()
LAYOUTS = ["timeline", "nnl", "release", "status", "list"]


@contextmanager
def told(cast, moment):
    with Change.open("told", by=cast.actor("mona"), workspace=cast.workspace, at=moment) as change:
        yield change


@pytest.fixture
def item(cast):
    """Named, planned and in build two months ago; since then renamed, moved, put into another release and column."""
    with told(cast, BEFORE) as change:
        release = Release.plan(cast.product, "Old release", by=change, ends_on=END)
        item = make_item(
            cast.product, "Old title", by=change, starts_on=START, ends_on=END, horizon="now", release=release,
            status=status(cast.workspace, "In build"),
        )  # fmt: skip
        other = make_item(cast.product, "Needed", by=change, starts_on=START, ends_on=END)
        ItemLink.add(item, "needs", other, by=change)
    release.edit(by=cast.actor("mona"), name="New release")
    item.edit(by=cast.actor("mona"), title="New title", horizon="later", ends_on=END - timedelta(days=3))
    return item


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_shows_that_day_and_lets_nothing_be_changed(cast, item, as_member, layout):
    mona = as_member(cast.mona)
    page = mona.get(f"{PAGE}?layout={layout}&as_of={DAY}&shows=release,status,dates").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "Old title" in main
    assert "New title" not in main
    assert "New release" not in main
    assert 'id="past"' in main
    assert "As it stood at the end of" in main
    for sign in ("data-seen", "data-grab", "c-sortable", "button data-tray", "data-tray type"):
        assert sign not in main
    live = mona.get(f"{PAGE}?layout={layout}").content.decode()
    assert "New title" in live
    assert 'id="past"' not in live


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_past_takes_as_many_statements_for_many_as_for_few(cast, item, as_member, count_queries, layout):
    mona = as_member(cast.mona)
    address = f"{PAGE}?layout={layout}&as_of={DAY}"
    assert mona.get(address).status_code == 200
    few = count_queries(lambda: mona.get(address))
    with told(cast, BEFORE) as change:
        rows = [{"title": f"More {n}", "starts_on": START, "ends_on": END, "horizon": "now"} for n in range(30)]
        Item.add_many(cast.product, rows, by=change)
    assert count_queries(lambda: mona.get(address)) == few <= 10


def test_before_there_was_anything_the_roadmap_is_empty(cast, item, as_member):
    day = (BEFORE - timedelta(days=3)).date()
    page = as_member(cast.mona).get(f"{PAGE}?as_of={day}")
    assert page.status_code == 200
    assert "Old title" not in page.content.decode()


def test_today_is_today_and_of_a_day_to_come_it_says_so(cast, item, as_member):
    for day, said in ((NOW.date(), False), ((NOW + timedelta(days=300)).date(), True)):
        page = as_member(cast.mona).get(f"{PAGE}?as_of={day}").content.decode()
        assert "New title" in page
        assert 'id="past"' not in page
        assert ("is still to come. Choose a day before today." in page) is said


@pytest.mark.parametrize("day", ["never", "2026-13-45", "0001-01-01", "\0never", "9" * 4000])
def test_what_is_no_day_gets_a_sentence(cast, item, as_member, day):
    page = as_member(cast.mona).get(PAGE, {"as_of": day})
    assert page.status_code == 200
    assert "banner" in page.content.decode()


def test_the_strip_shows_days_of_change_and_baselines(cast, item, as_member):
    Baseline.keep(cast.product, "Board plan", by=cast.actor("mona"), day=DAY)
    page = as_member(cast.mona).get(f"{PAGE}?as_of={DAY}").content.decode()
    assert "tm__tick" in page
    assert "Board plan" in page
    assert 'role="slider"' in page
    assert f"as_of={BEFORE.date()}" in page


def test_whoever_must_not_see_a_product_does_not_see_its_past(cast, as_member):
    with told(cast, BEFORE) as change:
        make_item(cast.secret, "Hidden", by=change, starts_on=START, ends_on=END)
    assert as_member(cast.dave).get(f"/w/polarline/p/SEC/roadmap/?as_of={DAY}").status_code == 404
    page = as_member(cast.carol).get(f"/w/polarline/p/SEC/roadmap/?as_of={DAY}").content.decode()
    assert "Hidden" in page


def test_what_is_filtered_is_filtered_as_it_was(cast, item, as_member):
    page = as_member(cast.mona).get(f"{PAGE}?as_of={DAY}&horizon=now").content.decode()
    assert "Old title" in page
    page = as_member(cast.mona).get(f"{PAGE}?as_of={DAY}&horizon=later").content.decode()
    assert "Old title" not in page
