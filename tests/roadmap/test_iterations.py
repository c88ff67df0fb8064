"""Iterations inside a release: planned, filled with its items, reviewed; on its page and in the API."""

from __future__ import annotations

import pytest

from changes.models import Change
from changes.undo import undo
from roadmap.backlog import bulk
from roadmap.models import Item, Iteration, Release
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db
EVIL = "<script>alert('x')</script> & “%s” {0}"


@pytest.fixture
def release(cast: Cast) -> Release:
    return Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM)


@pytest.fixture
def iteration(cast: Cast, release: Release) -> Iteration:
    return Iteration.add(cast.workspace, by=SYSTEM, product=cast.product, release=release, name="Offers", capacity=3)


def page_of(release: Release, rest: str = "") -> str:
    return f"/w/polarline/p/DSP/releases/{release.public_id}/{rest}"


def shown(answer) -> str:
    return answer.content.decode()


def test_it_is_planned_with_days_goal_and_capacity(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    sent = {
        "name": "Offers",
        "goal": "Nobody calls",
        "starts_on": "2026-11-02",
        "ends_on": "2026-11-13",
        "capacity": "6",
    }
    page = shown(mona.post(page_of(release, "iterations/add/"), sent, follow=True))
    for words in ("Offers", "Nobody calls", "2 Nov", "0 / 6 pw"):
        assert words in page
    again = mona.post(page_of(release, "iterations/add/"), {**sent, "goal": "Keep me"})
    assert (again.status_code, "Keep me" in shown(again)) == (422, True)
    backwards = mona.post(page_of(release, "iterations/add/"), {**sent, "name": "B", "ends_on": "2026-10-01"})
    assert backwards.status_code == 422
    assert as_member(cast.bob).post(page_of(release, "iterations/add/"), sent).status_code == 403


def test_it_takes_items_of_its_release_and_no_others(cast: Cast, as_member, release, iteration: Iteration):
    inside = make_item(cast.product, "Inside", release=release, effort="5")
    make_item(cast.product, "Shipped", release=release, status=status(cast.workspace, "Shipped"), iteration=iteration)
    outside = make_item(cast.product, "Outside")
    mona, url = as_member(cast.mona), page_of(release, f"iterations/{iteration.public_id}/items/")
    assert "Outside" not in shown(mona.get(url))
    page = shown(mona.post(url, {"item": [inside.number, outside.number, "x", "9" * 30]}, follow=True))
    assert list(Item.objects.filter(iteration=iteration)) == [inside]
    assert "0 of 1 item done" in page
    assert "5 / 3 pw" in page
    inside.edit(by=SYSTEM, release=None)
    assert "No items of this release are in it" in shown(mona.get(page_of(release)))


def test_its_review_is_dated_once_and_wants_words(cast: Cast, as_member, release: Release, iteration: Iteration):
    mona, url = as_member(cast.mona), page_of(release, f"iterations/{iteration.public_id}/review/")
    empty = mona.post(url, {"learned": " ", "changing": ""})
    assert (empty.status_code, "Say what was learned" in shown(empty)) == (422, True)
    mona.post(url, {"learned": "They answer by **SMS**", "changing": ""})
    iteration.refresh_from_db()
    first = iteration.reviewed_at
    mona.post(url, {"learned": "They answer by **SMS**", "changing": "SMS first"})
    iteration.refresh_from_db()
    assert first is not None
    assert iteration.reviewed_at == first
    page = shown(as_member(cast.carol).get(page_of(release)))
    assert "<strong>SMS</strong>" in page
    assert "SMS first" in page
    assert "Choose items" not in page


def test_two_who_review_at_once_see_both_words(cast: Cast, as_member, release: Release, iteration: Iteration):
    seen = iteration.change_id
    iteration.review("Theirs", "", by=SYSTEM)
    url = page_of(release, f"iterations/{iteration.public_id}/review/")
    answer = as_member(cast.mona).post(url, {"seen": seen, "learned": "Yours", "changing": ""})
    assert answer.status_code == 409
    assert "Theirs" in shown(answer)
    assert "Yours" in shown(answer)


def test_names_goals_and_reviews_are_text_whatever_they_hold(cast: Cast, as_member, release: Release, iteration):
    iteration.edit(by=SYSTEM, name=EVIL[:80], goal=EVIL, learned=EVIL, changing=EVIL)
    make_item(cast.product, EVIL, release=release, iteration=iteration)
    page = shown(as_member(cast.mona).get(page_of(release)))
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(") >= 6


def test_the_api_plans_reviews_and_gives_items_to_it(cast: Cast, api, release: Release):
    made = api(
        cast.mona, "post", "/api/v1/iterations/", {"release": release.public_id, "name": "One", "capacity": "4.0"}
    )
    assert made.status_code == 201
    url = f"/api/v1/iterations/{made.json()['id']}/"
    reviewed = api(cast.mona, "patch", url, {"learned": "Much"}, **{"If-Match": made["ETag"]}).json()
    assert reviewed["reviewed_at"]
    item, elsewhere = make_item(cast.product, release=release), make_item(cast.secret)
    given = {"iteration": made.json()["id"]}
    assert api(cast.mona, "patch", f"/api/v1/items/{item.key}/", given, **{"If-Match": "*"}).status_code == 200
    assert api(cast.mona, "patch", f"/api/v1/items/{elsewhere.key}/", given, **{"If-Match": "*"}).status_code == 400
    assert api(cast.carol, "get", "/api/v1/iterations/").json()["results"][0]["name"] == "One"
    assert api(cast.carol, "patch", url, {"name": "x"}, **{"If-Match": "*"}).status_code == 403


def test_what_leaves_its_release_leaves_the_iteration_and_undo_brings_both_back(
    cast: Cast, release: Release, iteration: Iteration
):
    other, mona = Release.plan(cast.product, "5.3", by=SYSTEM), cast.actor("mona")
    first, second = (make_item(cast.product, release=release, iteration=iteration) for _n in range(2))
    Item.objects.get(pk=first.pk).edit(by=mona, release=other)
    bulk.set_for_many(Item.objects.filter(pk=second.pk), cast.product, "release", other, by=mona)
    for item in (first, second):
        item.refresh_from_db()
        assert (item.release, item.iteration) == (other, None)
        undo(Change.objects.get(pk=item.change_id), by=mona)
        item.refresh_from_db()
        assert (item.release, item.iteration) == (release, iteration)


def test_an_item_stands_in_an_iteration_of_its_own_release_only(
    cast: Cast, api, release: Release, iteration: Iteration
):
    item = make_item(cast.product)
    answer = api(
        cast.mona, "patch", f"/api/v1/items/{item.key}/", {"iteration": iteration.public_id}, **{"If-Match": "*"}
    )
    assert answer.status_code == 422
    assert "iteration of another release" in answer.json()["detail"]
    both = {"iteration": iteration.public_id, "release": release.public_id}
    assert api(cast.mona, "patch", f"/api/v1/items/{item.key}/", both, **{"If-Match": "*"}).status_code == 200
    new = {"product": "DSP", "title": "New", "iteration": iteration.public_id}
    assert api(cast.mona, "post", "/api/v1/items/", new).status_code == 422
