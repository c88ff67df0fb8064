from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.factories import make_user

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"
CSRF = re.compile("[A-Za-z0-9]{64}")


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, "remember": "on", **more})


def test_e_mail_and_password_sign_in_and_lead_to_the_last_workspace(cast, client):
    assert client.get("/").url == "/accounts/login/?next=/"
    answer = sign_in(client, "Mona@Example.com")
    assert answer.status_code == 302
    assert client.get(answer.url).url == "/w/polarline/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast, client):
    wrong = sign_in(client, "mona@example.com", "wrong")
    unknown = sign_in(client, "nobody@example.com", "wrong")
    assert wrong.status_code == unknown.status_code == 422
    pages = [CSRF.sub("", answer.content.decode()).replace("nobody@", "mona@") for answer in (wrong, unknown)]
    assert pages[0] == pages[1]
    assert "do not match" in pages[0]
    assert 'value="mona@example.com"' in pages[0]
    assert "tries" not in pages[0].lower()


def test_ten_tries_for_one_account_then_a_pause_for_the_right_password_too(cast, client):
    for _ in range(10):
        assert sign_in(client, "mona@example.com", "wrong").status_code == 422
    paused = sign_in(client, "mona@example.com")
    assert paused.status_code == 429
    assert paused["Retry-After"]
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9"), "mona@example.com").status_code == 429
    assert sign_in(client, "bob@example.com").status_code == 302


def test_another_spelling_of_the_host_gives_no_more_tries(cast, client):
    statuses = [
        client.post(
            LOGIN, {"login": "mona@example.com", "password": "wrong"}, headers={"host": f"localhost:{port}"}
        ).status_code
        for port in range(5000, 5012)
    ]
    assert statuses.count(422) == 10


def test_fifty_tries_from_one_address_then_a_pause(cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": None}
    statuses = [sign_in(client, f"person{n}@example.com", "wrong").status_code for n in range(52)]
    assert statuses == [422] * 50 + [429] * 2


def test_a_forwarded_address_is_not_believed_without_a_proxy(cast, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": None}
    statuses = [
        client.post(
            LOGIN,
            {"login": f"person{n}@example.com", "password": "wrong"},
            headers={"x-forwarded-for": f"10.0.0.{n}"},
        ).status_code
        for n in range(51)
    ]
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http://localhost/x",
        "javascript:alert(1)",
        "https:evil",
    ],
)
def test_next_leads_nowhere_else(cast, client, elsewhere):
    assert sign_in(client, "mona@example.com", next=elsewhere).url == "/"
    assert client.get(LOGIN, {"next": elsewhere}).url == "/"


def test_next_leads_to_a_page_of_ours(cast, client):
    assert sign_in(client, "mona@example.com", next="/w/polarline/settings/you/").url == "/w/polarline/settings/you/"


def test_hostile_input_is_answered(cast, client):
    for text in ("\0", "x" * 1_000_000, "‮gnp.exe", "🧊" * 300, "' OR 1=1 --", "<script>alert(1)</script>"):
        answer = client.post(LOGIN, {"login": text, "password": text})
        assert answer.status_code in (422, 429)
        assert "<script>alert" not in answer.content.decode()


def test_signing_out_needs_a_post(cast, as_member):
    client = as_member(cast.mona)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/w/polarline/settings/you/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/w/polarline/settings/you/").status_code == 302


def test_somebody_switched_off_does_not_get_in(cast, client):
    cast.mona.user.is_active = False
    cast.mona.user.save()
    assert sign_in(client, "mona@example.com").url == "/accounts/inactive/"
    assert client.get("/accounts/inactive/").status_code == 200
    assert client.get("/w/polarline/settings/you/").status_code == 302


def test_a_person_without_a_workspace_is_told_so(db, client):
    client.force_login(make_user("lonely"))
    page = client.get("/").content.decode()
    assert "You are in no workspace" in page
    assert "lonely@example.com" in page


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "password/set/",
        "password/change/",
        "login/code/",
        "login/code/confirm/",
        "2fa/",
        "social/",
    ],
)
def test_pages_of_allauth_that_we_do_not_want_do_not_exist(cast, as_member, path):
    assert as_member(cast.mona).get(f"/accounts/{path}").status_code == 404


def test_scripts_get_pages_too_and_no_description_of_the_forms(cast, client):
    answer = client.get(LOGIN, headers={"accept": "application/json", "x-requested-with": "XMLHttpRequest"})
    assert answer["Content-Type"].startswith("text/html")
