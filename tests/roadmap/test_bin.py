import io
from datetime import timedelta

import pytest

from accounts.refusals import Refused
from config import clock
from discussion.models import Attachment, Comment
from feedback.models import Insight
from roadmap.items.bin import KEPT, empty
from roadmap.models import Item, ItemLink, Requirement, TypeKind
from tests.factories import make_conversation, make_customer, make_idea, make_item

BIN = "/w/polarline/p/DSP/bin/"


def binned(cast, title="Gone", **fields):
    item = make_item(cast.product, title, **fields)
    item.delete_softly(by=cast.actor("mona"))
    return item


def test_a_deleted_item_is_in_the_bin_and_comes_back_where_it_was(cast, as_member):
    item = binned(cast, "Live ETA")
    make_item(cast.product, "Second")
    mona = as_member(cast.mona)
    page = mona.get(BIN).content.decode()
    assert "Live ETA" in page
    assert "deleted by Mona" in page
    answer = mona.post(f"/w/polarline/p/DSP/items/{item.number}/restore/")
    assert answer.status_code == 302
    assert [one.title for one in Item.objects.of(cast.product).ranked()] == ["Live ETA", "Second"]
    assert "The bin is empty" in mona.get(BIN).content.decode()
    mona.post(f"/w/polarline/p/DSP/items/{item.number}/restore/")
    assert Item.objects.filter(pk=item.pk).exists()


def test_what_somebody_deleted_meanwhile_is_not_edited_in_the_bin(cast):
    item = make_item(cast.product, "Gone")
    read = Item.objects.get(pk=item.pk)
    item.delete_softly(by=cast.actor("anton"))
    with pytest.raises(Refused, match="Restore it"):
        read.edit(by=cast.actor("mona"), title="Never seen")
    assert Item.objects.with_deleted().get(pk=item.pk).title == "Gone"


def test_the_bin_is_for_managers_who_see_the_product(cast, as_member):
    item = make_item(cast.secret, "Secret and gone")
    item.delete_softly(by=cast.actor("mona"))
    assert as_member(cast.bob).get(BIN).status_code == 403
    assert as_member(cast.bob).post(f"/w/polarline/p/DSP/items/{binned(cast).number}/restore/").status_code == 403
    assert as_member(cast.dave).get(BIN.replace("DSP", "SEC")).status_code == 404
    assert as_member(cast.dave).post(f"/w/polarline/p/SEC/items/{item.number}/restore/").status_code == 404
    assert "Secret and gone" not in as_member(cast.dave).get(BIN).content.decode()


def test_the_bin_asks_as_many_questions_for_thirty_items_as_for_three(cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for more in (3, 27):
        for _ in range(more):
            binned(cast)
        mona.get(BIN)
        counts.append(count_queries(lambda: mona.get(BIN)))
    assert counts[0] == counts[1]


def test_the_second_page_of_a_long_bin_follows_the_first(cast, as_member):
    for number in range(55):
        binned(cast, f"Item {number:02}")
    mona = as_member(cast.mona)
    first = mona.get(BIN)
    rest = mona.get(BIN, {"after": first.context["page"].next})
    titles = [item.title for page in (first, rest) for item in page.context["page"].rows]
    assert titles == [f"Item {number:02}" for number in reversed(range(55))]
    assert mona.get(BIN, {"after": "nonsense"}).status_code == 200


def test_after_thirty_days_it_goes_with_all_that_hangs_on_it_and_its_key_stays_taken(cast):
    mona = cast.actor("mona")
    item = make_item(cast.product, "Gone", type=TypeKind.EPIC)
    kept = make_item(cast.product, "Kept", parent=item)
    Requirement.add_to(item, "R", by=mona)
    ItemLink.add(item, "relates", kept, by=mona)
    Comment.post(item.thread, "Why?", by=mona)
    file = Attachment.attach(item.thread, "a.txt", io.BytesIO(b"a"), 1, by=mona)
    talk = make_conversation(make_customer(cast.workspace), "We plan by night.")
    talk.link("by night", item=item, importance=2, by=mona)
    idea = make_idea(cast.workspace, "Wish", item=item)
    item.delete_softly(by=mona)
    recent = binned(cast, "Recent")
    assert empty() == 0
    assert empty(clock.now() + KEPT - timedelta(minutes=1)) == 0
    Item.objects.get(pk=kept.pk).edit(by=mona, title="Kept and touched")
    recent.restore(by=mona)
    assert empty(clock.now() + KEPT + timedelta(minutes=1)) == 1
    assert empty(clock.now() + KEPT + timedelta(minutes=1)) == 0
    assert not Item.objects.with_deleted().filter(pk=item.pk).exists()
    for model in (Requirement, ItemLink, Comment, Attachment, Insight):
        assert not model.objects.exists(), model
    assert not file.file.storage.exists(file.file.name)
    kept.refresh_from_db()
    idea.refresh_from_db()
    assert (kept.parent_id, idea.item_id) == (None, None)
    assert make_item(cast.product).number == 4


def test_a_requirement_deleted_by_itself_goes_too(cast):
    item = make_item(cast.product)
    Requirement.add_to(item, "R", by=cast.actor("mona")).delete_softly(by=cast.actor("mona"))
    empty(clock.now() + KEPT + timedelta(minutes=1))
    assert not Requirement.objects.with_deleted().exists()
    assert Item.objects.filter(pk=item.pk).exists()


def test_the_api_lists_the_bin_and_restores(cast, api):
    item, there = binned(cast), make_item(cast.product)
    assert [one["key"] for one in api(cast.mona, "get", "/api/v1/items/?bin=1").json()["results"]] == [item.key]
    assert [one["key"] for one in api(cast.mona, "get", "/api/v1/items/").json()["results"]] == [there.key]
    for other in (cast.bob, cast.carol):  # the page of the bin is for managers too
        assert api(other, "get", "/api/v1/items/?bin=1").json()["results"] == []
    assert api(cast.bob, "post", f"/api/v1/items/{item.key}/restore/").status_code == 403
    assert api(cast.mona, "post", f"/api/v1/items/{item.key}/restore/").status_code == 200
    assert api(cast.mona, "get", f"/api/v1/items/{item.key}/").status_code == 200
