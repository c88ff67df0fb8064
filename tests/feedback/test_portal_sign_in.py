"""The portal's door: one-time codes that are hashed, work once, expire, and tell nobody who is known."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from config import clock
from feedback import guests
from feedback.models import Contact, PortalAccess, PortalCode, PortalSession
from jobs.models import Mail
from tests.factories import make_contact, make_customer, make_portal

HOME = "/portal/polarline/"
ADDRESS = "henrike@nordfrisk.example"


@pytest.fixture
def portal(cast):
    return make_portal(cast.workspace, cast.product)


@pytest.fixture(autouse=True)
def fresh_counts(db):
    from django.core.cache import cache  # noqa: PLC0415  Valkey is started by the plugin

    cache.clear()


def code_for(address=ADDRESS):
    return re.search(r"\b(\d{4} \d{4})\b", Mail.objects.filter(to=address).latest("pk").text)[1]


def ask(client, address=ADDRESS, **extra):
    return client.post(f"{HOME}sign-in/", {"email": address, **extra})


def test_a_contact_signs_in_with_the_code_from_the_mail(portal, client):
    assert ask(client).url == f"{HOME}code/"
    answer = client.post(f"{HOME}code/", {"code": code_for()})
    assert answer.url == HOME
    assert "Sign out" in client.get(HOME).content.decode()
    assert Contact.objects.get().email == ADDRESS


def test_the_cookie_is_for_the_portal_alone_and_out_of_reach_of_scripts(portal, client):
    ask(client)
    answer = client.post(f"{HOME}code/", {"code": code_for()})
    cookie = answer.cookies[guests.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (HOME, True, "Lax")
    assert "sessionid" not in answer.cookies
    assert PortalSession.objects.get().hash != cookie.value


def test_a_portal_guest_is_no_member(portal, client, cast):
    ask(client, cast.mona.user.email)
    client.post(f"{HOME}code/", {"code": code_for(cast.mona.user.email)})
    answer = client.get("/w/polarline/feedback/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_a_code_works_once(portal, client):
    ask(client)
    code = code_for()
    assert client.post(f"{HOME}code/", {"code": code}).status_code == 302
    other = Client()
    other.cookies[guests.ADDRESS] = ADDRESS
    assert other.post(f"{HOME}code/", {"code": code}).status_code == 422


def test_a_code_is_for_its_address_alone(portal, client):
    ask(client)
    client.cookies[guests.ADDRESS] = "somebody.else@example.com"
    assert client.post(f"{HOME}code/", {"code": code_for()}).status_code == 422
    assert not PortalSession.objects.exists()


def test_a_code_is_for_its_portal_alone(portal, client, cast):
    make_portal(cast.elsewhere.workspace, cast.elsewhere)
    ask(client)
    other = Client()
    other.cookies[guests.ADDRESS] = ADDRESS
    assert other.post("/portal/elsewhere/code/", {"code": code_for()}).status_code == 422


def test_a_code_is_worthless_after_ten_minutes(portal, client, monkeypatch):
    ask(client)
    later = clock.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post(f"{HOME}code/", {"code": code_for()}).status_code == 422


def test_a_new_code_replaces_the_one_before(portal, client):
    ask(client)
    first = code_for()
    ask(client)
    assert client.post(f"{HOME}code/", {"code": first}).status_code == 422
    assert client.post(f"{HOME}code/", {"code": code_for()}).status_code == 302


def test_only_a_hash_of_the_code_is_kept_and_the_mail_forgets_it(portal, client):
    ask(client)
    digits = code_for().replace(" ", "")
    row, mail = PortalCode.objects.get(), Mail.objects.get()
    assert digits not in str(vars(row))
    assert len(digits) >= 6
    assert mail.secret
    mail.deliver()
    mail.refresh_from_db()
    assert digits[:4] not in mail.text + mail.html + mail.key


def test_nobody_learns_who_is_known(cast, portal, client):
    """The same answer, cookie and rows for a contact and for a stranger, of a private portal too."""
    make_portal(cast.workspace, cast.product, access=PortalAccess.PRIVATE)
    make_contact(make_customer(cast.workspace), email=ADDRESS)
    answers = []
    for address in (ADDRESS, "stranger@nowhere.example"):
        browser = Client()
        answer = ask(browser, address)
        page = browser.get(answer.url).content.decode().replace(address, "")
        answers.append((answer.status_code, answer.url, re.sub(r'value="\w{64}"|"X-CSRFToken": "\w+"', "", page)))
    assert answers[0] == answers[1]
    assert PortalCode.objects.count() == 2
    assert [mail.to for mail in Mail.objects.all()] == [ADDRESS]


def test_a_private_portal_lets_in_contacts_and_customers_domains_alone(cast, client):
    make_portal(cast.workspace, cast.product, access=PortalAccess.PRIVATE)
    make_customer(cast.workspace, "Aurora", domain="aurora.example")
    assert client.get(HOME).status_code == 302
    ask(client, "new@aurora.example")
    client.post(f"{HOME}code/", {"code": code_for("new@aurora.example")})
    assert client.get(HOME).status_code == 200
    assert Contact.objects.get().customer.name == "Aurora"


def test_who_came_in_while_a_portal_was_public_is_out_when_it_is_private(cast, portal, client):
    """They became a contact by signing in, but of no customer; a customer's contact stays in."""
    known = make_contact(make_customer(cast.workspace, "Aurora"), email="ann@aurora.example")
    browsers = {ADDRESS: client, known.email: Client()}
    for address, browser in browsers.items():
        ask(browser, address)
        browser.post(f"{HOME}code/", {"code": code_for(address)})
        assert "Sign out" in browser.get(HOME).content.decode()
    make_portal(cast.workspace, cast.product, access=PortalAccess.PRIVATE)
    assert (client.get(HOME).status_code, browsers[known.email].get(HOME).status_code) == (302, 200)
    mails = Mail.objects.filter(to=ADDRESS).count()
    ask(client)
    assert Mail.objects.filter(to=ADDRESS).count() == mails
    known.customer.delete_softly(by=cast.actor("mona"))
    assert browsers[known.email].get(HOME).status_code == 302


def test_a_private_portal_shows_strangers_nothing_but_its_door(cast, client):
    portal = make_portal(cast.workspace, cast.product, access=PortalAccess.PRIVATE)
    for path in ("", "post/", "ideas/abc/"):
        answer = client.get(f"{HOME}{path}")
        assert (answer.status_code, answer.url.split("?")[0]) == (302, f"{HOME}sign-in/")
    assert client.get(f"{HOME}sign-in/").status_code == 200
    assert portal.title not in client.get(f"{HOME}sign-in/").content.decode()


def test_after_ten_tries_at_an_address_there_is_a_pause_even_for_the_right_code(portal, client):
    ask(client)
    for _ in range(10):
        assert client.post(f"{HOME}code/", {"code": "00000000"}).status_code == 422
    answer = client.post(f"{HOME}code/", {"code": code_for()})
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "remaining" not in answer.content.decode()


def test_after_fifty_tries_from_one_place_there_is_a_pause_for_all_addresses(portal, client):
    for number in range(50):
        client.cookies[guests.ADDRESS] = f"victim{number}@example.com"
        assert client.post(f"{HOME}code/", {"code": "00000000"}).status_code == 422
    client.cookies[guests.ADDRESS] = "one.more@example.com"
    assert client.post(f"{HOME}code/", {"code": "00000000"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    elsewhere.cookies[guests.ADDRESS] = "one.more@example.com"
    assert elsewhere.post(f"{HOME}code/", {"code": "00000000"}).status_code == 422


def test_nobody_is_flooded_with_codes(portal, client):
    for _ in range(10):
        assert ask(client).status_code == 302
    assert ask(client, ADDRESS.upper()).status_code == 429
    assert Mail.objects.count() == 10


def test_signing_out_ends_the_session_on_the_server(portal, client):
    ask(client)
    client.post(f"{HOME}code/", {"code": code_for()})
    stolen = client.cookies[guests.COOKIE].value
    client.post(f"{HOME}sign-out/")
    thief = Client()
    thief.cookies[guests.COOKIE] = stolen
    assert "Sign out" not in thief.get(HOME).content.decode()


def test_a_deleted_contact_is_out_at_once(cast, portal, client):
    ask(client)
    client.post(f"{HOME}code/", {"code": code_for()})
    Contact.objects.get().delete_softly(by=cast.actor("mona"))
    assert "Sign out" not in client.get(HOME).content.decode()


def test_a_cookie_of_another_portal_opens_nothing(cast, portal, client):
    make_portal(cast.elsewhere.workspace, cast.elsewhere)
    ask(client)
    client.post(f"{HOME}code/", {"code": code_for()})
    other = Client()
    other.cookies[guests.COOKIE] = client.cookies[guests.COOKIE].value
    assert "Sign out" not in other.get("/portal/elsewhere/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/w/polarline/", "/portal/polarlineX/", "javascript:alert(1)"])  # fmt: skip
def test_after_signing_in_nobody_is_led_elsewhere(portal, client, target):
    ask(client, next=target)
    assert client.post(f"{HOME}code/", {"code": code_for(), "next": target}).url == HOME


def test_a_forged_form_of_another_site_is_refused(portal):
    assert ask(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "a\r\nBcc: x@y.example", "a\x00@b.example", "x" * 400 + "@b.example"])  # fmt: skip
def test_what_is_no_address_is_answered_with_a_sentence(portal, client, address):
    answer = ask(client, address)
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not Mail.objects.exists()


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６７８", "0" * 400, "\x00"])
def test_what_is_no_code_is_answered_with_a_sentence(portal, client, code):
    ask(client)
    assert client.post(f"{HOME}code/", {"code": code}).status_code == 422


def test_a_closed_portal_does_not_exist(cast, client):
    for path in ("", "sign-in/", "code/", "post/"):
        assert client.get(f"{HOME}{path}").status_code == 404
    make_portal(cast.workspace, access=PortalAccess.CLOSED)
    assert client.get(HOME).status_code == 404
