from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User

ASK = "/accounts/password/reset/"
NEW = "a longer phrase 4711"


def choose(client, link, password=NEW):
    """Open the link and send the form that it leads to."""
    form = client.get(link)
    return client.post(form.url, {"password1": password}) if form.status_code == 302 else form


def signs_in(password):
    return Client().post("/accounts/login/", {"login": "mona@example.com", "password": password}).status_code == 302


def test_a_link_by_mail_sets_a_new_password_once(cast, client, post):
    assert client.post(ASK, {"email": "Mona@example.com"}).status_code == 302
    link = post.path_to("mona@example.com")
    assert choose(client, link).url.endswith("/done/")
    assert signs_in(NEW)
    assert not signs_in("correct horse battery")
    again = choose(Client(), link, "yet another phrase 42")
    assert again.status_code == 200
    assert "does not work any more" in again.content.decode()
    assert signs_in(NEW)


def test_all_sessions_and_streams_end(cast, as_member, client, post, closed_streams):
    elsewhere = as_member(cast.mona)
    assert elsewhere.get("/w/polarline/settings/you/").status_code == 200
    client.post(ASK, {"email": "mona@example.com"})
    with closed_streams() as closed:
        choose(client, post.path_to("mona@example.com"))
    assert closed == [cast.mona]
    assert elsewhere.get("/w/polarline/settings/you/").status_code == 302


def test_the_answer_does_not_tell_whether_there_is_an_account(cast, client, post):
    known = client.post(ASK, {"email": "mona@example.com"})
    unknown = client.post(ASK, {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in post.mails] == ["mona@example.com"]


def test_the_host_of_who_asked_is_not_in_the_mail(cast, client, post, settings):
    settings.BASE_URL = "https://cradle.example"
    client.post(ASK, {"email": "mona@example.com"}, headers={"host": "127.0.0.1:6666"})
    assert post.last_to("mona@example.com").context["url"].startswith("https://cradle.example/accounts/password/reset/")
    assert client.post(ASK, {"email": "mona@example.com"}, headers={"host": "evil.example"}).status_code == 400


def test_asking_again_and_again_is_slowed_down(cast, client, post):
    statuses = [client.post(ASK, {"email": "mona@example.com"}).status_code for _ in range(7)]
    assert statuses[-1] == 429


@pytest.mark.parametrize("password", ["short", "password12", "", "\0" * 12])
def test_a_weak_password_is_refused_and_the_link_stays(cast, client, post, password):
    client.post(ASK, {"email": "mona@example.com"})
    link = post.path_to("mona@example.com")
    assert choose(client, link, password).status_code == 422
    assert choose(client, link).status_code == 302
    assert signs_in(NEW)


def test_the_address_of_somebody_removed_from_all_workspaces_still_resets(cast, client, post):
    cast.mona.remove(by=cast.actor("alice"))
    client.post(ASK, {"email": "mona@example.com"})
    assert len(post.mails) == 1


def printed(*arguments, **options):
    out = io.StringIO()
    call_command("resetpassword", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_a_link_that_works_once(cast, client):
    link = printed("Mona@example.com").splitlines()[-1].removeprefix("http://localhost:8000")
    assert choose(client, link).status_code == 302
    assert signs_in(NEW)
    assert choose(Client(), link, "yet another phrase 42").status_code == 200


def test_the_command_sets_a_password_from_standard_input(cast, as_member, monkeypatch):
    elsewhere = as_member(cast.mona)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NEW}\n"))
    assert "mona@example.com" in printed("mona@example.com", password_stdin=True)
    assert signs_in(NEW)
    assert elsewhere.get("/w/polarline/settings/you/").status_code == 302


def test_the_command_refuses_weak_passwords_and_unknown_people(cast, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        printed("mona@example.com", password_stdin=True)
    with pytest.raises(CommandError, match="Nobody here signs in as eve@example.com"):
        printed("eve@example.com")
    assert User.objects.get(email="mona@example.com").check_password("correct horse battery")


def test_the_link_ends_with_time(cast, client, post, monkeypatch, settings):
    client.post(ASK, {"email": "mona@example.com"})
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert choose(client, post.path_to("mona@example.com")).status_code == 200
    assert signs_in("correct horse battery")
