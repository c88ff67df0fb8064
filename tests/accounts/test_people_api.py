from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import ApiToken, Invitation, Team
from accounts.roles import Role
from changes.models import Answer
from config import clock
from tests.factories import make_member, make_team


class Api:
    """A program with a token of `member`."""

    def __init__(self, member, scope="write", expires_at=None):
        _token, secret = ApiToken.issue(member, "program", scope, expires_at, by=Actor.of(member))
        self.client, self.bearer = Client(), f"Bearer {secret}"

    def __call__(self, method, path, body=None, **headers):
        return getattr(self.client, method)(
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers={
                "Authorization": self.bearer,
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )


@pytest.fixture
def alice(cast):
    return Api(cast.alice)


@pytest.fixture
def anton(cast):
    return Api(cast.anton)


@pytest.fixture
def carol(cast):
    return Api(cast.carol)


def test_members_are_listed_for_every_member_of_the_workspace(cast, carol):
    found = carol("get", "members/").json()["results"]
    assert [one["name"] for one in found] == ["Alice", "Anton", "Bob", "Carol", "Dave", "Mona"]
    assert found[0].keys() == {"id", "version", "name", "email", "role", "job_title", "teams", "joined_at"}
    assert found[0]["role"] == "owner"
    pages = carol("get", "members/?size=4").json()
    rest = carol("get", pages["next"].split("/api/v1/")[1]).json()["results"]
    assert [one["name"] for one in rest] == ["Dave", "Mona"]


def test_an_admin_changes_role_and_teams_with_the_version_read(cast, anton, carol):
    path = f"members/{cast.bob.public_id}/"
    team = make_team(cast.workspace, "Field")
    etag = anton("get", path)["ETag"]
    body = {"role": "manager", "teams": [team.public_id], "job_title": "designer"}
    assert carol("patch", path, body, If_Match=etag).status_code == 403
    assert anton("patch", path, body).status_code == 428
    changed = anton("patch", path, body, If_Match=etag)
    assert changed.status_code == 200
    assert {name: changed.json()[name] for name in body} == body
    late = anton("patch", path, {"role": "viewer"}, If_Match=etag)
    assert late.status_code == 409
    cast.bob.refresh_from_db()
    assert cast.bob.role == Role.MANAGER


def test_owners_are_for_owners_and_the_last_one_stays(cast, anton, alice):
    assert anton("patch", f"members/{cast.bob.public_id}/", {"role": "owner"}, If_Match="*").status_code == 403
    assert anton("patch", f"members/{cast.alice.public_id}/", {"role": "viewer"}, If_Match="*").status_code == 403
    assert anton("delete", f"members/{cast.alice.public_id}/").status_code == 403
    last = alice("patch", f"members/{cast.alice.public_id}/", {"role": "admin"}, If_Match="*")
    assert last.status_code == 422
    assert "Make somebody else owner first" in last.json()["detail"]
    assert alice("delete", f"members/{cast.alice.public_id}/").status_code == 422


def test_a_removed_members_token_stops(cast, anton, carol):
    assert anton("delete", f"members/{cast.carol.public_id}/").status_code == 204
    assert carol("get", "members/").status_code == 401
    assert anton("get", f"members/{cast.carol.public_id}/").status_code == 404


def test_what_is_not_ones_to_set_is_not_set(cast, anton):
    answer = anton(
        "patch", f"members/{cast.bob.public_id}/", {"email": "x@example.com", "name": "x", "workspace": 1}, If_Match="*"
    )
    assert answer.status_code == 400
    assert set(answer.json()) == {"email", "name", "workspace"}
    cast.bob.user.refresh_from_db()
    assert (cast.bob.user.email, cast.bob.user.name) == ("bob@example.com", "Bob")


def test_teams_are_made_changed_and_dissolved(cast, anton, carol):
    assert carol("post", "teams/", {"name": "Field"}).status_code == 403
    made = anton("post", "teams/", {"name": "Field", "members": [cast.bob.public_id]})
    assert made.status_code == 201
    path = f"teams/{made.json()['id']}/"
    assert anton("post", "teams/", {"name": "FIELD"}).status_code == 400
    foreign = anton("patch", path, {"members": [cast.mallory.public_id]}, If_Match="*")
    assert foreign.status_code == 400
    seated = anton("patch", path, {"members": [cast.mona.public_id, cast.dave.public_id]}, If_Match="*")
    assert seated.json()["members"] == sorted([cast.mona.public_id, cast.dave.public_id])
    assert carol("get", path).json()["name"] == "Field"
    assert anton("delete", path).status_code == 204
    assert not Team.objects.filter(name="Field").exists()


def test_invitations_never_show_their_secret(cast, anton, carol, post):
    made = anton("post", "invitations/", {"email": "Nils@example.com", "role": "manager"}, Idempotency_Key="one")
    again = anton("post", "invitations/", {"email": "Nils@example.com", "role": "manager"}, Idempotency_Key="one")
    assert made.status_code == again.status_code == 201
    assert made.json() == again.json()
    assert len(post.mails) == 1
    secret = post.path_to("nils@example.com").split("/")[2]
    invitation = Invitation.objects.get()
    for answer in (made, anton("get", "invitations/"), anton("get", f"invitations/{invitation.public_id}/")):
        assert secret not in answer.content.decode()
        assert invitation.hash not in answer.content.decode()
    assert carol("get", "invitations/").status_code == 403
    assert anton("post", "invitations/", {"email": "mona@example.com", "role": "viewer"}).status_code == 400
    assert anton("post", "invitations/", {"email": "o@example.com", "role": "owner"}).status_code == 403


def test_invitations_are_sent_again_and_revoked(cast, anton, post):
    made = anton("post", "invitations/", {"email": "nils@example.com", "role": "viewer"}).json()
    first = post.path_to("nils@example.com").split("/")[2]
    assert anton("post", f"invitations/{made['id']}/send-again/").status_code == 200
    second = post.path_to("nils@example.com").split("/")[2]
    assert Invitation.by_secret(first) is None
    assert anton("delete", f"invitations/{made['id']}/").status_code == 204
    assert Invitation.by_secret(second) is None
    assert anton("get", f"invitations/{made['id']}/").status_code == 404


def test_a_tokens_secret_is_in_its_first_answer_alone(cast, carol):
    body = {"name": "CI", "scope": "read"}
    made = carol("post", "tokens/", body, Idempotency_Key="one").json()
    assert ApiToken.by_secret(made["secret"]).member == cast.carol
    again = carol("post", "tokens/", body, Idempotency_Key="one").json()
    assert again == {**made, "secret": None}
    assert made["secret"] not in str(Answer.objects.values())
    assert carol("get", f"tokens/{made['id']}/").json()["secret"] is None
    assert carol("delete", f"tokens/{made['id']}/").status_code == 204
    assert ApiToken.by_secret(made["secret"]) is None


def test_tokens_of_others_are_for_admins(cast, carol, anton):
    bobs, _secret = ApiToken.issue(cast.bob, "Bob's", by=cast.actor("bob"))
    assert carol("get", f"tokens/{bobs.public_id}/").status_code == 404
    assert carol("delete", f"tokens/{bobs.public_id}/").status_code == 404
    assert anton("delete", f"tokens/{bobs.public_id}/").status_code == 204


def test_a_token_that_may_only_read_makes_none_and_none_outlives_its_maker(cast):
    reading = Api(cast.alice, scope="read")
    assert reading("post", "tokens/", {"name": "x", "scope": "write"}).status_code == 403
    soon = clock.now() + timedelta(hours=1)
    ending = Api(cast.alice, expires_at=soon)
    assert ending("post", "tokens/", {"name": "x", "scope": "read"}).status_code == 422
    later = (soon + timedelta(days=1)).isoformat()
    assert ending("post", "tokens/", {"name": "x", "scope": "read", "expires_at": later}).status_code == 422
    assert ending("post", "tokens/", {"name": "x", "scope": "read", "expires_at": soon.isoformat()}).status_code == 201


def test_the_workspace_is_the_tokens_own(cast, anton, carol):
    assert [one["slug"] for one in carol("get", "workspaces/").json()["results"]] == ["polarline"]
    assert carol("get", "workspaces/elsewhere/").status_code == 404
    assert carol("patch", "workspaces/polarline/", {"name": "x"}, If_Match="*").status_code == 403
    assert anton("patch", "workspaces/polarline/", {"time_zone": "Mars"}, If_Match="*").status_code == 400
    changed = anton("patch", "workspaces/polarline/", {"name": "Polar Line", "slug": "polarline"}, If_Match="*")
    assert anton("patch", "workspaces/polarline/", {"slug": "other"}, If_Match="*").status_code == 400
    assert (changed.json()["name"], changed.json()["slug"]) == ("Polar Line", "polarline")


@pytest.mark.parametrize("path", ["members/", "teams/", "invitations/", "tokens/"])
def test_lists_ask_as_much_for_thirty_rows_as_for_three(cast, anton, post, path):
    def grow(number):
        for n in range(number):
            member = make_member(cast.workspace)
            team = make_team(cast.workspace, f"Team {number} {n}", member, cast.bob)
            Invitation.write(
                cast.workspace, f"p{number}.{n}@example.com", Role.VIEWER, team=team, by=cast.actor("anton")
            )
            ApiToken.issue(member, "x", by=cast.actor("anton"))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert anton("get", path).status_code == 200
        return len(queries)

    grow(3)
    few = asked()
    grow(27)
    assert asked() == few


@pytest.mark.parametrize("path", ["members/", "teams/", "invitations/", "tokens/", "workspaces/"])
def test_hostile_input_is_answered(cast, anton, path):
    for body in (
        {"name": "\0", "email": "\0", "role": "\0", "scope": "\0", "teams": "\0", "members": ["\0"]},
        {"name": {}, "email": [], "role": 10, "scope": None, "members": [{}], "expires_at": "0000"},
        {"name": "x" * 100_000, "email": "x" * 100_000, "role": "owner" * 9999, "members": ["x"] * 600},
        [],
        "text",
    ):
        assert 400 <= anton("post", path, body).status_code < 500
    for query in ("?after=x", "?size=0", "?size=99999999999", "?size=²", "?after=%00x"):
        assert anton("get", path + query).status_code in (400, 422)
