"""Rows that change for whoever may not write them: moved into a product, by a viewer, by fields that nobody may send."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from accounts.roles import Role
from roadmap.models import Item, Release
from tests.access.test_crawl import API, PAGES, bearer, client_of, fingerprint, known_of, request
from tests.access.world import build_world
from tests.factories import make_conversation, make_customer, make_item
from tests.factories import status as status_named

#: What the crawl makes a viewer write: their notifications are read.
A_VIEWERS_OWN = {"discussion_notification", "roadmap_look", "roadmap_tablechoice"}
#: A copy of a roadmap is for whoever copied it alone.
A_COPY_OF_THEIR_OWN = {"roadmap_roadmap", "roadmap_roadmapproduct", "changes_change", "changes_version"}
WRITTEN_BY_VIEWERS = {"roadmap:roadmap_duplicate": A_COPY_OF_THEIR_OWN}


def written(before: dict[str, str]) -> set[str]:
    return {table for table, value in fingerprint().items() if before[table] != value}


# --- Attributes assigned before the check


@pytest.mark.parametrize("url", [url for url in API if "patch" in url.callback.actions], ids=lambda url: url.name)
def test_a_patch_moves_nothing_into_a_product_where_the_caller_may_not_write(db, url):
    """Bob may write at SEC and is a viewer at DSP: nothing of SEC becomes DSP's."""
    world = build_world()
    cast = world.cast
    cast.secret.give_role(cast.bob, Role.MANAGER, by=cast.actor("alice"))
    cast.product.give_role(cast.bob, Role.VIEWER, by=cast.actor("alice"))
    path = url.path(world.arguments_of(url.name, url.arguments))
    answer = request(Client(), "patch", path, {"product": "DSP"}, **bearer(cast.bob), **{"If-Match": "*"})
    assert answer.status_code in (200, 400, 403), answer.content
    shown = request(Client(), "get", path, **bearer(cast.alice)).json()
    assert shown.get("product") != "DSP"


def test_a_conversation_is_moved_by_those_who_may_write_at_both_products(cast, api):
    talk = make_conversation(make_customer(cast.workspace, "Nordfrakt"), product=cast.secret)
    cast.product.give_role(cast.bob, Role.VIEWER, by=cast.actor("alice"))
    path = f"/api/v1/conversations/{talk.public_id}/"
    assert api(cast.bob, "patch", path, {"product": "DSP"}, **{"If-Match": "*"}).status_code == 403
    assert api(cast.mona, "patch", path, {"product": "DSP"}, **{"If-Match": "*"}).status_code == 200


def test_an_undo_moves_nothing_back_to_where_one_may_not_write_any_more(cast, as_member):
    """Mona moved a conversation out of SEC, and Bob another; then Mona is out of the team, and Bob a viewer there."""
    for who, status in ((cast.mona, 404), (cast.bob, 403)):
        talk = make_conversation(make_customer(cast.workspace), product=cast.secret)
        page = f"/w/polarline/feedback/{talk.public_id}/edit/"
        assert as_member(who).post(page, {"product": "DSP"}).status_code == 302
        talk.refresh_from_db()
        if who is cast.mona:
            cast.mona.look_after(role=Role.MANAGER, job_title="", teams=[], by=cast.actor("alice"))
        else:
            cast.secret.give_role(cast.bob, Role.VIEWER, by=cast.actor("alice"))
        assert as_member(who).post(f"/w/polarline/changes/{talk.change_id}/undo/").status_code == status
        talk.refresh_from_db()
        assert talk.product == cast.product


# --- A viewer who may delete, resend, test or re-run


def test_a_viewer_writes_nothing_but_their_own_by_any_page(db):
    world = build_world()
    carol = client_of(world.cast.carol)
    found = {}
    for url in PAGES:
        _method, body, _extra = world.controls.get(url.name, ("post", {}, {}))
        path = url.path(world.arguments_of(url.name, url.arguments))
        with transaction.atomic():
            before = fingerprint()
            request(carol, "post", path, {**world.foreign, **body})
            changed = written(before) - A_VIEWERS_OWN - WRITTEN_BY_VIEWERS.get(url.name, set())
            transaction.set_rollback(True)
        if changed:
            found[url.name] = changed
    assert found == {}


def test_a_viewer_writes_nothing_but_their_own_by_the_api(db):
    world = build_world()
    headers = {**bearer(world.cast.carol), "If-Match": "*"}
    found = {}
    for url in API:
        path = url.path(world.arguments_of(url.name, url.arguments))
        _method, body, _extra = world.controls.get(url.name, ("post", {}, {}))
        for method in set(url.callback.actions) - {"get"}:
            with transaction.atomic():
                before = fingerprint()
                request(
                    Client(),
                    method,
                    path,
                    {**known_of(url, {**world.foreign, "title": "x", "name": "x"}), **body},
                    **headers,
                )
                changed = written(before) - A_VIEWERS_OWN
                transaction.set_rollback(True)
            if changed:
                found[f"{method} {url.name}"] = changed
    assert found == {}


def test_the_actions_of_the_api_can_not_be_described_by_strangers(cast):
    assert Client().options("/api/v1/items/").status_code == 401
    answer = Client().options("/api/v1/items/", headers=bearer(cast.carol))
    assert answer.status_code == 200
    assert "actions" not in answer.json()


# --- A write that answers 200 and does nothing


def test_the_api_refuses_what_it_will_not_write(cast, api):
    item = make_item(cast.product, "Live ETA link")
    path = f"/api/v1/items/{item.key}/"
    for body in ({"titel": "Misspelt"}, {"number": 77}, {"shipped_at": "2026-01-01T00:00:00Z"}, {"workspace": 1}):
        answer = api(cast.mona, "patch", path, body, **{"If-Match": "*"})
        assert answer.status_code == 400, body
        assert set(answer.json()) == set(body)
    same = {"number": item.number, "title": "Another"}
    assert api(cast.mona, "patch", path, same, **{"If-Match": "*"}).status_code == 200
    assert api(cast.mona, "post", "/api/v1/items/", {"product": "DSP", "title": "x", "id": 5}).status_code == 400


# --- A new row that says what only an edit of others may say


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "Shipped"), ("horizon", "now"), ("ends_on", "2027-01-01"), ("release", "5.2"), ("reach", 900), ("lead", "Bob")],
)  # fmt: skip
def test_a_contributor_proposes_an_item_and_plans_none_by_adding_it(cast, as_member, api, field, value):
    """Else it would stand on shared roadmaps, and in the scope of a frozen release."""
    release = Release.plan(cast.product, "5.2", by=cast.actor("mona"))
    given = {
        "5.2": release.public_id,
        "Shipped": status_named(cast.workspace, "Shipped").public_id,
        "Bob": cast.bob.public_id,
    }
    sent = {"title": "Mine", "type": "bug", "description": "Why", "tags": "a", field: given.get(value, value)}
    assert as_member(cast.bob).post("/w/polarline/p/DSP/items/add/", sent).status_code == 403
    assert api(cast.bob, "post", "/api/v1/items/", {**sent, "product": "DSP", "tags": ["a"]}).status_code == 403
    assert not Item.objects.exists()
    assert as_member(cast.mona).post("/w/polarline/p/DSP/items/add/", sent).status_code == 302
    assert api(cast.mona, "post", "/api/v1/items/", {**sent, "product": "DSP", "tags": ["a"]}).status_code == 201
    del sent[field]
    assert as_member(cast.bob).post("/w/polarline/p/DSP/items/add/", sent).status_code == 302
    assert api(cast.bob, "post", "/api/v1/items/", {**sent, "product": "DSP", "tags": ["a"]}).status_code == 201
