from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Invitation, Member, User
from accounts.models.invitation import InvitationUnusable
from accounts.refusals import Refused
from accounts.roles import Role
from config import clock
from tests.factories import make_user

MEMBERS = "/w/polarline/settings/members/"
NEWCOMER = {"person": "Nils Berg", "password": "a longer phrase 4711"}


@pytest.fixture(autouse=True)
def mail_server(settings):
    """Invitations go by mail; what `post` takes is not sent."""
    settings.EMAIL_URL = "smtp://mail.example"


@pytest.fixture
def invited(cast, as_member, post):
    """The path of the link that Anton has sent to nils@example.com."""
    answer = as_member(cast.anton).post(f"{MEMBERS}invite/", {"emails": "Nils@example.com", "role": Role.MANAGER})
    assert answer.status_code == 302
    return post.path_to("nils@example.com")


def test_a_new_person_joins_by_the_link_and_is_signed_in(cast, client, invited, post):
    page = client.get(invited).content.decode()
    assert "Join Polarline" in page
    assert "Anton" not in page
    assert client.post(invited, NEWCOMER).url == "/w/polarline/"
    member = Member.objects.get(user__email="nils@example.com")
    assert (member.role, member.name) == (Role.MANAGER, "Nils Berg")
    assert client.get(MEMBERS).status_code == 200
    assert post.last_to("nils@example.com").context["inviter"] == "Anton"


def test_the_link_works_once(cast, client, invited):
    client.post(invited, NEWCOMER)
    for visitor in (Client(), client):
        assert visitor.get(invited).status_code == 404
        assert visitor.post(invited, NEWCOMER).status_code == 404
    assert User.objects.filter(email="nils@example.com").count() == 1


def test_of_two_who_accept_at_once_one_gets_in(cast, invited):
    first = Invitation.by_secret(invited.split("/")[2])
    second = Invitation.by_secret(invited.split("/")[2])
    first.accept_as_newcomer("Nils", "a longer phrase 4711")
    with pytest.raises(InvitationUnusable):
        second.accept_as_newcomer("Somebody else", "a longer phrase 4711")


def test_a_known_person_signs_in_and_accepts(cast, client, invited):
    make_user("nils")
    page = client.get(invited).content.decode()
    assert f"/accounts/login/?next={invited}" in page
    assert client.post(invited, NEWCOMER).status_code == 200
    assert not Member.objects.filter(user__email="nils@example.com").exists()
    signed = client.post(
        "/accounts/login/", {"login": "nils@example.com", "password": "correct horse battery", "next": invited}
    )
    assert signed.url == invited
    assert client.post(invited).url == "/w/polarline/"
    assert Member.objects.get(user__email="nils@example.com").role == Role.MANAGER
    assert User.objects.get(email="nils@example.com").check_password("correct horse battery")


def test_with_a_mail_server_the_link_is_shown_to_nobody_else(cast, as_member, post):
    anton = as_member(cast.anton)
    answer = anton.post(f"{MEMBERS}invite/", {"emails": "nils@example.com", "role": Role.MANAGER}, follow=True)
    invitation = Invitation.objects.get()
    again = anton.post(f"/w/polarline/settings/invitations/{invitation.public_id}/send-again/", follow=True)
    for mail in post.mails:
        secret = mail.context["url"].split("/")[-2]
        assert secret not in answer.content.decode() + again.content.decode()


def test_an_admin_gets_no_link_that_makes_an_owner(cast, as_member, api, settings, post):
    """Without a mail server the link is shown to whoever sends it: an admin could have joined by it, as an owner."""
    settings.EMAIL_URL = ""
    as_member(cast.alice).post(f"{MEMBERS}invite/", {"emails": "second@example.com", "role": Role.OWNER})
    invitation = Invitation.objects.get()
    page, anton = f"/w/polarline/settings/invitations/{invitation.public_id}/", as_member(cast.anton)
    assert anton.post(f"{page}send-again/").status_code == 403
    assert anton.post(f"{page}revoke/").status_code == 403
    assert "Send again" not in anton.get(MEMBERS).content.decode()
    url = f"/api/v1/invitations/{invitation.public_id}/"
    assert api(cast.anton, "post", f"{url}send-again/").status_code == 403
    assert api(cast.anton, "delete", url).status_code == 403
    assert api(cast.anton, "get", url).status_code == 200
    assert "Send again" in as_member(cast.alice).get(MEMBERS).content.decode()
    assert as_member(cast.alice).post(f"{page}send-again/").status_code == 200


def test_without_a_mail_server_who_invites_gets_the_link_once(cast, as_member, client, post, settings):
    settings.EMAIL_URL = ""
    anton = as_member(cast.anton)
    answer = anton.post(f"{MEMBERS}invite/", {"emails": "nils@example.com zoe@example.com", "role": Role.MANAGER})
    assert answer["Cache-Control"] == "private, no-store"
    shown = answer.content.decode()
    assert all(mail.context["url"] in shown for mail in post.mails)
    old = post.path_to("nils@example.com")
    assert "/join/" not in anton.get(MEMBERS).content.decode()
    invitation = Invitation.objects.get(email="nils@example.com")
    again = anton.post(f"/w/polarline/settings/invitations/{invitation.public_id}/send-again/")
    assert post.path_to("nils@example.com") in again.content.decode()
    assert client.get(old).status_code == 404
    assert client.post(post.path_to("nils@example.com"), NEWCOMER).url == "/w/polarline/"


def test_another_address_cannot_use_it(cast, as_member, invited):
    client = as_member(cast.mallory)
    assert "another address" in client.get(invited).content.decode()
    assert client.post(invited, NEWCOMER).status_code == 422
    assert not Member.objects.filter(workspace=cast.workspace, user=cast.mallory.user).exists()
    with pytest.raises(InvitationUnusable):
        Invitation.by_secret(invited.split("/")[2]).accept(cast.mallory.user)


def test_it_expires(cast, client, invited, monkeypatch):
    later = clock.now() + timedelta(days=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(invited).status_code == 404
    assert client.post(invited, NEWCOMER).status_code == 404


def test_it_can_be_revoked(cast, as_member, client, invited):
    invitation = Invitation.objects.get()
    as_member(cast.anton).post(f"/w/polarline/settings/invitations/{invitation.public_id}/revoke/")
    assert client.get(invited).status_code == 404
    assert client.post(invited, NEWCOMER).status_code == 404
    assert "nils@example.com" not in as_member(cast.anton).get(MEMBERS).content.decode()


def test_sent_again_the_new_link_works_and_the_old_one_does_not(cast, as_member, client, invited, post):
    invitation = Invitation.objects.get()
    as_member(cast.anton).post(f"/w/polarline/settings/invitations/{invitation.public_id}/send-again/")
    assert len(post.mails) == 2
    assert client.get(invited).status_code == 404
    assert client.post(post.path_to("nils@example.com"), NEWCOMER).url == "/w/polarline/"
    with pytest.raises(Refused):
        invitation.send_again(by=cast.actor("anton"))


def test_a_second_invitation_replaces_the_first(cast, as_member, client, invited, post):
    as_member(cast.anton).post(f"{MEMBERS}invite/", {"emails": "nils@example.com", "role": Role.VIEWER})
    assert client.get(invited).status_code == 404
    client.post(post.path_to("nils@example.com"), NEWCOMER)
    assert Member.objects.get(user__email="nils@example.com").role == Role.VIEWER


def test_an_invited_person_starts_in_the_team(cast, as_member, client, post):
    team = cast.secret.team_links.get().team
    form = {"emails": "nils@example.com", "role": Role.CONTRIBUTOR, "team": team.public_id, "job_title": "designer"}
    as_member(cast.anton).post(f"{MEMBERS}invite/", form)
    client.post(post.path_to("nils@example.com"), NEWCOMER)
    member = Member.objects.get(user__email="nils@example.com")
    assert list(member.teams.all()) == [team]
    assert member.job_title == "designer"


def test_somebody_removed_comes_back_with_the_new_role(cast, as_member, client, post):
    cast.bob.remove(by=cast.actor("alice"))
    as_member(cast.anton).post(f"{MEMBERS}invite/", {"emails": "bob@example.com", "role": Role.VIEWER})
    bobs = as_member(cast.bob)
    assert bobs.post(post.path_to("bob@example.com")).status_code == 302
    cast.bob.refresh_from_db()
    assert (cast.bob.role, cast.bob.removed_at) == (Role.VIEWER, None)


def test_admins_invite_no_owners(cast, as_member, post):
    form = {"emails": "nils@example.com", "role": Role.OWNER}
    assert as_member(cast.anton).post(f"{MEMBERS}invite/", form).status_code == 422
    assert as_member(cast.alice).post(f"{MEMBERS}invite/", form).status_code == 302
    assert len(post.mails) == 1


def test_several_at_once_and_a_wrong_one_stops_them_all(cast, as_member, post):
    client = as_member(cast.anton)
    client.post(
        f"{MEMBERS}invite/", {"emails": "a@example.com, b@example.com\nA@example.com;c@example.com", "role": 10}
    )
    assert [mail.to for mail in post.mails] == ["a@example.com", "b@example.com", "c@example.com"]
    client.post(f"{MEMBERS}invite/", {"emails": "Eva Berg <eva@example.com>; Finn <finn@example.com>", "role": 10})
    assert [mail.to for mail in post.mails[3:]] == ["eva@example.com", "finn@example.com"]
    for emails, sentence in (
        ("d@example.com not-an-address", "not-an-address is not an e-mail address."),
        ("d@example.com mona@example.com", "mona@example.com is a member already."),
        ("d@example.com\r\nBcc: e@example.com", "is not an e-mail address"),
        (" ".join(f"p{n}@example.com" for n in range(51)), "at most 50"),
        (",,, ", "at least one address"),
    ):
        answer = client.post(f"{MEMBERS}invite/", {"emails": emails, "role": 10})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "d@example.com" not in emails or "d@example.com" in answer.content.decode()
    assert len(post.mails) == 5


def test_the_host_of_who_asked_is_not_in_the_mail(cast, as_member, post, settings):
    settings.BASE_URL = "https://cradle.example"
    as_member(cast.anton).post(
        f"{MEMBERS}invite/", {"emails": "nils@example.com", "role": 10}, headers={"host": "127.0.0.1"}
    )
    assert post.last_to("nils@example.com").context["url"].startswith("https://cradle.example/join/")


def test_a_secret_is_kept_as_a_hash_only(cast, invited):
    secret = invited.split("/")[2]
    assert secret not in str(Invitation.objects.values())


def test_a_weak_password_is_refused_and_the_name_kept(cast, client, invited):
    for password in ("short", "password12", "nils@example.com", ""):
        answer = client.post(invited, {"person": "Nils Berg", "password": password})
        assert answer.status_code == 422
        assert "Nils Berg" in answer.content.decode()
    assert client.post(invited, {**NEWCOMER, "person": "\0"}).status_code == 422
    assert client.post(invited, NEWCOMER).status_code == 302


def test_guessing_links_is_answered_alike(cast, client, invited):
    for secret in ("x", "x" * 5000, "%00", "🧊"):
        assert client.get(f"/join/{secret}/").status_code == 404
        assert client.get(f"/setup/{secret}/").status_code == 404
