from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

LOGIN = {"login": "mona@example.com", "password": "correct horse battery"}
YOU = "/w/polarline/settings/you/"


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def protected(cast, client):
    """The secret of Mona's app, switched on through the pages; `client` is the browser in which she did."""
    client.post("/accounts/login/", LOGIN)
    asked = client.get("/accounts/app/activate/")
    assert asked.url == "/accounts/confirm/?next=%2Faccounts%2Fapp%2Factivate%2F"
    page = client.post(asked.url, {"password": LOGIN["password"]}, follow=True).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    assert client.post("/accounts/app/activate/", {"code": "000000"}).status_code == 422
    assert client.post("/accounts/app/activate/", {"code": code_of(secret)}).url == "/accounts/recovery-codes/"
    return secret


def test_password_alone_no_longer_signs_in(protected):
    browser = Client()
    assert browser.post("/accounts/login/", LOGIN).url == "/accounts/code/"
    assert browser.get(YOU).status_code == 302
    assert browser.post("/accounts/code/", {"code": "123"}).status_code == 422
    assert browser.get(YOU).status_code == 302


def test_a_recovery_code_signs_in_once(protected, client):
    page = client.get("/accounts/recovery-codes/").content.decode()
    code = re.findall(r"<li><code>(\w+)</code>", page)[0]
    browser = Client()
    browser.post("/accounts/login/", LOGIN)
    assert browser.post("/accounts/code/", {"code": code}).status_code == 302
    assert browser.get(YOU).status_code == 200
    other = Client()
    other.post("/accounts/login/", LOGIN)
    assert other.post("/accounts/code/", {"code": code}).status_code == 422


def test_guessing_codes_is_slow(protected):
    browser = Client()
    browser.post("/accounts/login/", LOGIN)
    statuses = [browser.post("/accounts/code/", {"code": f"{n:06}"}).status_code for n in range(12)]
    assert statuses[:10] == [422] * 10
    assert statuses[10:] == [429, 429]


def test_it_shows_in_your_settings_and_to_admins_and_can_be_switched_off(cast, as_member, protected, client):
    assert "Codes by an app" in client.get(YOU).content.decode()
    assert "Password, app code" in as_member(cast.anton).get("/w/polarline/settings/members/").content.decode()
    assert client.get("/accounts/app/deactivate/").status_code == 200
    assert client.post("/accounts/app/deactivate/", follow=True).redirect_chain[-1][0] == YOU
    assert not Authenticator.objects.exists()


def test_a_session_taken_over_cannot_switch_it_on(cast, as_member):
    client = as_member(cast.mona)
    assert client.post("/accounts/confirm/", {"password": "wrong"}).status_code == 422
    assert client.get("/accounts/app/activate/").url.startswith("/accounts/confirm/")
    assert client.post("/accounts/app/activate/", {"code": "123456"}).url.startswith("/accounts/confirm/")
