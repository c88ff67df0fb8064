"""The holes that others fell into (one test each; those with tests of their own elsewhere are named below).

Elsewhere: foreign ids in body and query, and unguarded siblings (test_crawl.py); share links that outlive their end
(roadmap/test_share_link.py); links and codes usable twice or by another address (accounts/test_invitation.py,
accounts/test_password_reset.py, feedback/test_portal_sign_in.py); Markdown (ui/test_markdown.py); formulas
(roadmap/importing/test_rejects.py); hosts, `next` and headers of mails (accounts/, jobs/test_mail.py); streams
(changes/test_live_stream.py).
"""

from __future__ import annotations

import ast
import threading
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import close_old_connections, connection, models, transaction
from django.test import Client
from rest_framework.serializers import ModelSerializer

from accounts.models import Member
from accounts.models.member import LastOwner
from accounts.roles import Role
from products.models import Initiative
from roadmap.models import ItemLink, SharedField, ShareLink
from tests.access.test_crawl import API, PAGES, bearer, client_of, fingerprint, known_of, request, text_of
from tests.access.world import CANARY, build_world
from tests.cast import make_cast
from tests.factories import make_conversation, make_customer, make_idea, make_item, make_member, make_portal

PAYLOAD = f"""{CANARY}"'><img src=x onerror=alert(1)>"""
OURS = ("accounts", "changes", "jobs", "listing", "discussion", "products", "roadmap", "feedback", "usage", "lifecycle", "ui", "config")  # fmt: skip

#: What the crawl makes a viewer write: their notifications are read.
A_VIEWERS_OWN = {"discussion_notification", "roadmap_look", "roadmap_tablechoice"}
#: A copy of a roadmap is for whoever copied it alone.
A_COPY_OF_THEIR_OWN = {"roadmap_roadmap", "roadmap_roadmapproduct", "changes_change", "changes_version"}
WRITTEN_BY_VIEWERS = {"roadmap:roadmap_duplicate": A_COPY_OF_THEIR_OWN}


def ours() -> list[Path]:
    return [path for app in OURS for path in (Path(settings.ROOT) / app).rglob("*.py")]


def written(before: dict[str, str]) -> set[str]:
    return {table for table, value in fingerprint().items() if before[table] != value}


# --- 3. Attributes assigned before the check


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


# --- 4. Sequential ids in anything public


def test_what_the_signed_out_see_names_rows_by_random_ids(cast):
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


# --- 5. A viewer who may delete, resend, test or re-run


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


# --- 7. Serializers that are too generous

SECRETS = {"password", "password_hash", "hash", "token", "secret_hash", "key_hash", "user_id", "pk"}


def test_serializers_name_their_fields_and_no_secrets():
    for url in API:
        serializer = url.viewset.serializer_class
        if issubclass(serializer, ModelSerializer):
            assert isinstance(serializer.Meta.fields, list | tuple), serializer
        shown = {name for name, field in serializer().fields.items() if not field.write_only}
        assert not shown & SECRETS, serializer


# --- 8. Requests to addresses that people give


def test_nothing_here_calls_addresses_that_people_give():
    """The day somebody adds a webhook or an import by URL, it needs a guard against inner addresses: then change this."""
    clients = {"urllib.request", "http.client", "requests", "httpx", "urllib3", "aiohttp", "socket"}
    found = set()
    for path in ours():
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {f"{path}: {name}" for name in names if name in clients}
    assert found == set()


# --- 9. Stored XSS


def test_what_people_typed_runs_on_no_page(db, monkeypatch):
    world = build_world(PAYLOAD)
    cast = world.cast
    link = ShareLink.open_to(cast.secret, PAYLOAD, by=cast.actor("mona"), note=PAYLOAD, fields=list(SharedField))
    cast.mona.user.name = f"Mona <b>{PAYLOAD}"
    cast.mona.user.save()
    make_portal(cast.workspace, cast.secret)
    paths = [url.path(world.arguments_of(url.name, url.arguments)) for url in PAGES]
    paths += [f"/s/{link.token}/", "/portal/polarline/", "/outbox/", "/"]
    shown = 0
    client = client_of(cast.alice)
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = request(client, "get", path, **headers)
            if "html" in answer.get("Content-Type", "") and answer.status_code < 400:
                text = text_of(answer)
                assert "<img src=x" not in text, path
                shown += CANARY in text
    assert shown > 60


def test_answers_are_of_the_type_that_they_say(cast, as_member):
    for path in ("/w/polarline/", "/api/v1/items/", "/static/css/nothing.css"):
        assert as_member(cast.alice).get(path)["X-Content-Type-Options"] == "nosniff"


# --- 12. Streams and notifications that outlive a membership: also discussion/test_notifications.py


def test_a_removed_member_is_out_of_pages_api_and_stream(cast, as_member, api):
    mona, headers = as_member(cast.mona), bearer(cast.mona)
    assert mona.get("/w/polarline/").status_code == 200
    cast.mona.remove(by=cast.actor("alice"))
    assert mona.get("/w/polarline/").status_code == 404
    assert Client().get("/api/v1/items/", headers=headers).status_code == 401
    assert mona.get("/w/polarline/notifications/").status_code == 404


# --- 14. Soft-deleted rows that reappear, constraints that never bind

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
        if "get" in url.callback.actions and not url.name.startswith(("invitation", "token", "team")):
            path = url.path(world.arguments_of(url.name, url.arguments))
            answer = request(Client(), "get", path, **headers)
            assert CANARY not in text_of(answer), url.name


def test_constraints_bind_on_rows_without_a_value_too():
    """NULLs count as different: a constraint over a column that may be NULL says what it means for those rows."""
    loose = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for one in model._meta.constraints:
            if isinstance(one, models.UniqueConstraint) and one.condition is None and one.nulls_distinct is None:
                fields = [model._meta.get_field(name) for name in one.fields]
                loose += [one.name for field in fields if field.null]
    assert loose == ["ingest_batch_is_taken_once"], "batches without a key are many, and all distinct"


# --- 15. A write that answers 200 and does nothing


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


# --- Sign-in: what an answer's time and cookie tell


def test_an_unknown_address_costs_as_much_as_a_wrong_password(cast, client, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    counts = []
    for address in ("alice@example.com", "nobody@example.com"):
        hashed.clear()
        client.post("/accounts/login/", {"login": address, "password": "wrong horse battery"})
        counts.append(len(hashed))
    assert counts[0] == counts[1] == 1


def test_a_session_that_was_planted_before_signing_in_is_worth_nothing_after(cast, client):
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    client.post("/accounts/login/", {"login": "alice@example.com", "password": "correct horse battery"})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert attacker.get("/w/polarline/").status_code == 302


@pytest.mark.parametrize("path", ["/accounts/login/", "/w/polarline/p/DSP/items/add/", "/w/polarline/settings/tokens/", "/portal/polarline/sign-in/"])  # fmt: skip
def test_forms_of_other_sites_are_refused(cast, path):
    make_portal(cast.workspace, cast.product)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.mona.user)
    assert client.post(path, {"title": "Planted", "name": "Planted"}).status_code == 403


# --- The last owner, when two leave at once


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_remove_each_other_at_once_one_stays():
    cast = make_cast()
    second = make_member(cast.workspace, Role.OWNER, "Olga")
    both, refused = threading.Barrier(2), []

    def remove(pk: int) -> None:
        try:
            member = Member.objects.select_related("workspace").get(pk=pk)
            both.wait(10)
            member.remove(by=cast.actor("anton"))
        except LastOwner as error:
            refused.append(error)
        finally:
            connection.close()
            close_old_connections()

    threads = [threading.Thread(target=remove, args=(one.pk,)) for one in (cast.alice, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    left = Member.objects.current().filter(workspace=cast.workspace, role=Role.OWNER).count()
    assert (left, len(refused)) == (1, 1)


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
