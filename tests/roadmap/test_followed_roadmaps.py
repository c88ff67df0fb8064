"""A member follows a kept roadmap: what others change on it stands on their home and comes by mail, as far as they see it."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from changes.models import Change
from config import clock
from jobs.models import Mail
from roadmap.models import Roadmap, Subscription
from roadmap.tasks import tell_of_moves
from roadmap.time_machine import following
from tests.factories import SYSTEM, make_item, make_team

START, END = (clock.now() + timedelta(days=10)).date(), (clock.now() + timedelta(days=30)).date()


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def items(cast):
    """One of each product, planned three weeks ago."""
    with Change.open("told", by=SYSTEM, workspace=cast.workspace, at=clock.now() - timedelta(days=21)) as change:
        return [
            make_item(cast.product, "Live ETA link", by=change, starts_on=START, ends_on=END),
            make_item(cast.secret, "Quiet cab", by=change, starts_on=START, ends_on=END),
        ]


@pytest.fixture
def kept(cast, items):
    products = [cast.product, cast.secret]
    return Roadmap.keep(cast.workspace, "Board plan", products, by=cast.actor("mona"), owner=cast.mona, is_shared=True)


@pytest.fixture
def noon(cast, monkeypatch):
    """The next noon where the workspace is, which is the morning after whoever follows began to."""

    def at(days: int) -> datetime:
        day = cast.workspace.today() + timedelta(days=days)
        found = datetime.combine(day, datetime.min.time(), cast.workspace.zone) + timedelta(hours=12)
        monkeypatch.setattr("config.clock.now", lambda: found)
        return found

    return at


def address(kept, rest):
    return f"/w/polarline/roadmaps/{kept.public_id}/{rest}/"


def put_off(item, by=SYSTEM):
    item.edit(by=by, ends_on=END + timedelta(days=14), reason="The supplier is late")


def letters():
    return [following.letter(**one.arguments) for one in Mail.objects.filter(writer="roadmap_moves").order_by("pk")]


def test_whoever_sees_it_follows_and_leaves_it(cast, kept, as_member):
    carol = as_member(cast.carol)
    page = carol.get(f"/w/polarline/roadmaps/{kept.public_id}/").content.decode()
    assert 'value="1" aria-pressed="false" aria-label="Follow"' in page
    assert '<form method="post" class="follow"' in page, "On a phone too, there by its picture alone."
    for _twice in range(2):
        assert carol.post(address(kept, "follow"), {"follow": "1"}).status_code == 302
    assert Subscription.objects.get().member == cast.carol
    assert (
        'value="" aria-pressed="true" aria-label="Following"'
        in carol.get(f"/w/polarline/roadmaps/{kept.public_id}/").content.decode()
    )
    home = carol.get("/w/polarline/shared/").content.decode()
    assert 'id="followed-1">Board plan' in home
    assert 'moved/" hx-trigger="intersect once"' in home, "Fifty of them do not ask all at once."
    carol.post(address(kept, "follow"), {"follow": ""})
    assert not Subscription.objects.exists()
    assert "followed-1" not in carol.get("/w/polarline/shared/").content.decode()
    assert as_member(cast.mallory).post(address(kept, "follow"), {"follow": "1"}).status_code == 404


def test_what_others_changed_on_any_product_is_told_with_the_reason(cast, kept, items, as_member):
    put_off(items[1], by=cast.actor("mona"))
    page = as_member(cast.carol).get(address(kept, "moved")).content.decode()
    assert "Quiet cab (SEC-1): Slipped +2 weeks" in page
    assert "The supplier is late" in page
    assert "Mona" in page
    assert "Quiet cab" not in as_member(cast.mona).get(address(kept, "moved")).content.decode(), (
        "It was their own doing."
    )
    dave = as_member(cast.dave).get(address(kept, "moved")).content.decode()
    assert "Quiet cab" not in dave
    assert "Nothing moved lately" in dave


def test_a_mail_comes_once_in_the_morning_after_something_moved(cast, kept, items, noon):
    Subscription.follow(kept, cast.carol)
    put_off(items[0])
    tell_of_moves()
    assert not letters(), "Whoever began to follow today hears tomorrow."
    noon(1)
    for _again in range(3):
        tell_of_moves()
    ((template, context),) = letters()
    assert template == "share_moves"
    assert [line["sentence"].partition(":")[0] for line in context["lines"]] == ["Live ETA link (DSP-1)"]
    assert context["lines"][0]["reason"] == "The supplier is late"
    mail = Mail.objects.get(writer="roadmap_moves")
    mail.write(template, context)
    assert mail.to == cast.carol.user.email
    assert "Board plan" in mail.subject
    noon(2)
    tell_of_moves()
    assert len(letters()) == 1, "Nothing moved since."


def test_who_does_not_see_a_product_hears_nothing_of_it(cast, kept, items, noon):
    for member in (cast.dave, cast.carol):
        Subscription.follow(kept, member)
    put_off(items[1])
    noon(1)
    tell_of_moves()
    assert Mail.objects.get(writer="roadmap_moves").to == cast.carol.user.email
    cast.secret.limit_to([make_team(cast.workspace, "Few", cast.mona)], by=SYSTEM)
    assert letters() == [None], "What is seen is looked at once more when it goes out."


def test_a_roadmap_that_is_gone_and_a_member_who_left_are_not_told(cast, kept, items, noon):
    Subscription.follow(kept, cast.carol)
    Subscription.follow(kept, cast.bob)
    put_off(items[0])
    noon(1)
    tell_of_moves()
    assert len(letters()) == 2
    cast.bob.remove(by=cast.actor("alice"))
    assert [one is None for one in letters()].count(True) == 1
    kept.delete_softly(by=cast.actor("mona"))
    assert letters() == [None, None]


def test_the_link_in_a_mail_ends_it(cast, kept):
    Subscription.follow(kept, cast.carol)
    row = Subscription.objects.get()
    assert Client().get(f"/updates/{row.token}/leave/").status_code == 200
    assert Client().post(f"/updates/{row.token}/leave/").status_code == 200
    assert not Subscription.objects.exists()


def test_only_what_the_roadmap_filters_is_told(cast, kept, items, as_member):
    kept.edit(by=cast.actor("mona"), query="type=bug")
    put_off(items[0])
    assert "Nothing moved lately" in as_member(cast.carol).get(address(kept, "moved")).content.decode()


def test_the_home_asks_as_much_for_many_roadmaps_as_for_few(cast, kept, as_member, count_queries):
    carol, counts = as_member(cast.carol), []
    for size in (3, 30):
        for n in range(size):
            other = Roadmap.objects.filter(name=f"Plan {n}").first() or Roadmap.keep(
                cast.workspace, f"Plan {n}", [cast.product], by=SYSTEM, owner=cast.mona, is_shared=True
            )
            Subscription.follow(other, cast.carol)
        counts.append(count_queries(lambda: carol.get("/w/polarline/shared/")))
    assert counts[0] == counts[1]


def test_days_are_those_of_the_plan(cast, kept, items, as_member):
    items[0].edit(by=SYSTEM, ends_on=date(2031, 5, 30))
    assert "30 May 2031" in as_member(cast.carol).get(address(kept, "moved")).content.decode()


def test_more_than_is_looked_at_is_said_with_a_way_to_all_of_it(cast, kept, items, as_member, monkeypatch):
    monkeypatch.setattr("roadmap.time_machine.lately.MOST", 2)
    carol = as_member(cast.carol)
    more = [make_item(cast.product, f"More {n}", starts_on=START, ends_on=END) for n in range(2)]
    page = carol.get(address(kept, "moved")).content.decode()
    assert "only those that were changed last" not in page
    put_off(items[0])
    page = carol.get(address(kept, "moved")).content.decode()
    assert "Others changed more than" in page
    assert "Live ETA link" in page, "It was changed last."
    assert f"?compare={(clock.now() - following.LATELY).isoformat()[:10]}" in page
    assert more[0].title not in page


def test_what_has_no_line_of_its_own_is_counted(cast, kept, items, as_member, monkeypatch):
    monkeypatch.setattr("roadmap.time_machine.following.LISTED", 1)
    for one in items:
        put_off(one)
    page = as_member(cast.carol).get(address(kept, "moved")).content.decode()
    assert "and 1 more" in page
    assert "?compare=" in page


def test_the_job_goes_through_followers_some_at_a_time_and_each_is_told_once(cast, kept, items, noon, monkeypatch):
    monkeypatch.setattr("roadmap.time_machine.following.AT_ONCE", 2)
    followers = [cast.alice, cast.anton, cast.bob, cast.carol, cast.mona]
    for member in followers:
        Subscription.follow(kept, member)
    put_off(items[0])
    noon(1)
    for _again in range(2):
        tell_of_moves()
    told = Mail.objects.filter(writer="roadmap_moves").values_list("to", flat=True)
    assert sorted(told) == sorted(one.user.email for one in followers)


def test_a_morning_on_which_nothing_moved_asks_as_much_for_many_followers_as_for_few(
    cast, kept, items, noon, count_queries
):
    counts = []
    for day, size in ((1, 3), (2, 30)):
        for n in range(size):
            other = Roadmap.objects.filter(name=f"Plan {n}").first() or Roadmap.keep(
                cast.workspace, f"Plan {n}", [cast.product], by=SYSTEM, owner=cast.mona, is_shared=True
            )
            Subscription.follow(other, cast.carol)
        now = noon(day)
        counts.append(count_queries(following.mail_all))
        assert not Subscription.objects.exclude(told_at=now).exists()
    assert counts[0] == counts[1]
    assert not Mail.objects.filter(writer="roadmap_moves").exists()


def test_nobody_is_told_before_the_morning_of_their_workspace(cast, kept, items, noon, monkeypatch):
    Subscription.follow(kept, cast.carol)
    put_off(items[0])
    night = noon(1) - timedelta(hours=8)
    monkeypatch.setattr("config.clock.now", lambda: night)
    assert following.mail_all() == 0
    noon(1)
    assert following.mail_all() == 1


@pytest.fixture
def feed(cast, kept, items, as_member):
    """Its address as Carol's home says it; yesterday both items were put off."""
    Subscription.follow(kept, cast.carol)
    at = clock.now() - timedelta(days=1)
    with Change.open(
        "told", by=cast.actor("mona"), workspace=cast.workspace, at=at, reason="The supplier is late"
    ) as change:
        for one in items:
            put_off(one, by=change)
    page = as_member(cast.carol).get(address(kept, "moved")).content.decode()
    url = Subscription.objects.get().feed_url
    assert f'href="{url}"' in page
    return url.partition("//")[2].partition("/")[2]


def read(feed, client=None):
    return (client or Client()).get(f"/{feed}")


def test_what_moved_is_read_as_a_feed_as_the_follower_sees_it(cast, items, feed):
    answer = read(feed)
    text = answer.content.decode()
    assert (answer.status_code, text.count("<entry>")) == (200, 1)
    for words in ("Live ETA link (DSP-1): Slipped +2 weeks", "Quiet cab", "(Mona). The supplier is late"):
        assert words in text
    assert "no-store" in answer["Cache-Control"]
    cast.secret.limit_to([make_team(cast.workspace, "Few", cast.mona)], by=SYSTEM)
    assert "Quiet cab" not in read(feed).content.decode()
    items[0].edit(by=SYSTEM, ends_on=END + timedelta(days=40), reason="Later still")
    assert read(feed).content.decode().count("<entry>") == 1, "Today is told when it is over."


def test_an_address_that_is_wrong_or_over_reads_nothing(cast, kept, feed):
    token = Subscription.objects.get().token
    for wrong in (f"feeds/followed/{token}/x/changes.atom", feed.replace(token, "x" * 22)):
        assert read(wrong).status_code == 404
    kept.edit(by=cast.actor("mona"), is_shared=False)
    assert read(feed).status_code == 404, "They do not see it any more."
    kept.edit(by=cast.actor("mona"), is_shared=True)
    assert read(feed).status_code == 200
    Subscription.unfollow(kept, cast.carol)
    Subscription.follow(kept, cast.carol)
    assert read(feed).status_code == 404, "Following anew makes another address."


def test_the_feed_ends_with_the_membership(cast, feed):
    cast.carol.remove(by=cast.actor("alice"))
    assert read(feed).status_code == 404
