from __future__ import annotations

from django.test import Client

from accounts.models import OneTimeLink, User

SIGN_UP = "/accounts/sign-up/"
FORM = {"person": "Eve", "password": "a longer phrase 4711"}


def test_without_an_invitation_nobody_signs_up(cast, client, post):
    assert "by invitation" in client.get(SIGN_UP).content.decode()
    assert client.post(SIGN_UP, {"email": "eve@example.com"}).status_code == 200
    assert post.mails == []
    assert "Sign up" not in client.get("/accounts/login/").content.decode()


def test_where_it_is_open_a_link_by_mail_makes_the_account(cast, client, post, settings):
    settings.OPEN_SIGN_UP = True
    assert SIGN_UP in client.get("/accounts/login/").content.decode()
    client.post(SIGN_UP, {"email": "Eve@Example.com"})
    link = post.path_to("eve@example.com")
    assert client.post(link, FORM).url == "/"
    assert "You are in no workspace" in client.get("/").content.decode()
    assert client.get(link).status_code == 404
    assert Client().post(link, FORM).status_code == 404


def test_the_answer_does_not_tell_whether_there_is_an_account(cast, client, post, settings):
    settings.OPEN_SIGN_UP = True
    known = client.post(SIGN_UP, {"email": "mona@example.com"}).content.decode()
    unknown = client.post(SIGN_UP, {"email": "nova@example.com"}).content.decode()
    assert "We have sent a link to mona@example.com" in known
    assert "We have sent a link to nova@example.com" in unknown
    assert [mail.template for mail in post.mails] == ["account_exists", "sign_up"]
    assert post.last_to("mona@example.com").context["url"].endswith("/accounts/login/")
    assert not OneTimeLink.by_secret("sign_up", post.path_to("mona@example.com").split("/")[2])


def test_only_the_domains_that_the_operator_names(cast, client, post, settings):
    settings.SIGN_UP_DOMAINS = ["polarline.example"]
    for email in (
        "eve@example.com",
        "eve@polarline.example.evil.com",
        "eve@evilpolarline.example",
        "eve@sub.polarline.example",
    ):
        assert client.post(SIGN_UP, {"email": email}).status_code == 422
    assert client.post(SIGN_UP, {"email": "eve@Polarline.example"}).status_code == 200
    assert [mail.to for mail in post.mails] == ["eve@polarline.example"]


def test_the_link_stops_when_sign_up_is_closed_again(cast, client, post, settings):
    settings.OPEN_SIGN_UP = True
    client.post(SIGN_UP, {"email": "eve@example.com"})
    settings.OPEN_SIGN_UP = False
    assert client.post(post.path_to("eve@example.com"), FORM).status_code == 404
    assert not User.objects.filter(email="eve@example.com").exists()


def test_asking_again_and_again_is_slowed_down(cast, client, post, settings):
    settings.OPEN_SIGN_UP = True
    statuses = [client.post(SIGN_UP, {"email": "eve@example.com"}).status_code for _ in range(7)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
