from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.ports import ports
from config import clock
from jobs import letters, mail
from jobs.models import Job, Mail, State
from jobs.running import perform
from jobs.tasks import tidy
from tests.jobs.post_office import PostOffice

INVITATION = {"workspace": "Polarline", "inviter": "Anton", "role": "Viewer", "url": "/join/x/", "until": "2026-12-01"}

NEWS = {
    "workspace": "Polarline",
    "it": {"sentence": "Bob mentioned you", "url": "/w/polarline/p/DSP/items/1/", "excerpt": ""},
    "all_url": "/w/polarline/notifications/",
    "settings_url": "/w/polarline/settings/notifications/",
}


@pytest.fixture(autouse=True)
def no_wake(monkeypatch):
    monkeypatch.setattr("jobs.waking.wake", lambda job_id: None)


@pytest.fixture
def office(settings):
    with PostOffice() as office:
        settings.EMAIL_URL = office.url
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


def send(to="zoe@example.com", key="invitation:1", **context):
    return mail.send(to, "invitation", INVITATION | context, key=key)


def do_all_jobs():
    for pk in Job.objects.unfinished().values_list("pk", flat=True):
        perform(pk)


def test_a_mail_goes_out_as_text_and_html_from_one_template(db, office, settings):
    send()
    do_all_jobs()
    (arrived,) = office.mails
    assert arrived["Subject"] == "Anton invites you to Polarline"
    assert arrived["To"] == "zoe@example.com"
    assert arrived["From"] == settings.DEFAULT_FROM_EMAIL
    text = arrived.get_body(("plain",)).get_content()
    html = arrived.get_body(("html",)).get_content()
    assert f"Join the workspace:\n{settings.BASE_URL}/join/x/" in text
    assert f'<a href="{settings.BASE_URL}/join/x/"' in html
    assert "<" not in text


def test_one_person_gets_one_mail_about_one_event(db, office):
    assert send() is not None
    assert send() is None
    assert send("ZOE@example.com") is None
    assert send("yan@example.com") is not None
    assert send(key="invitation:2") is not None
    do_all_jobs()
    do_all_jobs()
    assert len(office.mails) == 3


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_verb_that_fails_is_never_sent():
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\x0b", "\u2028", "\x85"])
def test_what_people_typed_adds_neither_headers_nor_markup(db, office, end):
    send(inviter=f"Eve{end}Bcc: all@example.com\n\n<script>alert(1)</script>", workspace=f"{{{{ url }}}}{end}& Co")
    do_all_jobs()
    (arrived,) = office.mails
    assert arrived["Bcc"] is None
    assert "\n" not in arrived["Subject"]
    assert "<script>" not in arrived.get_body(("html",)).get_content()
    assert "{{ url }}" in arrived.get_body(("html",)).get_content()
    assert "&amp; Co" in arrived.get_body(("html",)).get_content()
    assert "{{ url }}" in arrived.get_body(("plain",)).get_content()


@pytest.mark.parametrize("to", ["zoe@example.com\nBcc: all@example.com", "no address", "", "a@b.c, d@e.f"])
def test_an_address_that_is_none_is_refused(db, to):
    with pytest.raises(ValidationError):
        send(to)


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "{base}.evil.example/"]
)
def test_mails_link_to_this_installation_only(settings, url):
    with pytest.raises(ValueError, match="this installation"):
        letters.address(url.format(base=settings.BASE_URL))


def test_the_port_of_accounts_is_filled(db):
    assert ports.send_mail is mail.send


def test_a_server_that_is_away_is_tried_again_later(db, office):
    office.close()
    send()
    do_all_jobs()
    job = Job.objects.get()
    assert (job.state, job.attempts) == (State.QUEUED, 1)
    assert Mail.objects.get().sent_at is None


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(db, office):
    office.refuses = "550 no such mailbox"
    send()
    do_all_jobs()
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert "does not accept mail for this address" in job.error


def test_a_temporary_refusal_is_tried_again(db, office):
    office.refuses = "451 later"
    send()
    do_all_jobs()
    assert Job.objects.get().state == State.QUEUED


def test_a_mail_that_went_out_twice_carries_one_message_id(db, office):
    sent = send()
    sent.deliver()
    Mail.objects.update(sent_at=None)
    Mail.objects.get().deliver()
    first, second = office.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"]


def test_a_mail_may_be_written_when_it_goes_out_or_not_at_all(db, office, monkeypatch):
    letter = ("invitation", INVITATION)
    monkeypatch.setitem(Mail.writers, "trial", lambda mail: letter if mail.arguments["still"] else None)
    mail.send_later("zoe@example.com", "trial", key="1", still=True)
    mail.send_later("yan@example.com", "trial", key="1", still=False)
    do_all_jobs()
    do_all_jobs()
    assert [arrived["To"] for arrived in office.mails] == ["zoe@example.com"]
    assert Mail.objects.get(to="yan@example.com").withheld_at is not None
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}


def test_a_mail_that_its_reader_can_stop_tells_mail_programs_how(db, office, settings, monkeypatch):
    monkeypatch.setitem(Mail.writers, "trial", lambda mail: ("invitation", {**INVITATION, **mail.arguments}))
    mail.send_later("zoe@example.com", "trial", key="1", unsubscribe="/updates/x/leave/")
    mail.send_later("yan@example.com", "trial", key="1")
    do_all_jobs()
    stopped, other = sorted(office.mails, key=lambda one: one["To"], reverse=True)
    assert stopped["List-Unsubscribe"] == f"<{settings.BASE_URL}/updates/x/leave/>"
    assert stopped["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert other["List-Unsubscribe"] is None


def test_without_a_mail_server_a_secret_mail_is_printed_and_forgotten(db, monkeypatch, capsys):
    printed = []
    monkeypatch.setattr("jobs.models.mail.print", lambda text, **_: printed.append(text), raising=False)
    mail.send("zoe@example.com", "password_reset", {"name": "Zoe", "url": "/reset/s3cret/"}, key="reset:s3cret")
    do_all_jobs()
    assert "/reset/s3cret/" in printed[0]
    kept = Mail.objects.get()
    assert "s3cret" not in f"{kept.text}{kept.html}{kept.key}{kept.arguments}"
    assert kept.secret


def test_the_administrator_alone_sees_the_outbox_and_never_a_secret(cast, as_member, monkeypatch):
    monkeypatch.setattr("jobs.models.mail.print", lambda text, **_: None, raising=False)
    mail.send("zoe@example.com", "notification", NEWS, key="news:1")
    send(url="/join/s3cret/")
    mail.send("zoe@example.com", "password_reset", {"name": "Zoe", "url": "/reset/s3cret/"}, key="reset:s3cret")
    do_all_jobs()
    shown = as_member(cast.alice).get("/outbox/").content.decode()
    assert "Anton invites you to Polarline" in shown
    assert "Bob mentioned you" in shown
    assert "/w/polarline/p/DSP/items/1/" in shown
    assert "s3cret" not in shown
    for other in (cast.anton, cast.mona, cast.bob, cast.carol, cast.dave, cast.mallory):
        assert as_member(other).get("/outbox/").status_code == 404


def test_the_outbox_is_closed_to_the_signed_out(client, cast):
    assert client.get("/outbox/").status_code == 302


def test_with_a_mail_server_there_is_no_outbox(cast, as_member, office):
    assert as_member(cast.alice).get("/outbox/").status_code == 404


def test_old_mails_lose_their_text_and_are_never_sent_again(db, office):
    send()
    do_all_jobs()
    Mail.objects.update(sent_at=clock.now() - timedelta(days=31))
    Job.objects.update(finished_at=clock.now() - timedelta(days=31))
    tidy()
    tidy()
    assert Mail.objects.get().text == ""
    assert not Job.objects.exists()
    assert send() is None
