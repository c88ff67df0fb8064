import pytest

from changes.models import Change, Version
from discussion.models import Comment
from tests.factories import make_item


@pytest.fixture
def at(item):
    return f"/w/polarline/threads/{item.thread.public_id}/"


def test_every_item_has_a_thread_of_its_own(cast):
    one, two = make_item(cast.product), make_item(cast.product)
    assert one.thread != two.thread
    assert one.thread.kind == "item"


def test_the_items_page_shows_what_was_said_and_who_was_meant(cast, as_member, item, say):
    say("bob", item, "Is **this** fast enough, @Mona?")
    shown = as_member(cast.carol).get(f"/w/polarline/p/DSP/items/{item.number}/").content.decode()
    assert "<strong>this</strong>" in shown
    assert '<span class="mention">@Mona</span>' in shown
    assert "Bob" in shown


def test_a_contributor_comments_and_a_viewer_does_not(cast, as_member, at, item):
    answer = as_member(cast.bob).post(at + "comments/", {"body": "First"}, follow=True)
    assert "First" in answer.content.decode()
    assert as_member(cast.carol).post(at + "comments/", {"body": "No"}).status_code == 403
    assert 'name="body"' not in as_member(cast.carol).get(at).content.decode()
    assert [comment.body for comment in item.thread.comments.all()] == ["First"]


@pytest.mark.parametrize("body", ["", "   ", "x" * 20_001, "NUL \0"])
def test_what_cannot_be_stored_gets_a_sentence_and_is_kept(cast, as_member, at, item, body):
    answer = as_member(cast.bob).post(at + "comments/", {"body": body}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == "#discussion"
    assert "field__error" in answer.content.decode()
    assert not item.thread.comments.exists()


def test_only_its_author_edits_a_comment(cast, as_member, at, item, say):
    comment = say("bob", item, "Frist")
    url = f"{at}comments/{comment.public_id}/edit/"
    for other in (cast.alice, cast.mona):
        assert as_member(other).get(url).status_code == 403
        assert as_member(other).post(url, {"body": "Mine now"}).status_code == 403
    assert "Frist" in as_member(cast.bob).get(url).content.decode()
    as_member(cast.bob).post(url, {"body": "First", "seen": comment.change_id})
    comment.refresh_from_db()
    assert comment.body == "First"
    assert comment.edited_at
    assert [version.state["body"] for version in Version.objects.of(comment).order_by("pk")] == ["Frist", "First"]


def test_an_edit_in_two_tabs_conflicts(cast, as_member, at, item, say):
    comment = say("bob", item, "old")
    seen = comment.change_id
    comment.edit(by=cast.actor("bob"), body="in one tab")
    answer = as_member(cast.bob).post(f"{at}comments/{comment.public_id}/edit/", {"body": "in another", "seen": seen})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "in one tab" in shown
    assert "in another" in shown


def test_a_comment_is_deleted_by_its_author_or_an_admin(cast, as_member, at, item, say):
    mine, theirs = say("bob", item, "mine"), say("bob", item, "theirs")
    assert as_member(cast.mona).post(f"{at}comments/{mine.public_id}/delete/").status_code == 403
    assert as_member(cast.bob).post(f"{at}comments/{mine.public_id}/delete/").status_code == 302
    assert as_member(cast.anton).post(f"{at}comments/{theirs.public_id}/delete/").status_code == 302
    assert not Comment.objects.exists()


def test_another_contributor_cannot_undo_what_one_said(cast, as_member, item, say):
    comment = say("bob", item, "still here")
    undo = f"/w/polarline/changes/{comment.change_id}/undo/"
    assert as_member(cast.mona).post(undo).status_code == 404
    assert Comment.objects.exists()
    assert as_member(cast.bob).post(undo).status_code in (200, 204, 302)
    assert not Comment.objects.exists()


def test_a_product_may_let_a_viewer_comment(cast, as_member, at, item):
    cast.product.give_role(cast.carol, 20, by=cast.actor("alice"))
    assert as_member(cast.carol).post(at + "comments/", {"body": "Here I may"}).status_code == 302


@pytest.mark.parametrize("who", ["dave", "mallory"])
def test_threads_of_what_one_does_not_see_do_not_exist(cast, as_member, secret_item, say, who):
    comment = say("mona", secret_item, "hush")
    at = f"/w/polarline/threads/{secret_item.thread.public_id}/"
    client = as_member(getattr(cast, who))
    assert client.get(at).status_code == 404
    for path in ("comments/", "watch/", f"comments/{comment.public_id}/edit/", f"comments/{comment.public_id}/delete/"):
        assert client.post(at + path, {"body": "x", "watch": "1"}).status_code == 404
    assert client.get(at + "people/").status_code == 404


def test_a_comment_is_not_reached_through_another_thread(cast, as_member, at, secret_item, say):
    comment = say("mona", secret_item, "hush")
    assert as_member(cast.mona).post(f"{at}comments/{comment.public_id}/edit/", {"body": "x"}).status_code == 404


def test_the_thread_of_a_deleted_item_is_gone(cast, as_member, at, item):
    item.delete_softly(by=cast.actor("mona"))
    assert as_member(cast.mona).get(at).status_code == 404


def test_only_those_who_see_the_thread_are_offered_for_mentions(cast, as_member, item, secret_item):
    client = as_member(cast.mona)
    open_to_all = client.get(f"/w/polarline/threads/{item.thread.public_id}/people/").content.decode()
    limited = client.get(f"/w/polarline/threads/{secret_item.thread.public_id}/people/").content.decode()
    assert "Dave" in open_to_all
    assert "Dave" not in limited
    assert "Carol" in limited
    assert "Mallory" not in open_to_all


def test_the_thread_costs_the_same_with_many_comments(cast, as_member, at, item, say, count_queries):
    client = as_member(cast.mona)
    for _ in range(3):
        say("bob", item, "@Mona hello")
    few = count_queries(lambda: client.get(at))
    for _ in range(27):
        say("carol", item, "@Mona @Bob hello")
    assert count_queries(lambda: client.get(at)) == few


def test_a_comment_is_one_change_of_its_actor(cast, item, say):
    comment = say("bob", item, "First")
    change = Change.objects.get(pk=comment.change_id)
    assert (change.verb, change.member) == ("comment.posted", cast.bob)
    assert Version.objects.get(change=change).product_id == cast.product.pk
