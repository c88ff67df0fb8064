"""What went to another product is found and shown where whoever looks sees both, and where not, nothing tells of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from changes.models import Change
from changes.undo import undo
from config import clock
from roadmap.items.moving import move
from roadmap.models import Item, Release
from tests.factories import SYSTEM, make_item
from tests.roadmap.moved import rows


def test_the_old_address_leads_to_the_new_one_for_who_sees_both(cast, as_member, api):
    item = make_item(cast.product, "Wanderer")
    old = f"/w/polarline/p/DSP/items/{item.number}/"
    move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    answer = as_member(cast.mona).get(old, {"as": "page"})
    assert (answer.status_code, answer["Location"]) == (302, "/w/polarline/p/SEC/items/1/?as=page")
    assert as_member(cast.dave).get(old).status_code == 404
    assert as_member(cast.mallory).get(old).status_code == 404
    assert api(cast.mona, "get", f"/api/v1/items/DSP-{item.number}/").json()["key"] == "SEC-1"
    assert api(cast.dave, "get", f"/api/v1/items/DSP-{item.number}/").status_code == 404
    link = {"item": make_item(cast.secret).key, "kind": "needs", "other": item.key}
    assert api(cast.mona, "post", "/api/v1/item-links/", link).json()["other"] == "SEC-1"


def test_who_does_not_see_the_product_that_it_left_learns_nothing_of_it(cast, as_member, api):
    release = Release.plan(cast.secret, "Hidden release", by=SYSTEM)
    item = make_item(cast.secret, "Released to all")
    item.edit(by=cast.actor("mona"), release=release)
    old = item.key
    move(rows(item), cast.secret, cast.product, along=True, by=cast.actor("mona"))
    now = Item.objects.select_related("product").get(pk=item.pk)
    dave = as_member(cast.dave)
    for address in (f"/w/polarline/p/DSP/items/{now.number}/", f"/w/polarline/p/DSP/items/{now.number}/history/"):
        page = dave.get(address).content.decode()
        assert now.key in page
        for word in ("Hidden release", "Secret product", "SEC"):
            assert word not in page
    assert api(cast.dave, "get", f"/api/v1/items/{old}/").status_code == 404
    assert dave.get(f"/w/polarline/p/SEC/items/{item.number}/").status_code == 404


def test_undo_by_who_does_not_see_both_is_refused(cast, as_member):
    item = make_item(cast.product)
    outcome = move(rows(item), cast.product, cast.secret, along=True, by=cast.actor("dave"))
    assert as_member(cast.dave).post(f"/w/polarline/changes/{outcome.change}/undo/").status_code == 404


@pytest.mark.parametrize("layout", ["timeline", "nnl", "list"])
def test_the_past_of_a_product_does_not_show_what_is_in_an_unseen_one_today(cast, as_member, layout):
    before, day = clock.now() - timedelta(days=60), clock.now().date()
    with Change.open("told", by=cast.actor("mona"), workspace=cast.workspace, at=before) as change:
        dates = {"starts_on": day - timedelta(days=30), "ends_on": day + timedelta(days=5), "horizon": "now"}
        item = make_item(cast.product, "Wanderer", by=change, **dates)
        make_item(cast.product, "Settler", by=change, **dates)
    address = f"/w/polarline/p/DSP/roadmap/?layout={layout}&as_of={day - timedelta(days=40)}"
    assert "Wanderer" in as_member(cast.dave).get(address).content.decode()
    outcome = move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    page = as_member(cast.dave).get(address).content.decode()
    assert "Settler" in page
    assert "Wanderer" not in page
    assert "Wanderer" in as_member(cast.mona).get(address).content.decode()
    assert "Wanderer" not in as_member(cast.mona).get(address.replace("DSP", "SEC")).content.decode()
    undo(Change.objects.get(pk=outcome.change), by=SYSTEM)
    assert "Wanderer" in as_member(cast.dave).get(address).content.decode()
