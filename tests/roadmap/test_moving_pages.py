"""Moving items to another product by page, bar, job and API: who may, and what has to be said before."""

from __future__ import annotations

from jobs.models import Job
from roadmap.models import Item, TypeKind
from roadmap.tasks import items_to_product
from tests.factories import SYSTEM, make_item
from tests.roadmap.moved import state, titles

PAGE = "/w/polarline/p/DSP/items/product/"


def test_contributors_may_not_and_managers_need_both(cast, as_member, api):
    item = make_item(cast.product)
    assert as_member(cast.bob).post(PAGE, {"numbers": item.number, "to": "SEC"}).status_code == 403
    assert as_member(cast.dave).post(PAGE, {"numbers": item.number, "to": "SEC"}).status_code == 422
    assert api(cast.dave, "post", f"/api/v1/items/{item.key}/move/", {"product": "SEC"}).status_code == 400
    cast.secret.give_role(cast.mona, cast.bob.role, by=SYSTEM)
    assert as_member(cast.mona).post(PAGE, {"numbers": item.number, "to": "SEC"}).status_code == 422
    assert api(cast.mona, "post", f"/api/v1/items/{item.key}/move/", {"product": "SEC"}).status_code == 403
    assert state(item)["product_id"] == cast.product.pk


def test_moving_one_by_its_page_and_undoing_it(cast, as_member):
    item, mona = make_item(cast.product, "Wanderer"), as_member(cast.mona)
    answer = mona.post(PAGE, {"numbers": item.number, "to": "SEC"})
    assert (answer.status_code, answer["Location"]) == (302, "/w/polarline/p/SEC/items/1/")
    change = Item.objects.get(pk=item.pk).change_id
    assert mona.post(f"/w/polarline/changes/{change}/undo/").status_code == 302
    assert state(item)["product_id"] == cast.product.pk


def test_the_bar_leads_to_the_page_and_what_is_under_has_to_be_said(cast, as_member):
    epic = make_item(cast.product, "Epic", type=TypeKind.EPIC)
    child = make_item(cast.product, "Child", parent=epic)
    mona = as_member(cast.mona)
    answer = mona.post(PAGE, {"numbers": [epic.number]}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{PAGE}?numbers={epic.number}"
    assert "1 item stands under these" in mona.get(answer["HX-Redirect"]).content.decode()
    assert mona.post(PAGE, {"numbers": epic.number, "to": "SEC"}).status_code == 422
    mona.post(PAGE, {"numbers": epic.number, "to": "SEC", "children": "stay"})
    assert (state(epic)["product_id"], state(child)["product_id"]) == (cast.secret.pk, cast.product.pk)


def test_more_than_two_hundred_are_moved_by_a_job_that_may_run_twice(cast, as_member, monkeypatch):
    monkeypatch.setattr("roadmap.backlog.bulk.AT_ONCE", 2)
    for _ in range(3):
        make_item(cast.product)
    answer = as_member(cast.mona).post(PAGE, {"matching": "", "to": "SEC"})
    job = Job.objects.get(kind="items_to_product")
    assert str(job.public_id) in answer["Location"]
    claimed = Job.claimed(job.pk)
    for changed in (3, 0):
        assert items_to_product(claimed, **job.arguments)["changed"] == changed
    assert Item.objects.of(cast.secret).count() == 3


def test_the_api_moves_one_and_asks_what_becomes_of_those_under_it(cast, api):
    epic = make_item(cast.product, "Epic", type=TypeKind.EPIC)
    make_item(cast.product, "Child", parent=epic)
    path = f"/api/v1/items/{epic.key}/move/"
    assert api(cast.mona, "post", path, {"product": "SEC"}).status_code == 400
    answer = api(cast.mona, "post", path, {"product": "SEC", "children": "along"})
    assert (answer.status_code, answer.json()["key"]) == (200, "SEC-1")
    assert titles(cast.secret) == ["Epic", "Child"]
