"""One statement reads the person and their workspaces, and believes no session that Django would not believe."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_product

pytestmark = pytest.mark.django_db
PAGE = "/w/polarline/settings/teams/"


def test_the_person_is_read_with_their_workspaces(cast, as_member):
    browser = as_member(cast.mona)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(PAGE).status_code == 200
    assert [one["sql"] for one in asked if 'FROM "accounts_user"' in one["sql"]] == []


def test_a_password_that_was_changed_elsewhere_ends_the_session(cast, as_member):
    browser = as_member(cast.mona)
    cast.mona.user.set_password("a new one, chosen elsewhere")
    cast.mona.user.save(update_fields=["password"])
    answer = browser.get(PAGE)
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    assert "_auth_user_id" not in browser.session


def test_a_person_who_was_shut_out_is_asked_to_sign_in(cast, as_member):
    browser = as_member(cast.mona)
    cast.mona.user.is_active = False
    cast.mona.user.save(update_fields=["is_active"])
    assert browser.get(PAGE).status_code == 302


def test_a_session_of_an_older_secret_is_renewed(cast, as_member, settings):
    browser = as_member(cast.mona)
    old = browser.session["_auth_user_hash"]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "rotated-" * 8
    assert browser.get(PAGE).status_code == 200
    assert browser.session["_auth_user_hash"] != old


def test_a_session_of_a_way_to_sign_in_that_is_gone_is_not_believed(cast, as_member):
    browser = as_member(cast.mona)
    session = browser.session
    session["_auth_user_backend"] = "long.gone.Backend"
    session.save()
    assert browser.get(PAGE).status_code == 302


def test_somebody_without_a_workspace_finds_nothing_in_any(cast, as_member):
    cast.bob.remove(by=cast.actor("alice"))
    assert as_member(cast.bob).get(PAGE).status_code == 404


def test_the_product_of_an_address_is_read_with_the_person(cast, as_member):
    browser = as_member(cast.mona)
    browser.get("/w/polarline/p/DSP/bin/")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/w/polarline/p/dsp/bin/").status_code == 200
    read = [one["sql"] for one in asked if '"products_product"."health"' in one["sql"]]
    assert len(read) == 1
    assert "accounts_member" in read[0]


def test_a_key_that_another_workspace_has_too_names_ones_own_product(cast, as_member):
    make_product(cast.mallory.workspace, "DSP", name="Not Dispatch")
    assert b"Not Dispatch" not in as_member(cast.mona).get("/w/polarline/p/DSP/").content
    assert as_member(cast.mallory).get("/w/polarline/p/DSP/").status_code == 404
    assert as_member(cast.dave).get("/w/polarline/p/SEC/").status_code == 404
