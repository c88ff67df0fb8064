"""Comparisons in the API: what the pages tell of two moments, page by page, with the same filters and the same limits of sight."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest

from changes.models import Change
from config import clock
from products.models import ProductLine
from roadmap.models import Baseline, Release, Roadmap
from roadmap.time_machine.comparing import Noun
from roadmap.time_machine.differing import differing
from tests.cast import Cast
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/comparisons/DSP/"
NOW = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
BEFORE, AFTER = NOW - timedelta(days=60), NOW - timedelta(days=20)
SINCE = (NOW - timedelta(days=40)).date()
START, END = (NOW + timedelta(days=10)).date(), (NOW + timedelta(days=30)).date()


@contextmanager
def told(cast, moment, who="mona", reason=""):
    with Change.open("told", by=cast.actor(who), workspace=cast.workspace, at=moment, reason=reason) as change:
        yield change


@pytest.fixture
def slips(cast: Cast):
    """Three items of DSP and one of SEC, each some days later; a release that gained one, and an item without days."""
    days = {"starts_on": START, "ends_on": END}
    with told(cast, BEFORE) as change:
        release = Release.plan(cast.product, "5.2", by=change, ends_on=END)
        items = [make_item(cast.product, f"Item {n}", by=change, **days) for n in range(3)]
        secret = make_item(cast.secret, "Hidden", by=change, **days)
        moved = make_item(cast.product, "Moved", by=change, horizon="now")
    with told(cast, AFTER, reason="The supplier is late.") as change:
        for n, item in enumerate([*items, secret], 1):
            item.edit(by=change, ends_on=END + timedelta(days=n))
        items[0].edit(by=change, release=release)
        moved.edit(by=change, horizon="later")
    return items


def keys(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["key"] for one in answer.json()["results"]]


def test_what_changed_is_told_with_who_when_and_why(cast: Cast, api, slips):
    answer = api(cast.carol, "get", f"{ADDRESS}?compare={SINCE},")
    assert keys(answer)[:3] == ["DSP-3", "DSP-2", "DSP-1"]
    found = answer.json()
    assert (found["counts"], found["until"], found["same"], found["next"]) == (
        {"slipped": 3, "rescoped": 1},
        None,
        0,
        None,
    )
    first, release = found["results"][0], found["results"][3]
    assert (first["kind"], first["kinds"], first["end_moved"]) == ("slipped", ["slipped"], 3)
    assert (first["before"]["ends_on"], first["after"]["title"]) == (END.isoformat(), "Item 2")
    assert (first["who"], first["why"]) == ("Mona", "The supplier is late.")
    assert (release["noun"], release["came_in"], release["went_out"]) == ("release", ["DSP-1"], [])


def test_pages_follow_one_another_and_a_broken_cursor_is_refused(cast: Cast, api, slips):
    mona, seen, address = partial(api, cast.mona, "get"), [], f"{ADDRESS}?compare={SINCE},&size=2"
    while address:
        answer = mona(address.removeprefix("http://testserver"))
        seen.append(keys(answer))
        address = answer.json()["next"]
    assert [len(page) for page in seen] == [2, 2]
    assert sum(seen, []) == keys(mona(f"{ADDRESS}?compare={SINCE},"))
    assert mona(f"{ADDRESS}?compare={SINCE},&after=x").status_code == 422
    following = api(cast.mona, "get", "/api/v1/items/?size=1").json()["next"].partition("after=")[2]
    assert mona(f"{ADDRESS}?compare={SINCE},&after={following}").status_code == 422
    assert mona(f"{ADDRESS}?compare={SINCE},&size=0").status_code == 422


def test_kinds_filters_and_horizons_are_chosen_as_on_the_page(cast: Cast, api, slips):
    mona = partial(api, cast.mona, "get")
    assert len(keys(mona(f"{ADDRESS}?compare={SINCE},&what=rescoped"))) == 1
    assert keys(mona(f"{ADDRESS}?compare={SINCE},&what=slipped&q=Item+1")) == ["DSP-2"]
    [one] = mona(f"{ADDRESS}?compare={SINCE},&layout=nnl&what=slipped").json()["results"]
    assert (one["before"]["horizon"], one["after"]["horizon"]) == ("now", "later")
    day = (NOW - timedelta(days=30)).date()
    assert keys(mona(f"{ADDRESS}?compare={SINCE},{day}")) == []
    baseline = Baseline.keep(cast.product, "Q3 plan", by=SYSTEM, day=SINCE)
    assert len(keys(mona(f"{ADDRESS}?compare={baseline.public_id},"))) == 4


@pytest.mark.parametrize("compare", ["", ",", "never,", "1900-01-01,", "nosuchbaseline,"])
def test_what_cannot_be_compared_gets_a_sentence(cast: Cast, api, compare):
    answer = api(cast.mona, "get", f"{ADDRESS}?compare={compare}")
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")


def test_a_kind_that_there_is_not_is_refused_by_name(cast: Cast, api, slips):
    answer = api(cast.mona, "get", f"{ADDRESS}?compare={SINCE},&what=slipped,late")
    assert answer.status_code == 422
    assert "“late” is no kind of change. Choose of slipped, dropped" in answer.json()["detail"]


def test_a_kept_roadmap_is_compared_as_it_is_kept_and_of_what_one_sees(cast: Cast, api, slips):
    roadmap = Roadmap.keep(
        cast.workspace,
        "Both",
        [cast.product, cast.secret],
        by=SYSTEM,
        owner=cast.mona,
        is_shared=True,
        query="q=Hidden",
    )
    address = f"/api/v1/roadmaps/{roadmap.public_id}/comparison/?compare={SINCE},&what=slipped"
    assert keys(api(cast.mona, "get", address)) == ["SEC-1"]
    assert keys(api(cast.dave, "get", address)) == []
    assert keys(api(cast.mona, "get", f"{address}&q=Item+2")) == ["DSP-3"]
    assert api(cast.dave, "get", f"/api/v1/comparisons/SEC/?compare={SINCE},").status_code == 404
    assert api(cast.mallory, "get", address).status_code == 404


def test_a_kept_roadmap_keeps_its_filter_and_layout_when_one_looks_back(cast: Cast, as_member, slips):
    roadmap = Roadmap.keep(
        cast.workspace, "Both", [cast.product, cast.secret], by=SYSTEM, owner=cast.mona, is_shared=True, query="q=Hidden",
        layout="list",
    )  # fmt: skip
    mona, address = as_member(cast.mona), f"/w/polarline/roadmaps/{roadmap.public_id}/"
    page = mona.get(f"{address}?compare={SINCE},")
    assert [one.key for one in page.context["found"].comparison if one.there.noun == Noun.ITEM] == ["SEC-1"]
    page = mona.get(f"{address}?as_of={SINCE}")
    assert (page.context["layout"], page.context["asked"].differs) == ("list", False)
    assert [row.title for row in page.context["listed"].rows] == ["Hidden"]


def test_the_portfolio_is_compared_over_all_products_that_one_sees(cast: Cast, api, slips):
    address = f"/api/v1/comparisons/?compare={SINCE},&what=slipped"
    assert keys(api(cast.mona, "get", address)) == ["SEC-1", "DSP-3", "DSP-2", "DSP-1"]
    assert keys(api(cast.dave, "get", address)) == ["DSP-3", "DSP-2", "DSP-1"]
    assert api(cast.dave, "get", address).json()["counts"]["slipped"] == 3
    assert keys(api(cast.mallory, "get", address)) == []
    assert keys(api(cast.mona, "get", f"{address}&q=Hidden")) == ["SEC-1"]
    assert keys(api(cast.mona, "get", f"{address}&q=Item&size=2")) == ["DSP-3", "DSP-2"]


def test_the_portfolio_is_compared_with_its_own_baselines_and_by_line(cast: Cast, api, slips):
    baseline = Baseline.keep(cast.workspace, "Board", by=SYSTEM, day=SINCE)
    line = ProductLine.add(cast.workspace, by=SYSTEM, name="Transport")
    cast.secret.edit(by=SYSTEM, line=line)
    address = f"/api/v1/comparisons/?compare={baseline.public_id},&what=slipped&line={line.public_id}"
    assert keys(api(cast.mona, "get", address)) == ["SEC-1"]
    assert api(cast.dave, "get", address).status_code == 404, "They see no product of it."
    assert api(cast.mona, "get", address.replace(line.public_id, "nosuchline")).status_code == 404


def test_a_page_reads_no_more_differences_than_it_tells(cast: Cast, api, slips, monkeypatch):
    read = []

    def counting(*args, **limits):
        read.append(differing(*args, **limits))
        return read[-1]

    monkeypatch.setattr("roadmap.time_machine.compare.differing", counting)
    first = api(cast.mona, "get", f"{ADDRESS}?compare={SINCE},&size=1")
    second = api(cast.mona, "get", first.json()["next"].removeprefix("http://testserver"))
    assert (keys(first), keys(second)) == (["DSP-3"], ["DSP-2"])
    assert first.json()["counts"] == second.json()["counts"] == {"slipped": 3, "rescoped": 1}
    assert [len(one.comparison) for one in read] == [2, 2], "Its own, and one that says that there are more."


def test_every_kind_comes_in_its_place_whatever_the_size_of_pages(cast: Cast, api, slips):
    """Also what has no end, what was added and dropped, and what moved as far as another one."""
    with told(cast, AFTER) as change:
        slips[1].delete_softly(by=change)
        make_item(cast.product, "New", by=change, starts_on=START, ends_on=END)
        make_item(cast.product, "New too", by=change, starts_on=START, ends_on=END)
        slips[2].edit(by=change, title="Other", ends_on=END - timedelta(days=2))
    whole = keys(api(cast.mona, "get", f"{ADDRESS}?compare={SINCE},"))
    assert len(whole) == len(set(whole)) == 6
    for size in (1, 2, 4):
        seen, address = [], f"{ADDRESS}?compare={SINCE},&size={size}"
        while address:
            answer = api(cast.mona, "get", address.removeprefix("http://testserver"))
            seen += keys(answer)
            address = answer.json()["next"]
        assert seen == whole


def test_a_comparison_asks_as_much_for_thirty_as_for_three(cast: Cast, api, slips, count_queries):
    few = count_queries(lambda: api(cast.mona, "get", f"{ADDRESS}?compare={SINCE},"))
    for n in range(27):
        make_item(cast.product, f"More {n}", starts_on=START, ends_on=END)
    assert count_queries(lambda: api(cast.mona, "get", f"{ADDRESS}?compare={SINCE},")) == few
