"""Foreign objects do not exist: every URL and API operation, as everybody, with ids that belong to others.

Proven red: take `.visible_to(...)` out of one view and this file fails: it was tried with `_item` of roadmap/views/items.py.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from accounts.actors import Actor
from accounts.models import ApiToken, Member
from listing.api import NounViewSet
from tests.access.world import CANARY, World, build_world
from tests.urlconf import Url, all_urls

STRANGERS = ("dave", "mallory", "nobody")
PAGES = [url for url in all_urls() if url.route.startswith("w/<slug:workspace>/") and url.viewset is None]
API = [url for url in all_urls() if url.viewset is not None]
REST = [url for url in all_urls() if url not in PAGES and url not in API]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, written once for the whole walk; what a test does to it is rolled back. It is gone when the walk is over."""
    with django_db_blocker.unblock():
        world = build_world()
        yield world
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def world(db: None, built: World) -> World:
    return copy.deepcopy(built)


def client_of(member: Member | None) -> Client:
    client = Client(raise_request_exception=False)
    if member is not None:
        client.force_login(member.user)
    return client


def bearer(member: Member) -> dict[str, str]:
    _token, secret = ApiToken.issue(member, "crawl", "write", by=Actor.of(member))
    return {"Authorization": f"Bearer {secret}"}


@lru_cache(maxsize=1)
def tenant_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name IN ('workspace_id', 'product_id')"
            " AND table_schema = 'public' AND table_name NOT LIKE 'jobs_%' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def fingerprint(workspace: int | None = None) -> dict[str, str]:
    """A hash of every tenant table, so that any write shows; with `workspace`, of its rows alone."""
    with connection.cursor() as cursor:
        found = {}
        for table in tenant_tables():
            rows = f'"{table}" t' + (f" WHERE to_jsonb(t) ->> 'workspace_id' = '{workspace}'" if workspace else "")
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {rows}")
            found[table] = cursor.fetchone()[0]
        return found


def request(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    if method == "get":
        return client.get(path, body or {}, headers=headers)
    if path.startswith("/api/"):
        return getattr(client, method)(path, body or {}, content_type="application/json", headers=headers)
    return client.post(path, body or {}, headers=headers)


def known_of(url: Url, body: dict[str, Any]) -> dict[str, Any]:
    """What the noun has a field for: an unknown one is refused before anything else is looked at."""
    fields = url.viewset.serializer_class().fields
    return {name: value for name, value in body.items() if name in fields and not fields[name].read_only}


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace") + str(response.headers)


def test_every_url_says_who_may_enter():
    undecided = [url.name for url in [*PAGES, *REST] if url.guard is None]
    assert undecided == [], "decorate these views with @member_required, @signed_in or @public"
    assert [url.name for url in API if not issubclass(url.viewset, NounViewSet)] == []
    unnamed = [
        f"{url.name}: {action}"
        for url in API
        for action in url.callback.actions.values()
        if action not in url.viewset.roles
    ]
    assert unnamed == [], "name the role of each action in the viewset's `roles`"


def test_every_url_can_be_walked(world):
    missing = []
    for url in [*PAGES, *API]:
        try:
            world.arguments_of(url.name, url.arguments)
        except KeyError as error:
            missing.append(str(error))
    assert missing == []


@pytest.mark.parametrize("url", PAGES, ids=lambda url: url.name)
def test_pages_do_not_exist_for_strangers(world, url: Url):
    path = url.path(world.arguments_of(url.name, url.arguments))
    about_product = "key" in url.arguments
    before = fingerprint()
    for name in STRANGERS:
        client = client_of(world.people()[name])
        for method in ("get", "post"):
            for headers in ({}, {"HX-Request": "true"}):
                answer = request(client, method, path, world.foreign if method == "post" else None, **headers)
                where = f"{name} {method} {path} → {answer.status_code}"
                assert answer.status_code < 500, where
                assert CANARY not in text_of(answer), f"leak: {where}"
                if name == "mallory" or (name == "dave" and about_product):
                    assert answer.status_code in (404, 405), where
                if name == "nobody":
                    assert answer.status_code in (302, 401, 405), where
    assert fingerprint() == before or not about_product, f"write by a stranger at {path}"


@pytest.mark.parametrize("url", PAGES, ids=lambda url: url.name)
def test_pages_answer_those_who_may(world, url: Url):
    """The positive control: with the same arguments an allowed role gets through, and nobody gets a 5xx."""
    path = url.path(world.arguments_of(url.name, url.arguments))
    method, body, extra = world.controls.get(url.name, ("post", {}, {}))
    reached = False
    people = world.people()
    for name in ([extra["as"]] if "as" in extra else []) + ["alice", "mona", "bob", "carol"]:
        for verb in ("get", method):
            with transaction.atomic():
                answer = request(client_of(people[name]), verb, path, body if verb != "get" else None)
                connection.check_constraints()
                transaction.set_rollback(True)
            assert answer.status_code < 500, f"{name} {verb} {path} → {answer.status_code}"
            reached = reached or answer.status_code in (200, 201, 204, 302, 303, 422)
    assert reached, f"nobody reaches {path}: give it a control in tests/access"


@pytest.mark.parametrize("url", PAGES, ids=lambda url: url.name)
def test_pages_of_ones_own_take_no_foreign_ids(world, url: Url):
    """Dave puts ids of SEC into query, body and headers of pages of DSP, Mallory into those of her workspace."""
    for name, workspace, key in (("dave", "polarline", "DSP"), ("mallory", "elsewhere", "MAL")):
        values = {**world.arguments_of(url.name, url.arguments), "workspace": workspace}
        if "key" in values:
            values["key"] = key
        client = client_of(world.people()[name])
        path = url.path(values)
        for method in ("get", "post"):
            with transaction.atomic():
                headers = {"HX-Request": "true", "HX-Current-URL": str(world.foreign.get("item", ""))}
                answer = request(client, method, path, world.foreign, **headers)
                connection.check_constraints()
                leaked = CANARY in text_of(answer)
                transaction.set_rollback(True)
            assert answer.status_code < 500, f"{name} {method} {path} → {answer.status_code}"
            assert not leaked, f"leak: {name} {method} {path} → {answer.status_code}"


@pytest.mark.parametrize("url", API, ids=lambda url: url.name)
def test_the_api_shows_and_changes_nothing_foreign(world, url: Url):
    path = url.path(world.arguments_of(url.name, url.arguments))
    for name in ("dave", "mallory"):
        headers = bearer(world.people()[name])
        only = None if url.viewset.place_field else world.cast.workspace.pk  # in her own, Mallory may write
        before = fingerprint(only)
        for method in list(url.callback.actions):
            own = known_of(url, {**world.foreign, "title": "x", "name": "x"})
            answer = request(
                Client(raise_request_exception=False),
                method,
                path,
                own if method != "get" else None,
                **headers,
                **{"If-Match": "*"},
            )
            connection.check_constraints()
            where = f"{name} {method} {path} → {answer.status_code}"
            assert answer.status_code < 500, where
            assert CANARY not in text_of(answer), f"leak: {where}"
            if name == "mallory" and url.arguments:
                assert answer.status_code in (404, 403), where
        if name == "dave" and not url.viewset.place_field:
            continue  # a noun of the workspace is Dave's to write too
        changed = {table for table, value in fingerprint(only).items() if before[table] != value}
        assert not changed, f"{name} wrote {changed} at {path}"
    for method in list(url.callback.actions):
        assert request(Client(), method, path).status_code == 401


@pytest.mark.parametrize("url", API, ids=lambda url: url.name)
def test_the_api_answers_those_who_may(world, url: Url):
    path = url.path(world.arguments_of(url.name, url.arguments))
    method, body, extra = world.controls.get(url.name, ("get", {}, {}))
    headers = {**bearer(world.cast.alice), **extra}
    client = Client(raise_request_exception=False)
    answers = [request(client, "get", path, **headers)] if "get" in url.callback.actions else []
    answers.append(request(client, method, path, body, **headers))
    for answer in answers:
        assert answer.status_code in (200, 201, 204, 422), f"{url.name}: {answer.status_code} {text_of(answer)[:300]}"
