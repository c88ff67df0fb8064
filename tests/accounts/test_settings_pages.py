from __future__ import annotations

import pytest

from accounts.models import Team
from accounts.ports import ports
from accounts.roles import Role
from feedback.models import Customer
from tests.factories import SYSTEM, make_member, make_team, make_workspace

SETTINGS = "/w/polarline/settings/"
KNOWN = {"name": "Polarline", "time_zone": "UTC", "week_start": 1, "currency": "EUR", "accent": ""}


@pytest.mark.parametrize(
    "page", ["members/", "teams/", "workspace/", "security/", "you/", "tokens/", "teams/new/", "members/invite/"]
)
def test_each_page_works_whole_and_as_a_fragment(cast, as_member, page):
    client = as_member(cast.alice)
    whole = client.get(SETTINGS + page)
    part = client.get(SETTINGS + page, headers={"hx-request": "true"})
    assert whole.status_code == part.status_code == 200
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Request" in whole["Vary"]
    assert whole["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["workspace/", "security/", "teams/new/", "members/invite/"])
def test_pages_of_admins_are_refused_to_managers_and_not_in_their_menu(cast, as_member, page):
    client = as_member(cast.mona)
    assert client.get(SETTINGS + page).status_code == 403
    assert SETTINGS + page not in client.get(SETTINGS + "you/").content.decode()


def test_an_admin_changes_the_workspace(cast, as_member):
    changed = {
        "name": "Polar Line",
        "time_zone": "Europe/Oslo",
        "week_start": 7,
        "currency": "NOK",
        "accent": "#2559d8",
    }
    assert as_member(cast.anton).post(SETTINGS + "workspace/", changed).status_code == 302
    cast.workspace.refresh_from_db()
    assert {name: getattr(cast.workspace, name) for name in changed} == changed


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Base"},
        {"currency": "EURO"},
        {"accent": "red"},
        {"week_start": 9},
        {"name": ""},
        {"name": "x\0"},
    ],
)
def test_a_wrong_value_is_refused_and_what_was_typed_is_kept(cast, as_member, wrong):
    answer = as_member(cast.anton).post(SETTINGS + "workspace/", {**KNOWN, "name": "Typed here", **wrong})
    assert answer.status_code == 422
    if "name" not in wrong:
        assert "Typed here" in answer.content.decode()
    cast.workspace.refresh_from_db()
    assert cast.workspace.name == "Polarline"


def test_what_is_settled_cannot_be_changed_but_the_rest_can(cast, as_member, monkeypatch):
    monkeypatch.setattr(ports, "settled", [lambda workspace: {"currency": "There are amounts in EUR."}])
    client = as_member(cast.anton)
    refused = client.post(SETTINGS + "workspace/", {**KNOWN, "currency": "USD"})
    assert refused.status_code == 422
    assert "There are amounts in EUR." in refused.content.decode()
    assert client.post(SETTINGS + "workspace/", {**KNOWN, "name": "Renamed"}).status_code == 302


def test_the_currency_is_settled_by_the_first_amount(cast, as_member):
    client, dollars = as_member(cast.anton), {**KNOWN, "currency": "USD"}
    Customer.add(cast.workspace, by=SYSTEM, name="Frostline", annual_revenue=1000)
    refused = client.post(SETTINGS + "workspace/", dollars)
    assert refused.status_code == 422
    assert "There are amounts in EUR already" in refused.content.decode()


def test_only_an_owner_deletes_the_workspace_and_must_type_its_name(cast, as_member):
    url = SETTINGS + "workspace/delete/"
    assert as_member(cast.anton).post(url, {"again": "Polarline"}).status_code == 403
    client, carols = as_member(cast.alice), as_member(cast.carol)
    assert client.post(url, {"again": "polar"}).status_code == 422
    assert carols.get(SETTINGS + "you/").status_code == 200
    assert client.post(url, {"again": "Polarline"}).status_code == 302
    assert carols.get(SETTINGS + "you/").status_code == 404


def test_teams_are_made_changed_and_dissolved(cast, as_member):
    client = as_member(cast.anton)
    client.post(SETTINGS + "teams/new/", {"name": "Field", "members": [cast.bob.public_id, cast.dave.public_id]})
    team = Team.objects.get(workspace=cast.workspace, name="Field")
    assert set(team.members.all()) == {cast.bob, cast.dave}
    client.post(f"{SETTINGS}teams/{team.public_id}/", {"name": "Field crew", "members": [cast.mona.public_id]})
    team.refresh_from_db()
    assert (team.name, set(team.members.all())) == ("Field crew", {cast.mona})
    client.post(f"{SETTINGS}teams/{team.public_id}/dissolve/")
    assert not Team.objects.filter(pk=team.pk).exists()


def test_a_team_takes_no_strangers_and_no_name_twice(cast, as_member):
    client = as_member(cast.anton)
    foreign = client.post(SETTINGS + "teams/new/", {"name": "Field", "members": [cast.mallory.public_id]})
    twice = client.post(SETTINGS + "teams/new/", {"name": "inner"})
    assert foreign.status_code == twice.status_code == 422
    assert "a team with this name already" in twice.content.decode()
    elsewhere = make_team(cast.mallory.workspace, "Theirs", cast.mallory)
    assert client.get(f"{SETTINGS}teams/{elsewhere.public_id}/").status_code == 404
    assert client.post(f"{SETTINGS}teams/{elsewhere.public_id}/dissolve/").status_code == 404


def test_one_person_switches_between_workspaces(cast, as_member):
    other = make_workspace("harbour", name="Harbour Ltd")
    member = make_member(other, Role.VIEWER, "Temp")
    client = as_member(cast.mona)
    assert "Harbour Ltd" not in client.get(SETTINGS + "you/").content.decode()
    type(member).admit(cast.mona.user, other, Role.VIEWER, by=SYSTEM)
    page = client.get(SETTINGS + "you/").content.decode()
    assert 'href="/w/harbour/"' in page
    assert client.get("/").url == "/w/polarline/"
    client.get("/w/harbour/settings/you/")
    assert client.get("/").url == "/w/harbour/"
    client.cookies.pop("workspace")
    assert client.get("/").url == "/w/harbour/"


def test_the_audit_log_says_who_did_what(cast, as_member):
    client = as_member(cast.alice)
    client.post(f"{SETTINGS}members/{cast.bob.public_id}/role/", {"role": Role.MANAGER})
    client.post(SETTINGS + "tokens/", {"name": "CI notes", "scope": "read", "lasts": 30})
    client.post(f"{SETTINGS}members/{cast.carol.public_id}/remove/")
    client.post(SETTINGS + "teams/new/", {"name": "Field", "members": [cast.bob.public_id]})
    page = client.get(SETTINGS + "security/").content.decode()
    for told in (
        "Changed Bob from Contributor to Manager",
        "Issued the token CI notes",
        "Removed Carol",
        "Carol left the team Inner",
        "Made the team Field",
        "Bob joined the team Field",
        "Founded the workspace",
    ):
        assert told in page
    assert "Mallory" not in page
    for hostile in ("0", "-1", "x", "9" * 4000, "²"):
        assert client.get(SETTINGS + "security/", {"page": hostile}).status_code == 200
