from datetime import timedelta

import pytest

from changes.models import Change
from config import clock
from discussion.models import Comment
from lifecycle.models import Gate, Visit
from tests.factories import make_item, status

MY = "/w/polarline/my/"


def page_of(client, query=""):
    answer = client.get(MY + query)
    assert answer.status_code == 200
    return answer.context["work"], answer.content.decode()


@pytest.fixture
def today(cast):
    return cast.workspace.today()


def test_open_items_that_one_leads_stand_under_their_day(cast, as_member, today):
    for title, days in (("Late", -2), ("Soon", 3), ("Far", 30)):
        make_item(cast.product, title, lead=cast.bob, ends_on=today + timedelta(days=days))
    make_item(cast.product, "Some day", lead=cast.bob)
    make_item(cast.product, "Done", lead=cast.bob, status=status(cast.workspace, "Shipped"))
    make_item(cast.product, "Of another", lead=cast.mona)
    work, page = page_of(as_member(cast.bob))
    assert [[item.title for item in group.items] for group in work.groups] == [["Late"], ["Soon"], ["Far", "Some day"]]
    assert (work.led, work.overdue) == (4, 1)
    assert "Of another" not in page
    work, _page = page_of(as_member(cast.bob), "?by=product")
    assert [group.label for group in work.groups] == ["Dispatch"]


def test_gates_that_ask_for_ones_signature_and_no_others(cast, as_member):
    gate = Gate.objects.filter(product=cast.product).first()
    for member in (cast.bob, cast.carol):
        gate.ask(member, by=cast.actor("mona"))
    work, page = page_of(as_member(cast.bob))
    assert [one.gate for one in work.sign_offs] == [gate]
    assert "0 of 2 approvers have signed" in page
    work.sign_offs[0].sign("go", by=cast.actor("bob"))
    assert page_of(as_member(cast.bob))[0].sign_offs == []
    assert "1 of 2 approvers have signed" in page_of(as_member(cast.carol))[1]
    assert page_of(as_member(cast.mona))[0].sign_offs == []


def test_mentions_stay_until_one_answers(cast, as_member):
    item = make_item(cast.product, "Bulk re-plan")
    Comment.post(item.thread, "Is nine seconds fast enough, @Bob?", by=cast.actor("mona"))
    work, page = page_of(as_member(cast.bob))
    assert len(work.mentions) == 1
    assert "nine seconds" in page
    assert page_of(as_member(cast.carol))[0].mentions == []
    Comment.post(item.thread, "Yes.", by=cast.actor("bob"))
    assert page_of(as_member(cast.bob))[0].mentions == []


def test_what_others_changed_of_what_one_watches(cast, as_member):
    moved, still = make_item(cast.product, "Live ETA"), make_item(cast.product, "Quiet")
    for item in (moved, still):
        item.thread.watch(cast.bob)
    Visit.of(cast.bob)
    Visit.objects.update(looked_at=clock.now() - timedelta(hours=1))
    with Change.open(
        "earlier", by=cast.actor("mona"), workspace=cast.workspace, at=clock.now() - timedelta(days=1)
    ) as then:
        still.edit(by=then, reach=5)
    moved.edit(by=cast.actor("mona"), title="Live ETA link", lead=cast.mona)
    moved.edit(by=cast.actor("bob"), reach=7)
    Comment.post(moved.thread, "Done.", by=cast.actor("mona"))
    work, page = page_of(as_member(cast.bob))
    assert [one.subject.title for one in work.moved] == ["Live ETA link"]
    assert [one.subject.title for one in work.still] == ["Quiet"]
    told = {change.label: (change.before, change.after) for entry in work.moved[0].entries for change in entry.fields}
    assert told == {"title": ("Live ETA", "Live ETA link"), "lead": ("", "Mona")}
    assert work.moved[0].comments == 1
    assert "2 changes" in page


def test_one_stops_watching_from_here(cast, as_member):
    item = make_item(cast.product)
    item.thread.watch(cast.carol)
    assert as_member(cast.carol).post(f"{MY}watching/{item.thread.public_id}/stop/").status_code == 302
    assert not item.thread.is_watched_by(cast.carol)


def test_nothing_out_of_sight_is_there(cast, as_member):
    item = make_item(cast.secret, "Hidden plan", lead=cast.dave)
    item.thread.watch(cast.dave)
    item.edit(by=cast.actor("mona"), title="Hidden plan two")
    work, page = page_of(as_member(cast.dave))
    assert "Hidden" not in page
    assert (work.led, work.watched) == (0, [])
    assert as_member(cast.mallory).get(MY).status_code == 404


def test_it_asks_as_many_questions_for_thirty_of_each_as_for_three(cast, as_member, count_queries):
    bob, counts = as_member(cast.bob), []
    for more in (3, 27):
        for number in range(more):
            item = make_item(cast.product, f"Item {number}", lead=cast.bob)
            item.thread.watch(cast.bob)
            item.edit(by=cast.actor("mona"), title=f"Item {number} now", lead=cast.bob)
            Comment.post(item.thread, "@Bob, look.", by=cast.actor("mona"))
        bob.get(MY)
        counts.append(count_queries(lambda: bob.get(MY)))
    assert counts[0] == counts[1]
