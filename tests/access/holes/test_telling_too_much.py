"""What is told to people who may not know it: by ids, generous serializers, deleted rows, and links from what they see."""

from __future__ import annotations

import pytest
from django.db import connection, models
from django.test import Client
from rest_framework.serializers import ModelSerializer

from feedback.models import Idea, Portal
from products.models import Initiative
from roadmap.models import Item, ItemLink, SharedField, ShareLink
from tests.access.test_crawl import API, PAGES, bearer, client_of, request, text_of
from tests.access.world import CANARY, build_world
from tests.factories import make_idea, make_item, make_portal

# --- Sequential ids in anything public


def _number_rows_from(first: int, *nouns: type[models.Model]) -> None:
    """So that an id is not also the number of something that is shown."""
    with connection.cursor() as cursor:
        for noun in nouns:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [noun._meta.db_table, first])


def test_what_the_signed_out_see_names_rows_by_random_ids(cast):
    _number_rows_from(987_654, Item, ShareLink, Portal, Idea)
    item = make_item(cast.product, "Live ETA link", horizon="now")
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=[one.value for one in SharedField if one != SharedField.KEY])  # fmt: skip
    portal = make_portal(cast.workspace, cast.product)
    idea = make_idea(cast.workspace, "Dark mode", product=cast.product, item=item)
    for path in (f"/s/{link.token}/", "/portal/polarline/", f"/portal/polarline/ideas/{idea.public_id}/"):
        answer = Client().get(path)
        assert answer.status_code == 200
        for row in (item, link, portal, idea):
            assert f"/{row.pk}/" not in answer.content.decode()
            assert f'"{row.pk}"' not in answer.content.decode()
    for row in (idea, link):
        assert len(row.public_id) >= 22
    assert Client().get(f"/portal/polarline/ideas/{idea.pk}/").status_code == 404
    assert len(link.token) >= 22


# --- Serializers that are too generous

SECRETS = {"password", "password_hash", "hash", "token", "secret_hash", "key_hash", "user_id", "pk"}


def test_serializers_name_their_fields_and_no_secrets():
    for url in API:
        serializer = url.viewset.serializer_class
        if issubclass(serializer, ModelSerializer):
            assert isinstance(serializer.Meta.fields, list | tuple), serializer
        shown = {name for name, field in serializer().fields.items() if not field.write_only}
        assert not shown & SECRETS, serializer


# --- Soft-deleted rows that reappear

#: Records of what was done, what is the workspace's own, and the list of what is archived.
ELSEWHERE = {"products:archived", "jobs:index", "jobs:show", "accounts:security", "accounts:tokens", "accounts:members"}


def test_nothing_of_a_deleted_product_is_shown_anywhere(db):
    world = build_world()
    cast = world.cast
    cast.secret.delete_softly(by=cast.actor("alice"))
    client, headers = client_of(cast.alice), bearer(cast.alice)
    for url in PAGES:
        if "key" not in url.arguments and url.name not in ELSEWHERE:
            path = url.path(world.arguments_of(url.name, url.arguments))
            assert CANARY not in text_of(request(client, "get", path)), url.name
    for url in API:
        if "get" in url.callback.actions and not url.name.startswith(("invitation", "token", "team", "job")):
            path = url.path(world.arguments_of(url.name, url.arguments))
            answer = request(Client(), "get", path, **headers)
            assert CANARY not in text_of(answer), url.name


# --- Links from what a person sees to what they do not


@pytest.fixture
def linked_by_mona(db):
    """Mona sees DSP and SEC. By the API and by pages she tries to hang rows of SEC on rows of DSP."""
    world = build_world()
    cast, foreign = world.cast, world.foreign
    mona = cast.actor("mona")
    item = make_item(cast.product, "Night shift view")
    own = {"by": mona, "product": cast.product}
    rows = {
        "items": item.key,
        "initiatives": Initiative.add(cast.workspace, name="Night planning", **own).public_id,
    }
    hidden = {
        "objective": world.arguments["objective-detail", "public_id"],
        "initiative": world.arguments["initiative-detail", "public_id"],
        "problem": world.arguments["problem-detail", "public_id"],
        "release": world.arguments["release-detail", "public_id"],
        "parent": foreign["item"],
        "status": item.status.public_id,
    }
    headers = {**bearer(cast.mona), "If-Match": "*"}
    client, number = client_of(cast.mona), foreign["item"].rpartition("-")[2]
    for noun, key in rows.items():
        for name, value in hidden.items():
            request(Client(), "patch", f"/api/v1/{noun}/{key}/", {name: value}, **headers)
            request(client, "post", f"/w/polarline/p/DSP/items/{item.number}/edit/", {name: value})
            request(client, "post", f"/w/polarline/p/DSP/items/{item.number}/place/", {name: value})
    request(Client(), "post", "/api/v1/item-links/", {"item": item.key, "other": f"SEC-{number}"}, **headers)
    request(Client(), "post", "/api/v1/item-links/", {"item": f"SEC-{number}", "other": item.key}, **headers)
    return world


def test_who_sees_one_product_hears_nothing_of_another_by_a_link(linked_by_mona):
    world = linked_by_mona
    client, headers = client_of(world.cast.dave), bearer(world.cast.dave)
    number = world.cast.product.items.get(title="Night shift view").number
    for url in PAGES:
        values = {**world.arguments_of(url.name, url.arguments), "key": "DSP"}
        values["number"] = number if "number" in values else ""
        assert CANARY not in text_of(request(client, "get", url.path(values))), url.name
    for url in API:
        if "list" in url.callback.actions.values():
            assert CANARY not in text_of(request(Client(), "get", url.path({}), **headers)), url.name


def test_a_circle_of_dependencies_names_no_item_that_is_out_of_sight(cast, api):
    first, last = make_item(cast.product), make_item(cast.product)
    hidden = make_item(cast.secret)
    ItemLink.add(last, "needs", hidden, by=cast.actor("mona"))
    ItemLink.add(hidden, "needs", first, by=cast.actor("mona"))
    answers = [
        api(member, "post", "/api/v1/item-links/", {"item": first.key, "other": last.key})
        for member in (cast.dave, cast.mona)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "SEC" not in answers[0].json()["detail"]
    assert hidden.key in answers[1].json()["detail"]
