"""Baselines of kept roadmaps and of the portfolio: who keeps them, who sees them, and what they are compared with."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from changes.models import Change
from config import clock
from roadmap.models import Baseline, Roadmap
from tests.cast import Cast
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.django_db
DAY = (clock.now() - timedelta(days=40)).date()
BEFORE = clock.now() - timedelta(days=60)
PORTFOLIO = "/w/polarline/roadmap/"


def kept(cast: Cast, owner, name="Plan", *, shared=True) -> Roadmap:
    return Roadmap.keep(
        cast.workspace, name, [cast.product, cast.secret], by=SYSTEM, owner=owner, is_shared=shared, layout="timeline"
    )


def page_of(roadmap: Roadmap) -> str:
    return f"/w/polarline/roadmaps/{roadmap.public_id}/"


def slip(cast: Cast, product, title: str) -> None:
    start, end = clock.now().date(), clock.now().date() + timedelta(days=30)
    with Change.open("told", by=cast.actor("mona"), workspace=cast.workspace, at=BEFORE) as change:
        item = make_item(product, title, by=change, starts_on=start, ends_on=end)
    item.edit(by=cast.actor("mona"), ends_on=end + timedelta(days=9))


def test_a_day_of_a_kept_roadmap_is_named_renamed_removed_and_each_is_undone(cast: Cast, as_member):
    roadmap = kept(cast, cast.bob, shared=False)  # a contributor, for himself alone
    bob, here = as_member(cast.bob), f"{page_of(roadmap)}baselines/"
    assert f'action="{here}add/"' in bob.get(page_of(roadmap)).text
    assert bob.post(f"{here}add/", {"name": "Board plan", "day": DAY.isoformat()}).status_code == 302
    row = Baseline.objects.get()
    assert (row.product, row.roadmap, row.day, row.made_by) == (None, roadmap, DAY, cast.bob)
    assert "Board plan" in bob.get(here).text
    assert bob.post(f"{here}add/", {"name": "Board plan"}).status_code == 422
    bob.post(f"{here}{row.public_id}/", {"name": "Q3", "day": DAY.isoformat(), "seen": row.change_id})
    row.refresh_from_db()
    assert row.name == "Q3"
    bob.post(f"/w/polarline/changes/{row.change_id}/undo/")
    row.refresh_from_db()
    assert row.name == "Board plan"
    bob.post(f"{here}{row.public_id}/remove/")
    assert not Baseline.objects.exists()
    bob.post(f"/w/polarline/changes/{Change.objects.latest('pk').pk}/undo/")
    assert Baseline.objects.exists()


def test_who_may_not_change_a_roadmap_keeps_no_day_of_it_and_turns_none_back(cast: Cast, as_member):
    roadmap, private = kept(cast, cast.mona), kept(cast, cast.mona, "Mine", shared=False)
    row = Baseline.keep(roadmap, "Board plan", by=cast.actor("mona"))
    hidden = Baseline.keep(private, "Secret plan", by=cast.actor("mona"))
    carol = as_member(cast.carol)
    assert "Board plan" in carol.get(f"{page_of(roadmap)}baselines/").text
    assert "add/" not in carol.get(f"{page_of(roadmap)}baselines/").text
    assert carol.post(f"{page_of(roadmap)}baselines/add/", {"name": "x"}).status_code == 403
    assert carol.post(f"{page_of(roadmap)}baselines/{row.public_id}/remove/").status_code == 403
    assert carol.get(f"{page_of(private)}baselines/").status_code == 404
    assert set(Baseline.objects.visible_to(cast.carol)) == {row}
    assert hidden in Baseline.objects.visible_to(cast.mona)


def test_who_lost_the_right_to_keep_one_turns_none_back(cast: Cast, as_member):
    carol, roadmap, private = as_member(cast.carol), kept(cast, cast.mona), kept(cast, cast.mona, "Mine", shared=False)
    for place, status in ((cast.product, 403), (roadmap, 403), (cast.workspace, 403), (private, 404)):
        row = Baseline.keep(place, "Plan", by=cast.actor("carol"))
        assert carol.post(f"/w/polarline/changes/{row.change_id}/undo/").status_code == status
        row = Baseline.keep(place, "Plan of Mona", by=cast.actor("mona"))
        assert as_member(cast.mona).post(f"/w/polarline/changes/{row.change_id}/undo/").status_code == 302
    assert Baseline.objects.count() == 4


def test_a_kept_roadmap_is_compared_with_its_own_baselines_and_those_of_its_products(cast: Cast, as_member):
    slip(cast, cast.product, "Ours")
    slip(cast, cast.secret, "Theirs")
    roadmap = kept(cast, cast.mona)
    own = Baseline.keep(roadmap, "Board plan", by=SYSTEM, day=DAY)
    Baseline.keep(cast.secret, "Q3", by=SYSTEM, day=DAY)
    Baseline.keep(kept(cast, cast.mona, "Another"), "Elsewhere", by=SYSTEM, day=DAY)
    page = as_member(cast.mona).get(f"{page_of(roadmap)}?compare={own.public_id},")
    assert {one.key for one in page.context["found"].comparison} == {"DSP-1", "SEC-1"}
    assert "Board plan" in page.text
    assert "Q3 · SEC" in page.text
    assert "Elsewhere" not in page.text
    page = as_member(cast.dave).get(f"{page_of(roadmap)}?compare={own.public_id},")
    assert {one.key for one in page.context["found"].comparison} == {"DSP-1"}
    assert "Q3 · SEC" not in page.text
    assert "Board plan" in as_member(cast.mona).get(f"{page_of(roadmap)}?as_of={DAY}").text


def test_the_portfolio_has_baselines_and_is_compared_between_them(cast: Cast, as_member):
    slip(cast, cast.product, "Ours")
    slip(cast, cast.secret, "Theirs")
    mona = as_member(cast.mona)
    assert mona.post(f"{PORTFOLIO}baselines/add/", {"name": "Board plan", "day": DAY.isoformat()}).status_code == 302
    row = Baseline.objects.get()
    assert (row.product, row.roadmap) == (None, None)
    assert mona.post(f"{PORTFOLIO}baselines/add/", {"name": "Board plan"}).status_code == 422
    page = mona.get(f"{PORTFOLIO}?compare={row.public_id},")
    assert {one.key for one in page.context["found"].comparison} == {"DSP-1", "SEC-1"}
    assert "Portfolio roadmap" in page.text
    assert mona.get(f"{PORTFOLIO}?since={DAY}&until=").status_code == 302
    assert mona.get(f"{PORTFOLIO}?compare=never,").status_code == 422
    dave, carol = as_member(cast.dave), as_member(cast.carol)
    assert {one.key for one in dave.get(f"{PORTFOLIO}?compare={row.public_id},").context["found"].comparison} == {
        "DSP-1"
    }
    assert "Board plan" in carol.get(f"{PORTFOLIO}baselines/").text
    assert carol.post(f"{PORTFOLIO}baselines/add/", {"name": "x"}).status_code == 403
    assert as_member(cast.mallory).get(f"{PORTFOLIO}baselines/").status_code == 404
    assert f'action="{PORTFOLIO}baselines/add/"' in mona.get(PORTFOLIO).text
    assert "baselines/add/" not in carol.get(PORTFOLIO).text


def test_the_api_keeps_baselines_of_products_of_roadmaps_and_of_the_portfolio(cast: Cast, api):
    roadmap, mine = kept(cast, cast.mona), kept(cast, cast.bob, "Bob's", shared=False)
    mona, bob, address = partial(api, cast.mona), partial(api, cast.bob), "/api/v1/baselines/"
    made = [
        mona("post", address, {"name": "Q3", **place}).json()
        for place in ({"product": "DSP"}, {"roadmap": roadmap.public_id}, {})
    ]
    assert [(one["product"], one["roadmap"]) for one in made] == [
        ("DSP", None),
        (None, roadmap.public_id),
        (None, None),
    ]
    both = {"name": "Q4", "product": "DSP", "roadmap": roadmap.public_id}
    assert mona("post", address, both).status_code == 400
    assert mona("patch", f"{address}{made[2]['id']}/", {"product": "DSP"}, **{"If-Match": "*"}).status_code == 400
    assert bob("post", address, {"name": "Mine", "roadmap": mine.public_id}).status_code == 201
    assert mona("post", address, {"name": "Mine", "roadmap": mine.public_id}).status_code == 400
    for place in ({"product": "DSP"}, {"roadmap": roadmap.public_id}, {}):
        assert bob("post", address, {"name": "x", **place}).status_code == 403
    for one in made:
        assert bob("patch", f"{address}{one['id']}/", {"name": "x"}, **{"If-Match": "*"}).status_code == 403
        assert bob("delete", f"{address}{one['id']}/").status_code == 403
        assert mona("delete", f"{address}{one['id']}/").status_code == 204
    assert len(mona("get", address).json()["results"]) == 0
    assert len(bob("get", address).json()["results"]) == 1


def test_baselines_of_many_roadmaps_take_as_many_statements_as_of_one(cast: Cast, as_member, count_queries):
    roadmap, mona = kept(cast, cast.mona), as_member(cast.mona)
    own = Baseline.keep(roadmap, "Plan 0", by=SYSTEM, day=DAY)
    addresses = (f"{page_of(roadmap)}baselines/", f"{page_of(roadmap)}?compare={own.public_id},")
    mona.get(addresses[1])  # the days of change are counted once a day
    few = [count_queries(lambda one=one: mona.get(one)) for one in addresses]
    for n in range(1, 30):
        Baseline.keep(roadmap, f"Plan {n}", by=SYSTEM, day=DAY)
        Baseline.keep(cast.secret, f"Plan {n}", by=SYSTEM, day=DAY)
    assert [count_queries(lambda one=one: mona.get(one)) for one in addresses] == few


def test_an_address_may_say_items(cast: Cast, as_member):
    """Django looks a name up in a query before it looks for the method of that name."""
    roadmap, mona = kept(cast, cast.mona), as_member(cast.mona)
    for address in (PORTFOLIO, page_of(roadmap), "/w/polarline/p/DSP/roadmap/"):
        page = mona.get(f"{address}?items=3&tag=a&tag=b")
        assert page.status_code == 200
        assert page.text.count('<input type="hidden" name="items" value="3">') >= 1
