from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiToken, Member
from accounts.roles import Role
from tests.factories import SYSTEM, make_member, make_team

MEMBERS = "/w/polarline/settings/members/"


def change_role(client, member, role, **headers):
    return client.post(f"{MEMBERS}{member.public_id}/role/", {"role": role}, headers=headers)


def test_every_member_sees_who_is_there_and_only_admins_how_they_sign_in(cast, as_member):
    for_carol = as_member(cast.carol).get(MEMBERS).content.decode()
    assert "mona@example.com" in for_carol
    assert "Pending invitations" not in for_carol
    assert "Invite people" not in for_carol
    for_anton = as_member(cast.anton).get(MEMBERS).content.decode()
    assert "Pending invitations" in for_anton
    assert "Mallory" not in for_anton


@pytest.mark.parametrize("name", ["mona", "bob", "carol", "dave"])
def test_only_admins_change_members(cast, as_member, name):
    client, url = as_member(getattr(cast, name)), f"{MEMBERS}{cast.bob.public_id}/"
    for answer in (
        client.get(url),
        client.post(url, {"role": 40}),
        client.post(f"{url}role/", {"role": 40}),
        client.post(f"{url}remove/"),
        client.get(f"{MEMBERS}invite/"),
        client.post(f"{MEMBERS}invite/", {"emails": "new@example.com", "role": 10}),
    ):
        assert answer.status_code == 403
    cast.bob.refresh_from_db()
    assert (cast.bob.role, cast.bob.removed_at) == (Role.CONTRIBUTOR, None)


def test_members_of_another_workspace_do_not_exist_here(cast, as_member):
    client = as_member(cast.alice)
    for path in ("", "role/", "remove/"):
        assert client.post(f"{MEMBERS}{cast.mallory.public_id}/{path}", {"role": 10}).status_code == 404
    assert as_member(cast.mallory).get(MEMBERS).status_code == 404
    assert as_member(cast.mallory).post(f"{MEMBERS}{cast.bob.public_id}/remove/").status_code == 404


def test_an_admin_changes_a_role_in_its_row(cast, as_member):
    answer = change_role(as_member(cast.anton), cast.bob, Role.MANAGER, hx_request="true")
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "Bob is Manager now." in answer["HX-Trigger"]
    cast.bob.refresh_from_db()
    assert cast.bob.role == Role.MANAGER


def test_an_admin_neither_makes_owners_nor_touches_them(cast, as_member):
    client = as_member(cast.anton)
    assert change_role(client, cast.bob, Role.OWNER, hx_request="true").status_code == 422
    assert change_role(client, cast.alice, Role.VIEWER).status_code == 403
    assert client.post(f"{MEMBERS}{cast.alice.public_id}/remove/").status_code == 403
    edited = client.post(f"{MEMBERS}{cast.alice.public_id}/", {"role": Role.VIEWER, "job_title": "designer"})
    assert edited.status_code == 302
    cast.alice.refresh_from_db()
    assert (cast.alice.role, cast.alice.job_title) == (Role.OWNER, "designer")


def test_the_last_owner_stays_owner_and_is_told_why(cast, as_member):
    client = as_member(cast.alice)
    refused = change_role(client, cast.alice, Role.ADMIN, hx_request="true")
    assert refused.status_code == 422
    assert "Make somebody else owner first" in refused.content.decode()
    page = client.post(f"{MEMBERS}{cast.alice.public_id}/remove/", follow=True).content.decode()
    assert "Make somebody else owner first" in page
    left = client.post("/w/polarline/settings/you/leave/", {"again": "Polarline"})
    assert left.status_code == 422
    assert "Make somebody else owner first" in left.content.decode()
    cast.alice.refresh_from_db()
    assert (cast.alice.role, cast.alice.removed_at) == (Role.OWNER, None)
    change_role(client, cast.anton, Role.OWNER)
    assert change_role(client, cast.alice, Role.ADMIN, hx_request="true").status_code == 200


def test_a_removed_member_is_out_at_once(cast, as_member, closed_streams):
    team = make_team(cast.workspace, "Field", cast.bob)
    cast.product.give_role(cast.bob, Role.MANAGER, by=SYSTEM)
    token, secret = ApiToken.issue(cast.bob, "script", by=cast.actor("bob"))
    bobs = as_member(cast.bob)
    assert bobs.get(MEMBERS).status_code == 200
    with closed_streams() as closed:
        as_member(cast.anton).post(f"{MEMBERS}{cast.bob.public_id}/remove/")
    assert closed == [cast.bob]
    assert bobs.get(MEMBERS).status_code == 404
    assert ApiToken.by_secret(secret) is None
    assert not team.members.exists()
    again = Member.admit(cast.bob.user, cast.workspace, Role.VIEWER, by=SYSTEM)
    assert again == cast.bob
    assert ApiToken.by_secret(secret) is None
    assert not again.may(Role.CONTRIBUTOR, at=cast.product)


def test_a_changed_role_or_team_closes_streams(cast, as_member, closed_streams):
    client, team = as_member(cast.anton), make_team(cast.workspace, "Field", cast.bob)
    with closed_streams() as closed:
        change_role(client, cast.mona, Role.VIEWER)
    assert closed == [cast.mona]
    with closed_streams() as closed:
        client.post(f"{MEMBERS}{cast.bob.public_id}/", {"role": Role.CONTRIBUTOR, "job_title": ""})
    assert closed == [cast.bob]
    with closed_streams() as closed:
        client.post(
            f"/w/polarline/settings/teams/{team.public_id}/", {"name": "Field", "members": [cast.dave.public_id]}
        )
    assert closed == [cast.dave]


def test_leaving_needs_the_name_and_ends_the_membership(cast, as_member):
    client = as_member(cast.bob)
    assert client.post("/w/polarline/settings/you/leave/", {"again": "polar"}).status_code == 422
    assert client.post("/w/polarline/settings/you/leave/", {"again": "Polarline"}).url == "/"
    assert client.get(MEMBERS).status_code == 404


def test_members_are_found_by_name_address_team_and_role(cast, as_member):
    client = as_member(cast.anton)

    def found(**asked):
        page = client.get(MEMBERS, asked).content.decode().split("</table>")[0]
        return {name for name in ("alice", "anton", "mona", "bob", "carol", "dave") if f"{name}@example.com" in page}

    assert found(q="inner") == {"mona", "bob", "carol"}
    assert found(q="DAVE@") == {"dave"}
    assert found(role=Role.MANAGER) == {"mona", "dave"}
    assert found(team=cast.secret.team_links.get().team.public_id) == {"mona", "bob", "carol"}
    assert found(q="nobody at all") == set()
    for hostile in ("\0", "%00", "'", "9" * 5000, "²", "🧊", "x" * 10_000):
        assert (
            client.get(MEMBERS, {"q": hostile, "role": hostile, "team": hostile, "after": hostile}).status_code == 200
        )


def test_long_lists_go_on_on_the_next_page(cast, as_member):
    for n in range(60):
        make_member(cast.workspace, name=f"Ola{n:02}")
    client = as_member(cast.carol)
    first = client.get(MEMBERS)
    following = first.context["following"]
    second = client.get(MEMBERS, {"after": following})
    names = [row["member"].name for page in (first, second) for row in page.context["rows"]]
    assert len(names) == 66
    assert names == sorted(names, key=str.lower)


def test_the_list_asks_as_much_with_thirty_members_as_with_three(cast, as_member):
    client = as_member(cast.anton)
    client.get(MEMBERS)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(MEMBERS).status_code == 200
        return len(queries)

    few = asked()
    for n in range(24):
        make_team(cast.workspace, f"Team {n}", make_member(cast.workspace), cast.bob)
    assert asked() == few
