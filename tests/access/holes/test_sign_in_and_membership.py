"""Signing in, and what is left of a membership that ended: times, cookies, other sites, the last owner."""

from __future__ import annotations

import threading

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import close_old_connections, connection
from django.test import Client

from accounts.models import Member
from accounts.models.member import LastOwner
from accounts.roles import Role
from tests.access.test_crawl import bearer
from tests.cast import make_cast
from tests.factories import make_member, make_portal

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


# --- A membership that ended


def test_a_removed_member_is_out_of_pages_api_and_stream(cast, as_member, api):
    mona, headers = as_member(cast.mona), bearer(cast.mona)
    assert mona.get("/w/polarline/").status_code == 200
    cast.mona.remove(by=cast.actor("alice"))
    assert mona.get("/w/polarline/").status_code == 404
    assert Client().get("/api/v1/items/", headers=headers).status_code == 401
    assert mona.get("/w/polarline/notifications/").status_code == 404


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
