from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from ui.middleware import private_pages, toasts
from ui.pages import fragment_of, render_page, toast


@pytest.fixture
def ask(rf: RequestFactory):
    def build(**headers: str):
        request = rf.get("/", headers=headers)
        request.htmx = HtmxDetails(request)
        request.user = AnonymousUser()
        return request

    return build


@pytest.fixture(autouse=True)
def templates(settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {"things/list.html": "<html>{% include 'things/_list.html' %}", "things/_list.html": "part"},
                    )
                ]
            },
        }
    ]


def test_a_browser_gets_the_whole_page(ask):
    assert render_page(ask(), "things/list.html").content == b"<html>part"


def test_an_htmx_swap_gets_the_part(ask):
    assert render_page(ask(**{"HX-Request": "true"}), "things/list.html").content == b"part"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_pages_are_whole(ask, header: str):
    page = render_page(ask(**{"HX-Request": "true", header: "true"}), "things/list.html")
    assert page.content == b"<html>part"


def test_a_part_asked_for_by_name_stays_a_part(ask):
    assert render_page(ask(), "things/_list.html").content == b"part"
    assert fragment_of("list.html") == "_list.html"


def test_caches_keep_the_two_apart(ask):
    assert "HX-Request" in render_page(ask(), "things/list.html")["Vary"]


def test_a_refused_form_is_aimed_back_at_itself(ask):
    page = render_page(ask(**{"HX-Request": "true"}), "things/list.html", status=422, aim="#the-form")
    assert page.status_code == 422
    assert (page["HX-Retarget"], page["HX-Reselect"], page["HX-Reswap"]) == ("#the-form", "#the-form", "outerHTML")


def test_the_element_that_asked_can_be_replaced_by_the_answer(ask):
    page = render_page(ask(**{"HX-Request": "true"}), "things/list.html", status=409, aim="this")
    assert page["HX-Retarget"] == "this"
    assert "HX-Reselect" not in page


def test_a_browser_is_not_told_where_to_aim(ask):
    assert "HX-Retarget" not in render_page(ask(), "things/list.html", status=422, aim="this")


def test_a_toast_travels_in_a_header(ask):
    response = toast(HttpResponse(), "Moved to 5.3", undo="/undo/1/")
    assert '"text": "Moved to 5.3"' in response["HX-Trigger"]
    assert '"undo": "/undo/1/"' in response["HX-Trigger"]


def test_waiting_messages_join_the_toasts_of_a_fragment(ask, monkeypatch):
    monkeypatch.setattr("ui.middleware.pending_toasts", lambda request: [{"text": "Kept", "tone": "bad"}])
    request = ask(**{"HX-Request": "true"})
    request._messages = object()
    response = toasts(lambda request: toast(HttpResponse(), "Saved"))(request)
    assert response["HX-Trigger"].count('"text"') == 2


def test_a_redirect_leaves_the_messages_for_the_page_it_leads_to(ask, monkeypatch):
    monkeypatch.setattr("ui.middleware.pending_toasts", lambda request: pytest.fail("taken too early"))
    request = ask(**{"HX-Request": "true"})
    request._messages = object()
    assert "HX-Trigger" not in toasts(lambda request: HttpResponse(status=302))(request)


def test_pages_of_members_are_never_stored(ask):
    request = ask()
    request.user = SimpleNamespace(is_authenticated=True)
    assert private_pages(lambda request: HttpResponse())(request)["Cache-Control"] == "private, no-store"


def test_a_view_may_say_otherwise(ask):
    request = ask()
    request.user = SimpleNamespace(is_authenticated=True)
    response = private_pages(lambda request: HttpResponse(headers={"Cache-Control": "private"}))(request)
    assert response["Cache-Control"] == "private"


def test_public_pages_may_be_stored(ask):
    assert "Cache-Control" not in private_pages(lambda request: HttpResponse())(ask())
