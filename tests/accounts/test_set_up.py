from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Member, OneTimeLink, User, Workspace
from accounts.roles import Role
from config import clock
from tests.factories import make_user, make_workspace

FORM = {
    "person": "Olga Owner",
    "email": "Olga@example.com",
    "password": "a longer phrase 4711",
    "name": "Nordwind & Söhne",
    "slug": "",
    "time_zone": "Europe/Berlin",
    "week_start": 1,
    "currency": "EUR",
}


@pytest.fixture
def link(db):
    return printed("setup_link").splitlines()[-1].removeprefix("http://localhost:8000")


def printed(*command, **options):
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_the_owner_makes_the_first_workspace_in_the_browser(link, client):
    assert client.get("/").status_code == 200
    assert "no workspace here yet" in client.get("/").content.decode()
    assert client.get(link).status_code == 200
    assert client.post(link, FORM).url == "/w/nordwind-sohne/"
    member = Member.objects.get()
    assert (member.role, member.name, member.user.email) == (Role.OWNER, "Olga Owner", "olga@example.com")
    assert member.workspace.time_zone == "Europe/Berlin"
    assert client.get("/").url == "/w/nordwind-sohne/"
    assert client.get("/w/nordwind-sohne/settings/workspace/").status_code == 200


def test_the_link_works_once_and_not_beside_a_workspace(link, client):
    client.post(link, FORM)
    assert client.get(link).status_code == 404
    assert client.post(link, {**FORM, "email": "eve@example.com", "slug": "eve"}).status_code == 404
    assert Workspace.objects.count() == 1
    with pytest.raises(CommandError, match="workspace here already"):
        printed("setup_link")


def test_a_workspace_made_in_the_meantime_ends_the_link(link, client):
    make_workspace("first")
    assert client.post(link, FORM).status_code == 404
    assert not User.objects.exists()


def test_a_newer_link_replaces_it_and_time_ends_it(link, client, monkeypatch):
    newer = printed("setup_link").splitlines()[-1].removeprefix("http://localhost:8000")
    assert client.get(link).status_code == 404
    assert client.get(newer).status_code == 200
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(newer).status_code == 404


def test_the_secret_is_kept_as_a_hash_only(link):
    assert link.split("/")[2] not in str(OneTimeLink.objects.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"}, {"password": "short"}, {"person": ""}, {"name": ""}, {"name": "\0"}, {"slug": "api"},
        {"slug": "../x"}, {"name": "🧊"}, {"time_zone": "Mars"}, {"currency": "x"}, {"week_start": 5}, {"name": "x" * 81},
    ],
)  # fmt: skip
def test_a_wrong_form_keeps_what_was_typed_and_the_link(link, client, wrong):
    answer = client.post(link, {**FORM, **wrong})
    assert answer.status_code == 422
    assert "person" in wrong or "Olga Owner" in answer.content.decode()
    assert not Workspace.objects.exists()
    assert client.post(link, FORM).status_code == 302


def test_a_known_person_is_asked_for_the_workspace_alone(link, client):
    make_user("olga")
    assert "Sign in, then open the link again" in client.post(link, FORM).content.decode()
    client.force_login(User.objects.get())
    assert 'name="password"' not in client.get(link).content.decode()
    assert client.post(link, FORM).status_code == 302
    assert User.objects.get().check_password("correct horse battery")


def test_more_workspaces_only_where_the_operator_allows_it(cast, as_member, settings):
    client = as_member(cast.carol)
    form = {name: FORM[name] for name in ("name", "slug", "time_zone", "week_start", "currency")}
    assert client.get("/workspaces/new/").status_code == 404
    assert client.post("/workspaces/new/", form).status_code == 404
    settings.WORKSPACE_CREATION = True
    assert client.get("/workspaces/new/").status_code == 200
    assert client.post("/workspaces/new/", {**form, "slug": "polarline"}).status_code == 422
    assert client.post("/workspaces/new/", form).url == "/w/nordwind-sohne/"
    assert Member.objects.get(workspace__slug="nordwind-sohne").user == cast.carol.user
