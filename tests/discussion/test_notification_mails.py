from datetime import UTC, datetime

import pytest

from accounts.models import User
from config import clock
from discussion.models import Notification, Preference, When
from discussion.tasks import digests
from jobs.models import Mail
from tests.factories import make_team


def sent():
    return list(Mail.objects.exclude(sent_at=None).order_by("pk"))


@pytest.fixture
def at(monkeypatch):
    """at(2026, 6, 1, 8): it is that time, in UTC."""

    def travel(*when):
        monkeypatch.setattr(clock, "now", lambda: datetime(*when, tzinfo=UTC))

    return travel


def test_a_mention_is_mailed_at_once_and_once(cast, item, say, do_all_jobs, settings):
    say("mona", item, "@Bob is this fast?")
    do_all_jobs()
    do_all_jobs()
    (mail,) = sent()
    assert mail.to == "bob@example.com"
    assert mail.subject == f"Mona mentioned you on DSP-{item.number} Live ETA link"
    assert "> @Bob is this fast?" in mail.text
    assert f"{settings.BASE_URL}/w/polarline/p/DSP/items/{item.number}/" in mail.text


def test_who_wants_no_mail_gets_none(cast, item, say, do_all_jobs):
    Preference.objects.create(member=cast.bob, mention=When.NEVER)
    say("mona", item, "@Bob")
    do_all_jobs()
    assert sent() == []
    assert Notification.objects.filter(member=cast.bob).exists()


def out_of_the_team(cast, secret_item):
    cast.secret.limit_to([], by=cast.actor("alice"))
    cast.secret.limit_to([make_team(cast.workspace, "Nobody")], by=cast.actor("alice"))


@pytest.mark.parametrize(
    "happens",
    [
        lambda cast, item: cast.bob.remove(by=cast.actor("alice")),
        out_of_the_team,
        lambda cast, item: item.delete_softly(by=cast.actor("mona")),
        lambda cast, item: item.thread.comments.get().delete_softly(by=cast.actor("mona")),
        lambda cast, item: Notification.objects.get(member=cast.bob).read(),
        lambda cast, item: User.objects.filter(pk=cast.bob.user_id).update(is_active=False),
    ],
    ids=["removed", "another team", "item deleted", "comment deleted", "read already", "account closed"],
)
def test_what_changed_before_the_mail_goes_out_counts(cast, secret_item, say, do_all_jobs, happens):
    say("mona", secret_item, "@Bob psst")
    happens(cast, secret_item)
    do_all_jobs()
    assert sent() == []
    assert Mail.objects.get(to="bob@example.com").withheld_at is not None


def test_the_digest_comes_in_the_morning_of_the_person_with_all_of_yesterday(cast, item, say, do_all_jobs, at):
    User.objects.filter(pk=cast.bob.user_id).update(time_zone="America/New_York")
    item.thread.watch(cast.bob)
    at(2026, 6, 1, 20)
    say("mona", item, "one")
    say("carol", item, "two")
    at(2026, 6, 2, 11, 50)
    digests()
    assert not Mail.objects.filter(to="bob@example.com").exists()
    at(2026, 6, 2, 12, 10)
    digests()
    digests()
    do_all_jobs()
    (mail,) = [mail for mail in sent() if mail.to == "bob@example.com"]
    assert mail.subject == "Polarline: 2 things since yesterday"
    assert "> one" in mail.text
    assert "> two" in mail.text


def test_what_comes_after_the_morning_waits_for_the_next(cast, item, say, do_all_jobs, at):
    item.thread.watch(cast.bob)
    at(2026, 6, 1, 9)
    say("mona", item, "after eight")
    digests()
    assert not Mail.objects.exists()
    at(2026, 6, 2, 8, 1)
    digests()
    do_all_jobs()
    assert len(sent()) == 1
    at(2026, 6, 3, 8, 1)
    digests()
    assert Mail.objects.count() == 1


def test_a_digest_holds_only_what_its_reader_still_sees(cast, item, secret_item, say, do_all_jobs, at):
    for one in (item, secret_item):
        one.thread.watch(cast.bob)
    at(2026, 6, 1, 20)
    say("mona", item, "open words")
    say("mona", secret_item, "hidden words")
    at(2026, 6, 2, 8, 1)
    digests()
    out_of_the_team(cast, secret_item)
    do_all_jobs()
    (mail,) = sent()
    assert "open words" in mail.text
    assert "hidden words" not in mail.text + mail.html
    assert "Secret plan" not in mail.text + mail.html


def test_what_was_read_is_not_in_the_digest(cast, item, say, do_all_jobs, at):
    item.thread.watch(cast.bob)
    at(2026, 6, 1, 20)
    say("mona", item, "read already")
    Notification.objects.visible_to(cast.bob).read_all()
    at(2026, 6, 2, 8, 1)
    digests()
    assert not Mail.objects.exists()


def test_whoever_chose_never_in_the_meantime_gets_no_digest(cast, item, say, at):
    item.thread.watch(cast.bob)
    at(2026, 6, 1, 20)
    say("mona", item, "one")
    Preference.objects.create(member=cast.bob, comment=When.NEVER)
    at(2026, 6, 2, 8, 1)
    digests()
    assert not Mail.objects.exists()


def test_preferences_are_ones_own_and_are_kept(cast, as_member):
    client = as_member(cast.bob)
    shown = client.get("/w/polarline/settings/notifications/").content.decode()
    assert "At once" in shown
    wish = dict.fromkeys(["mention", "assignment", "sign_off", "comment", "job"], "daily")
    assert client.post("/w/polarline/settings/notifications/", wish).status_code == 302
    assert Preference.of(cast.bob).daily_kinds() == ["mention", "assignment", "sign_off", "comment", "job"]
    assert Preference.of(cast.mona).daily_kinds() == ["comment"]
    refused = client.post("/w/polarline/settings/notifications/", wish | {"mention": "hourly"})
    assert refused.status_code == 422


def test_old_digests_are_not_sent_for_a_workspace_that_is_gone(cast, item, say, at):
    item.thread.watch(cast.bob)
    at(2026, 6, 1, 20)
    say("mona", item, "one")
    cast.bob.remove(by=cast.actor("alice"))
    at(2026, 6, 2, 8, 1)
    digests()
    assert not Mail.objects.filter(to="bob@example.com").exists()
