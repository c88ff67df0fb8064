"""Many items at once over the API: by keys or by a filter, fields, the bin or another product, at once or by a job; one change, one undo."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import ApiToken
from accounts.roles import Role
from changes.models import Change
from jobs.models import Job
from roadmap.models import CustomField, Item, Iteration, Release
from roadmap.tasks import change_items, items_to_product
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

URL = "/api/v1/items/bulk/"


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    return [make_item(cast.product, title) for title in ("one", "two", "three")]


@pytest.fixture
def mona(cast: Cast, client):
    """send(body, **headers): with one token of Mona's, whose changes are its own."""
    _token, secret = ApiToken.issue(cast.mona, "test", "write", by=cast.actor("mona"))

    def send(body: Any, path: str = URL, **headers: str):
        return client.post(
            path, body, content_type="application/json", headers={"Authorization": f"Bearer {secret}", **headers}
        )

    send.get = lambda path: client.get(path, headers={"Authorization": f"Bearer {secret}"})  # type: ignore[attr-defined]
    return send


def values(name: str) -> list[Any]:
    return list(Item.objects.filter(product__key="DSP").order_by("number").values_list(name, flat=True))


def test_fields_are_set_by_keys_as_one_change_and_undone_as_one(cast: Cast, items, mona):
    ready = status(cast.workspace, "Ready").public_id
    release = Release.plan(cast.product, "5.2", by=SYSTEM)
    iteration = Iteration.add(cast.workspace, by=SYSTEM, product=cast.product, release=release, name="Offers")
    own = CustomField.define(cast.workspace, "Places", "multi", options=["Kiel", "Oslo"], by=SYSTEM)
    body = {
        "keys": ["DSP-1", "dsp-2"],
        "set": {
            "status": ready, "iteration": iteration.public_id, "release": release.public_id, "tags": {"add": ["a, b", "c"]},
            "title": {"before": "Hamburg:", "find": "o", "replace": "0"}, "starts_on": "2027-01-02", "ends_on": "2027-02-03",
            "effort": "2.5", "lead": cast.bob.public_id, "fields": {own.key: {"add": ["Kiel"]}}, "is_internal": True,
        },
    }  # fmt: skip
    answer = mona(body)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"changed": 2, "left": [], "version": Change.objects.get(verb="item.edited").pk}
    assert values("status__name") == ["Ready", "Ready", "Idea"]
    assert values("iteration") == [iteration.pk, iteration.pk, None]
    assert values("title") == ["Hamburg: 0ne", "Hamburg: tw0", "three"]
    assert values("tags")[:2] == [["a, b", "c"]] * 2
    assert values("starts_on") == [date(2027, 1, 2)] * 2 + [None]
    assert values("ends_on") == [date(2027, 2, 3)] * 2 + [None]
    assert values("custom")[0] == {own.key: [own.options[0]["key"]]}
    assert cast.bob.notifications.count() == 2
    again = mona({"version": answer.json()["version"]}, URL + "undo/")
    assert (again.status_code, again.json()["changed"]) == (200, 2)
    assert values("title") == ["one", "two", "three"]
    assert values("release") == [None] * 3
    assert mona({"version": answer.json()["version"]}, URL + "undo/").status_code == 422


@pytest.mark.parametrize(
    "chosen",
    [
        "horizon=later&title=o", {"all": [{"field": "horizon", "op": "in", "value": ["later"]}]},
        {"field": "horizon", "op": "in", "value": ["later"]},
    ],
)  # fmt: skip
def test_a_filter_chooses_as_that_of_the_list_and_stays_what_it_was_while_fields_are_set(cast, items, mona, chosen):
    for item in items[:2]:
        item.edit(by=SYSTEM, horizon="later")
    answer = mona({"product": "DSP", "filter": chosen, "set": {"horizon": "now", "reach": 7}})
    assert answer.json()["changed"] == 2, answer.content
    assert values("horizon") == ["now", "now", ""]
    assert values("reach") == [7, 7, None]


def test_what_some_cannot_become_is_counted_by_why(cast: Cast, items, mona):
    items[0].edit(by=SYSTEM, starts_on=date(2027, 1, 5))
    answer = mona({"product": "DSP", "filter": {"all": []}, "set": {"ends_on": "2026-12-24"}})
    assert answer.json()["changed"] == 2
    assert answer.json()["left"] == [{"items": 1, "why": "The end would lie before the start."}]


def test_many_are_deleted_and_moved(cast: Cast, items, mona):
    assert mona({"keys": ["DSP-1"], "delete": True}).json()["changed"] == 1
    epic = make_item(cast.product, "Epic", type="epic")
    items[1].edit(by=SYSTEM, parent=epic)
    move = {"keys": [epic.key, items[2].key], "move": {"product": "SEC"}}
    assert mona(move).status_code == 400
    move["move"]["children"] = "along"
    assert mona(move).json()["changed"] == 3
    assert list(Item.objects.of(cast.secret).ranked().values_list("title", flat=True)) == ["two", "three", "Epic"]
    assert not Item.objects.of(cast.product).exists()


def test_more_than_two_hundred_go_by_a_job_whose_address_says_how_far_it_is(cast: Cast, items, mona):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(230)], by=SYSTEM)
    body = {"product": "DSP", "filter": "title=Item", "set": {"horizon": "later", "tags": ["x"]}}
    answer = mona(body, **{"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    repeated = mona(body, **{"Idempotency-Key": "k1"})
    assert (repeated.status_code, repeated["Location"]) == (202, answer["Location"])
    job = Job.claimed(Job.objects.get(kind="change_items").pk)
    job.finish(change_items(job, **job.arguments))
    told = mona.get(answer["Location"].removeprefix("http://testserver")).json()
    assert (told["state"], told["outcome"]["changed"], told["outcome"]["left"]) == ("done", 230, [])
    assert values("horizon")[:4] == ["", "", "", "later"]
    assert mona({"version": told["outcome"]["version"]}, URL + "undo/").json()["changed"] == 230
    assert set(values("horizon")) == {""}


def test_deleting_and_moving_many_are_jobs_too(cast: Cast, mona):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(230)], by=SYSTEM)
    everything = {"product": "DSP", "filter": {"all": []}}
    assert mona({**everything, "move": {"product": "SEC"}}).status_code == 202
    assert mona({**everything, "delete": True}).status_code == 202
    move = Job.claimed(Job.objects.get(kind="items_to_product").pk)
    assert items_to_product(move, **move.arguments)["changed"] == 230
    delete = Job.claimed(Job.objects.get(kind="change_items").pk)
    assert change_items(delete, **delete.arguments)["changed"] == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"set": {"horizon": "now"}}, 400), ({"keys": ["DSP-1"]}, 400), ({"keys": [], "delete": True}, 400),
        ({"keys": ["DSP-1", "DSP-99"], "delete": True}, 400), ({"keys": ["DSP-1"], "delete": True, "set": {"reach": 1}}, 400),
        ({"keys": ["DSP-1"], "set": {"title": "Same"}}, 400), ({"keys": ["DSP-1"], "set": {"tittle": "x"}}, 400),
        ({"keys": ["DSP-1"], "set": {"reach": -1}}, 400), ({"keys": ["DSP-1"], "set": {}}, 400),
        ({"keys": ["DSP-1"], "set": {"title": {"find": "x"}}}, 400), ({"keys": ["DSP-1"], "set": {"tags": {"set": []}}}, 400),
        ({"keys": ["DSP-1"], "set": {"fields": {"f12345678": {"add": ["x"]}}}}, 400), ({"keys": ["DSP-1"], "set": {"reach": 1}, "reasn": "x"}, 400),
        ({"filter": {"all": []}, "delete": True}, 400), ({"product": "DSP", "filter": "", "delete": True}, 400),
        ({"product": "DSP", "filter": "statu=Idea", "delete": True}, 422), ({"product": "DSP", "filter": "x", "delete": True}, 422),
        ({"product": "DSP", "filter": {"field": "statu", "op": "in", "value": []}, "delete": True}, 422),
        ({"product": "SEC", "keys": ["DSP-1"], "delete": True}, 400), ({"keys": ["DSP-1"], "move": {"product": "DSP"}}, 422),
        ([], 400), ({"keys": "DSP-1", "delete": True}, 400),
    ],
)  # fmt: skip
def test_what_is_no_order_is_refused_and_nothing_is_done(cast: Cast, items, mona, body, code):
    answer = mona(body)
    assert answer.status_code == code, answer.content
    assert Item.objects.count() == 3
    assert not Change.objects.filter(verb="item.edited").exists()


def test_who_may_not_change_items_changes_none_and_sees_none(cast: Cast, items, api):
    hidden = make_item(cast.secret, "hidden")
    order = {"keys": ["DSP-1"], "set": {"horizon": "now"}}
    assert api(cast.bob, "post", URL, order).status_code == 403
    assert api(cast.mona, "post", URL, order, scope="read").status_code == 403
    for stranger in (cast.dave, cast.mallory):
        for body in ({"keys": [hidden.key], "delete": True}, {"product": "SEC", "filter": {"all": []}, "delete": True}):
            answer = api(stranger, "post", URL, body)
            assert (answer.status_code, "hidden" in answer.content.decode()) == (400, False)
    cast.dave.give_role(Role.MANAGER, by=SYSTEM)
    assert api(cast.dave, "post", URL, {"keys": ["DSP-1"], "move": {"product": "SEC"}}).status_code == 400
    assert Item.objects.filter(pk=hidden.pk, horizon="").exists()


def test_a_change_is_undone_by_the_token_alone_that_made_it(cast: Cast, items, mona, api):
    done = mona({"keys": ["DSP-1"], "set": {"horizon": "now"}}).json()["version"]
    assert api(cast.mona, "post", URL + "undo/", {"version": done}).status_code == 422
    assert api(cast.mallory, "post", URL + "undo/", {"version": done}).status_code == 422
    assert values("horizon")[0] == "now"


def test_a_job_is_seen_by_who_asked_for_it_and_by_admins(cast: Cast, api, mona):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(201)], by=SYSTEM)
    job = mona({"product": "DSP", "filter": {"all": []}, "delete": True}).json()["id"]
    seen = [
        api(one, "get", f"/api/v1/jobs/{job}/").status_code for one in (cast.mona, cast.anton, cast.bob, cast.mallory)
    ]
    assert seen == [200, 200, 404, 404]
    assert [one["id"] for one in api(cast.mona, "get", "/api/v1/jobs/").json()["results"]] == [job]
    assert job not in api(cast.bob, "get", "/api/v1/jobs/").content.decode()


def test_it_takes_as_many_statements_for_thirty_as_for_three(cast: Cast, mona, count_queries):
    counts = []
    for size in (3, 30):
        rows = Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(size)], by=SYSTEM)
        body = {"keys": [f"DSP-{row.number}" for row in rows], "set": {"horizon": "now", "tags": {"add": ["x"]}}}
        counts.append(count_queries(lambda: mona(body)))  # noqa: B023
    assert counts[1] == counts[0]
