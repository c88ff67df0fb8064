"""Mails are neither lost nor repeated when the worker is killed: real worker, real SMTP."""

import pytest

from config.celery import app
from jobs import mail
from jobs.models import Mail
from tests.jobs.post_office import PostOffice
from tests.jobs.test_mail import INVITATION
from tests.workers import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture
def office():
    app.control.purge()
    with PostOffice() as office:
        yield office


def all_sent():
    return not Mail.objects.filter(sent_at=None).exists()


def test_every_mail_arrives_once_though_the_worker_is_killed_while_it_sends(cast, worker, office):
    for number in range(30):
        mail.send(f"person{number}@example.com", "invitation", INVITATION, key="invitation")
    first = worker(EMAIL_URL=office.url)
    until(lambda: len(office.mails) >= 10)
    first.kill()
    worker(EMAIL_URL=office.url)
    until(all_sent)
    assert {arrived["To"] for arrived in office.mails} == {f"person{number}@example.com" for number in range(30)}
    assert len({arrived["Message-ID"] for arrived in office.mails}) == 30
    assert len(office.mails) <= 31


def test_a_worker_killed_between_the_servers_yes_and_our_note_sends_the_same_mail_again(cast, worker, office):
    office.answers.clear()
    first = worker(EMAIL_URL=office.url)
    mail.send("zoe@example.com", "invitation", INVITATION, key="invitation")
    until(lambda: office.mails)
    first.kill()
    office.answers.set()
    worker(EMAIL_URL=office.url)
    until(all_sent)
    assert len(office.mails) == 2
    assert len({arrived["Message-ID"] for arrived in office.mails}) == 1
