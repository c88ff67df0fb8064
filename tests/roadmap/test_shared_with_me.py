"""The home of a stakeholder with an account: what was shared with them, what moved, a question to who shared it."""

from datetime import date

import pytest
from django.core.cache import cache

from discussion.models import Comment, Notification
from roadmap.models import ShareLink
from roadmap.sharing import moves
from tests.factories import SYSTEM, make_item

HOME = "/w/polarline/shared/"


@pytest.fixture
def item(cast):
    cache.clear()
    return make_item(cast.secret, "Live ETA link", horizon="now", ends_on=date(2027, 2, 8))


@pytest.fixture
def link(cast, item):
    """Of a product that Dave does not see."""
    link = ShareLink.open_to(cast.secret, "Nordics", by=cast.actor("mona"), fields=["dates"])
    link.share_with([cast.dave], by=cast.actor("mona"))
    return link


def test_it_stands_on_the_home_of_those_it_was_shared_with_and_of_nobody_else(cast, link, as_member):
    page = as_member(cast.dave).get(HOME).content.decode()
    assert "Nordics" in page
    assert link.token in page
    for other in (cast.carol, cast.bob):
        assert "Nordics" not in as_member(other).get(HOME).content.decode()
        assert as_member(other).get(f"{HOME}{link.public_id}/").status_code == 404
    link.share_with([cast.carol], by=cast.actor("mona"))
    assert "Nordics" not in as_member(cast.dave).get(HOME).content.decode()


def test_it_says_what_moved_as_precisely_as_the_link_does(cast, link, item, as_member):
    moves.notice_all()
    item.edit(by=SYSTEM, ends_on=date(2027, 5, 30), reason="Late")
    moves.notice_all()
    page = as_member(cast.dave).get(HOME).content.decode()
    assert "Live ETA link moved from Q1 2027 to Q2 2027" in page
    assert "Late" not in page, "The link does not allow reasons."
    assert "30 May" not in page
    link.revoke(by=cast.actor("mona"))
    assert "Nordics" not in as_member(cast.dave).get(HOME).content.decode()


def test_a_question_reaches_who_shared_it_and_is_answered(cast, link, as_member):
    dave, mona = as_member(cast.dave), as_member(cast.mona)
    assert dave.post(f"{HOME}{link.public_id}/ask/", {"question": "Why in May?"}).status_code == 302
    link.refresh_from_db()
    assert Notification.objects.filter(member=cast.mona, thread=link.thread).exists()
    assert "Why in May?" in mona.get(f"{HOME}{link.public_id}/").content.decode()
    Comment.post(link.thread, "The supplier.", by=cast.actor("mona"))
    assert "The supplier." in dave.get(f"{HOME}{link.public_id}/").content.decode()
    assert as_member(cast.carol).post(f"{HOME}{link.public_id}/ask/", {"question": "?"}).status_code == 404
    assert not link.thread.is_seen_by(cast.carol)


def test_a_question_that_is_none_gets_a_sentence_and_is_kept(cast, link, as_member):
    long = "why " * 2000
    answer = as_member(cast.dave).post(f"{HOME}{link.public_id}/ask/", {"question": long})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()


def test_the_home_asks_as_much_for_thirty_as_for_three(cast, item, as_member, count_queries):
    dave, counts = as_member(cast.dave), []
    for target in (3, 30):
        while ShareLink.objects.count() < target:
            link = ShareLink.open_to(cast.secret, "Nordics", by=cast.actor("mona"), fields=[])
            link.share_with([cast.dave], by=SYSTEM)
        counts.append(count_queries(lambda: dave.get(HOME)))
    assert counts[0] == counts[1] <= 12


def test_members_are_chosen_in_the_dialog(cast, as_member, item):
    mona = as_member(cast.mona)
    form = {"audience": "Board", "precision": "none", "members": [cast.dave.public_id]}
    looked = mona.post("/w/polarline/p/SEC/share/look/", form).content.decode()
    mark = looked.partition('name="checked" value="')[2].partition('"')[0]
    assert mona.post("/w/polarline/p/SEC/share/", {**form, "checked": mark}).status_code == 302
    assert list(ShareLink.objects.get().members.all()) == [cast.dave]
    assert "Board" in as_member(cast.dave).get(HOME).content.decode()


def test_two_first_questions_at_once_stand_in_one_thread(cast, link):
    """Both were read before either asked."""
    first, second = (ShareLink.objects.get(pk=link.pk) for _n in range(2))
    for one, text in ((first, "Why in May?"), (second, "And the depots?")):
        assert one.thread is None
        one.ask(text, by=cast.actor("dave"))
    link.refresh_from_db()
    assert {one.body for one in Comment.objects.filter(thread=link.thread)} == {"Why in May?", "And the depots?"}
