"""The page of one release, and what is done there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from roadmap.models import Dating, ParkedItem, Release, ScopeReason
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db
EVIL = "<script>alert('x')</script> & “%s” {0}"


@pytest.fixture
def release(cast: Cast) -> Release:
    return Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM, ends_on=date(2020, 12, 8), capacity=Decimal("10"))


def page_of(release: Release, rest: str = "") -> str:
    return f"/w/polarline/p/{release.product.key}/releases/{release.public_id}/{rest}"


def shown(answer) -> str:
    return answer.content.decode()


def test_it_says_days_health_capacity_lead_and_items(cast: Cast, as_member, release: Release):
    release.edit(by=SYSTEM, lead=cast.bob)
    release.set_health("at_risk", "Two people are ill", by=SYSTEM)
    make_item(cast.product, "One", release=release, effort="12", lead=cast.mona)
    make_item(cast.product, "Not done", release=release, effort="3", status=status(cast.workspace, "Won't do"))
    page = shown(as_member(cast.carol).get(page_of(release)))
    for words in ("8 Dec 2020", "set by hand", "Two people are ill", "Bob", "12 / 10", "More effort than capacity"):
        assert words in page
    assert "0 of 1 item done" in page
    assert "Freeze the scope" not in page
    release.edit(by=SYSTEM, dating=Dating.ITEMS)
    assert "computed from its items" in shown(as_member(cast.carol).get(page_of(release)))


def test_names_and_texts_are_text_whatever_they_hold(cast: Cast, as_member, release: Release):
    release.edit(by=SYSTEM, name=EVIL[:80])
    release.set_health("at_risk", EVIL, by=SYSTEM)
    item = make_item(cast.product, EVIL, release=release)
    release.freeze(by=SYSTEM)
    item.edit(by=SYSTEM, effort=Decimal("2"))
    ScopeReason.give(release, item.change_id, EVIL, by=SYSTEM)
    ParkedItem.park(release, make_item(cast.product, EVIL), EVIL, by=SYSTEM)
    page = shown(as_member(cast.mona).get(page_of(release)))
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;") >= 6


def test_it_asks_as_many_questions_for_thirty_items_as_for_three(
    cast: Cast, as_member, release: Release, count_queries
):
    mona, counts = as_member(cast.mona), []
    release.freeze(by=SYSTEM)
    for target in (3, 30):
        while release.items.count() < target:
            make_item(cast.product, release=release, lead=cast.bob, effort="1")
            ParkedItem.park(release, make_item(cast.product), "", by=SYSTEM)
        mona.get(page_of(release))
        counts.append(count_queries(lambda: mona.get(page_of(release))))
    assert counts[0] == counts[1] <= 10


def test_it_is_frozen_explained_and_opened_again_with_a_reason(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    item = make_item(cast.product, "Late guest")
    assert "Frozen" in shown(mona.post(page_of(release, "freeze/"), follow=True))
    mona.post(f"/w/polarline/p/DSP/items/{item.number}/release/", {"list": release.public_id})
    page = shown(mona.get(page_of(release)))
    assert "+1 added" in page
    item.refresh_from_db()
    url = page_of(release, f"why/{item.change_id}/")
    assert url in page
    assert mona.post(url, {"why": ""}).status_code == 422
    assert "The carrier asked" in shown(mona.post(url, {"why": "The carrier asked"}, follow=True))
    assert mona.get(page_of(release, "why/1/")).status_code == 404
    empty = mona.post(page_of(release, "unfreeze/"), {"why": " "})
    assert (empty.status_code, "Fill this in" in shown(empty)) == (422, True)
    opened = shown(mona.post(page_of(release, "unfreeze/"), {"why": "A partner joined"}, follow=True))
    assert "A partner joined" in opened
    assert "+1 added" not in opened


def test_an_item_is_set_aside_proposed_taken_in_and_let_go(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    item, other = make_item(cast.product, "It", release=release), make_item(cast.product, "Other")
    assert "is in the parking lot" in shown(mona.post(page_of(release, "park/"), {"item": item.number}, follow=True))
    mona.post(page_of(release, "park/"), {"item": other.key.lower(), "why": "If there is room"})
    assert "If there is room" in shown(mona.get(page_of(release)))
    first, second = ParkedItem.objects.order_by("pk")
    mona.post(page_of(release, f"parked/{first.public_id}/take-in/"))
    mona.post(page_of(release, f"parked/{second.public_id}/let-go/"))
    assert list(release.items.all()) == [item]
    assert not ParkedItem.objects.exists()


def test_a_wrong_key_gets_a_sentence_and_keeps_what_was_typed(cast: Cast, as_member, release: Release):
    foreign = make_item(cast.secret)
    for typed in ("DSP-999", "nonsense", foreign.key, "²", "9" * 12):
        answer = as_member(cast.mona).post(page_of(release, "park/"), {"item": typed, "why": "Keep me"})
        assert answer.status_code == 422
        assert "There is no item" in shown(answer)
        assert "Keep me" in shown(answer)


def test_the_lead_says_how_it_stands_whatever_their_role_others_do_not(cast: Cast, as_member, release: Release):
    said = {"health": "at_risk", "health_reason": ""}
    assert as_member(cast.bob).post(page_of(release, "health/"), said).status_code == 403
    release.edit(by=SYSTEM, lead=cast.bob)
    answer = as_member(cast.bob).post(page_of(release, "health/"), said)
    assert answer.status_code == 422
    assert "Say in a sentence why" in shown(answer)
    as_member(cast.bob).post(page_of(release, "health/"), {**said, "health_reason": "Ill"})
    release.refresh_from_db()
    assert (release.health, release.health_reason) == ("at_risk", "Ill")


def test_days_typed_beside_computed_say_nothing(cast: Cast, as_member, release: Release):
    make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    sent = {"name": "5.2", "dating": "items", "starts_on": "2030-01-01", "ends_on": "2020-01-01", "capacity": "12.5"}
    assert as_member(cast.mona).post(page_of(release, "edit/"), sent).status_code == 302
    release.refresh_from_db()
    assert (release.ends_on, release.capacity) == (date(2027, 1, 5), Decimal("12.5"))


def test_the_api_freezes_lists_and_opens(cast: Cast, api, release: Release):
    url = f"/api/v1/releases/{release.public_id}/"
    answer = api(cast.mona, "patch", url, {"capacity": "40.0", "lead": cast.bob.public_id}, **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["capacity"]) == (200, "40.0")
    assert api(cast.mona, "post", f"{url}freeze/").json()["frozen_at"]
    make_item(cast.product, "Late", release=release)
    [change] = api(cast.carol, "get", f"{url}scope-changes/").json()["results"]
    assert (change["kind"], change["title"], change["detail"]) == ("added", "Late", "new")
    assert api(cast.carol, "post", f"{url}freeze/").status_code == 403
    assert api(cast.mona, "post", f"{url}unfreeze/", {}).status_code == 400
    assert api(cast.mona, "post", f"{url}unfreeze/", {"reason": "Why not"}).json()["frozen_at"] is None


def test_what_is_not_done_when_it_is_out_is_said(cast: Cast, as_member, release: Release):
    make_item(cast.product, "Done", release=release, status=status(cast.workspace, "In review"))
    make_item(cast.product, "Dropped", release=release, status=status(cast.workspace, "Won't do"))
    for n in range(2):
        make_item(cast.product, f"Open {n}", release=release)
    page = shown(as_member(cast.mona).post(page_of(release, "ship/"), follow=True))
    assert "5.2 Backhaul is out, with 1 item. 2 items in it are not done and stay there." in page
