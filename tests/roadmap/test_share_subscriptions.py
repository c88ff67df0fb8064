"""Hearing of what moves on a link: after a yes, once each, with the reason where it may be told, and only what the link shows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from config import clock
from jobs.models import Mail
from roadmap.models import SharedField, ShareLink, ShareSnapshot, ShareUpdate, Subscription
from roadmap.sharing import moves
from roadmap.sharing.moves import compare
from roadmap.tasks import tell_of_moves
from tests.factories import SYSTEM, make_item


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def item(cast):
    return make_item(cast.product, "Live ETA link", horizon="now", starts_on=date(2027, 1, 5), ends_on=date(2027, 2, 8))


@pytest.fixture
def link(cast, item):
    fields = [SharedField.DATES, SharedField.STATUS, SharedField.REASON]
    return ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=fields)


@pytest.fixture
def morning(cast, monkeypatch):
    """Noon where the workspace is."""
    at = datetime.combine(
        cast.workspace.today(), datetime.min.time(), cast.workspace.zone or ZoneInfo("UTC")
    ) + timedelta(hours=12)
    monkeypatch.setattr("config.clock.now", lambda: at)
    return at


def subscribed(link, email="ann@example.com"):
    Subscription.ask(link, email)
    row = Subscription.objects.get(email=email)
    row.confirm()
    return row


def put_off(item, reason="The supplier is late"):
    item.edit(by=SYSTEM, ends_on=date(2027, 5, 30), reason=reason)


def test_nothing_is_sent_before_a_yes(link, item, morning):
    answer = Client().post(f"/s/{link.token}/subscribe/", {"email": "Ann@Example.com"})
    assert "on its way to" in answer.content.decode()
    assert Mail.objects.get().template == "subscription"
    tell_of_moves()
    put_off(item)
    tell_of_moves()
    assert Mail.objects.count() == 1
    row = Subscription.objects.get()
    assert f"/updates/{row.token}/" in Mail.objects.get().text
    assert Client().get(f"/updates/{row.token}/").status_code == 200
    row.refresh_from_db()
    assert row.confirmed_at is None, "A program that follows links says nothing."
    Client().post(f"/updates/{row.token}/")
    row.refresh_from_db()
    assert row.confirmed_at is not None


def test_who_asks_learns_nothing_of_who_is_subscribed(link):
    subscribed(link)
    known, unknown = (
        Client().post(f"/s/{link.token}/subscribe/", {"email": email}).content.decode()
        for email in ("ann@example.com", "ben@example.com")
    )
    assert known.replace("ann@", "ben@").count("on its way") == unknown.count("on its way") == 1
    assert Mail.objects.filter(to="ann@example.com").count() == 1, "The one that asked at first."


def test_a_move_is_mailed_once_with_its_reason(link, item, morning):
    row = subscribed(link)
    tell_of_moves()
    put_off(item)
    for _again in range(3):
        tell_of_moves()
    mail = Mail.objects.get(writer="share_moves")
    template, context = moves.letter(**mail.arguments)
    assert context["lines"] == [
        {"sentence": "Live ETA link moved from Q1 2027 to Q2 2027", "reason": "The supplier is late"}
    ]
    mail.write(template, context)
    assert f"/updates/{row.token}/leave/" in mail.text
    assert "The supplier is late" in mail.text
    assert "2027-05-30" not in mail.text
    assert "30 May" not in mail.text


def test_a_reason_is_told_only_where_the_link_allows_it(cast, item, morning):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=["dates"])
    moves.notice(link)
    put_off(item)
    update = moves.notice(link)
    assert "reason" not in update.entries[0]


def test_a_move_within_the_quarter_is_no_move_for_who_knows_quarters(link, item, morning):
    moves.notice(link)
    item.edit(by=SYSTEM, ends_on=date(2027, 3, 1))
    assert moves.notice(link) is None


def test_an_item_that_became_internal_is_told_of_nowhere(cast, link, item, morning):
    subscribed(link)
    tell_of_moves()
    put_off(item)
    make_item(cast.product, "Sell the company", horizon="now", ends_on=date(2027, 2, 2), is_internal=True)
    tell_of_moves()
    mail = Mail.objects.get(writer="share_moves")
    feed = f"/feeds/{link.public_id}/{link.feed_signature}/changes.atom"
    assert "Live ETA link" in Client().get(feed).content.decode()
    item.edit(by=SYSTEM, is_internal=True)
    assert moves.letter(**mail.arguments) is None
    text = Client().get(feed).content.decode()
    assert "Live ETA link" not in text
    assert "Sell the company" not in text


def test_what_the_old_terms_allowed_is_not_told_under_new_ones(cast, link, item, morning):
    moves.notice(link)
    put_off(item)
    assert moves.notice(link)
    link.edit(by=cast.actor("mona"), fields=["status"])
    assert not ShareUpdate.objects.exists()
    feed = Client().get(f"/feeds/{link.public_id}/{link.feed_signature}/changes.atom").content.decode()
    assert "Q1 2027" not in feed


def test_a_look_for_moves_tells_what_the_link_allows_by_then(cast, item):
    """The link was read before its terms were changed."""
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=["dates"], precision="day")
    read = ShareLink.objects.get(pk=link.pk)
    link.edit(by=cast.actor("mona"), precision="quarter")
    moves.notice(read)
    assert {card["when"] for card in ShareSnapshot.objects.get(link=link).cards.values()} == {"Q1 2027"}


def test_a_revoked_link_tells_nobody_anything(cast, link, item, morning):
    subscribed(link)
    tell_of_moves()
    put_off(item)
    tell_of_moves()
    mail = Mail.objects.get(writer="share_moves")
    feed = f"/feeds/{link.public_id}/{link.feed_signature}/changes.atom"
    link.revoke(by=cast.actor("mona"))
    assert moves.letter(**mail.arguments) is None
    assert Client().get(feed).status_code == 404


def test_leaving_forgets_the_address_and_may_be_repeated(link):
    row = subscribed(link)
    leave = f"/updates/{row.token}/leave/"
    assert "no more mails?" in Client().get(leave).content.decode()
    assert Subscription.objects.exists()
    for _again in range(2):
        assert "forgotten" in Client().post(leave).content.decode()
    assert not Subscription.objects.exists()
    assert Client().get(f"/updates/{row.token}/").status_code == 404


def test_a_mail_program_presses_the_button_without_having_seen_the_page(link, item, morning):
    row = subscribed(link)
    tell_of_moves()
    put_off(item)
    tell_of_moves()
    mail = Mail.objects.get(writer="share_moves")
    mail.write(*moves.letter(**mail.arguments))
    program, path = Client(enforce_csrf_checks=True), mail.unsubscribe.removeprefix(settings.BASE_URL)
    assert path == f"/updates/{row.token}/leave/"
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()


def test_asking_is_limited_and_a_wrong_address_is_kept(link):
    wrong = Client().post(f"/s/{link.token}/subscribe/", {"email": "ann at home"})
    assert wrong.status_code == 422
    assert "ann at home" in wrong.content.decode()
    statuses = [
        Client().post(f"/s/{link.token}/subscribe/", {"email": "ann@example.com"}).status_code for _n in range(7)
    ]
    assert statuses == [200] * 5 + [429] * 2
    assert Mail.objects.count() == 1


def test_an_address_that_never_said_yes_is_forgotten(link, monkeypatch):
    Subscription.ask(link, "ann@example.com")
    later = clock.now() + timedelta(days=4)
    monkeypatch.setattr("config.clock.now", lambda: later)
    assert Subscription.forget_unconfirmed() == 1


def test_a_password_protects_subscribing_too(cast, item):
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=[], password="polar-night-42")
    Client().post(f"/s/{link.token}/subscribe/", {"email": "ann@example.com"})
    assert not Subscription.objects.exists()


def test_what_differs_is_new_moved_or_of_another_status():
    before = {"a": {"title": "A", "when": "Q1", "status": "Planned"}, "b": {"title": "B", "when": "", "status": ""}}
    after = {"c": {"title": "C", "when": "Q4", "status": ""}, "a": {"title": "A", "when": "Q2", "status": "Done"}}
    assert [(one["item"], one["kind"], one["before"], one["after"]) for one in compare(before, after)] == [
        ("c", "new", "", "Q4"),
        ("a", "moved", "Q1", "Q2"),
        ("a", "status", "Planned", "Done"),
    ]
    assert compare(after, after) == []
