from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from ui import errors

pytestmark = pytest.mark.django_db


def test_a_missing_page_says_what_to_do():
    page = Client().get("/no/such/page/")
    assert page.status_code == 404
    assert "There is no such page" in page.content.decode()
    assert "Check the address" in page.content.decode()


@pytest.mark.parametrize("path", ["no-such-noun/", "items/a.b/", "invitations/%25(field)s is empty./send-again/"])
def test_an_address_that_the_api_has_not_is_answered_in_its_own_shape(path: str):
    answer = Client().post(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json()["detail"].startswith("There is no such page.")


@pytest.mark.parametrize("status", sorted(errors.TROUBLES))
def test_htmx_gets_a_sentence_for_its_toast(rf: RequestFactory, status: int):
    answer = errors.answer(rf.get("/", headers={"HX-Request": "true"}), status)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")
    assert "<" not in answer.content.decode()


def test_a_failure_asks_nothing_of_the_database(rf: RequestFactory, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Your work is safe" in answer.content.decode()


def test_too_many_tries_say_when_to_come_back(rf: RequestFactory):
    assert int(errors.too_many(rf.get("/"))["Retry-After"]) > 0


OPENED = "http://testserver/styleguide/?x=1"


def refused_form(*, cookie: bool = True, **headers: str) -> str:
    client = Client(enforce_csrf_checks=True)
    if cookie:
        client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/theme/", {"csrfmiddlewaretoken": "b" * 32}, headers={"Referer": OPENED, **headers})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "This was not sent" in text
    assert "role" not in text.lower().replace("role=", "")
    return text


def test_a_form_of_another_session_says_so_and_leads_back_to_its_page():
    text = refused_form()
    assert "This page was open for too long, or you signed in or out" in text
    assert f'href="{OPENED}"' in text
    assert "data-draft-kept hidden" in text


def test_a_form_without_a_cookie_says_that_cookies_are_off():
    assert "Your browser sent no cookie with it" in refused_form(cookie=False)


def test_a_form_of_another_site_leads_nowhere_there():
    text = refused_form(Origin="https://evil.example", Referer="https://evil.example/form/")
    assert "It came from another address than this one." in text
    assert "evil" not in text


def test_htmx_hears_of_a_form_of_another_session_in_one_sentence():
    text = refused_form(**{"HX-Request": "true"})
    assert text.startswith("This was not sent. This page was open for too long")
    assert "<" not in text


def test_the_theme_is_kept_in_a_cookie_and_written_by_the_server():
    client = Client()
    client.post("/theme/", {"theme": "dark", "next": "/styleguide/"})
    assert '<html lang="en" data-theme="dark">' in client.get("/styleguide/").content.decode()
    client.post("/theme/", {"theme": "system"})
    assert "data-theme" not in client.get("/styleguide/").content.decode().split("<head>")[0]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_theme_switch_leads_nowhere_else(back: str):
    assert Client().post("/theme/", {"theme": "dark", "next": back})["Location"] == "/"


def test_every_page_carries_a_strict_policy():
    policy = Client().get("/styleguide/")["Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["script-src"] == rules["style-src-elem"] == "'self'"
    assert rules["style-src-attr"] == "'unsafe-inline'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
