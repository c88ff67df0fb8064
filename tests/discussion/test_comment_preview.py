"""A comment is looked at before it is posted: drawn as it will be, and nothing is kept."""

import pytest

from changes.models import Change
from discussion.models import Comment, Mention, Notification


@pytest.fixture
def at(item):
    return f"/w/polarline/threads/{item.thread.public_id}/"


@pytest.fixture
def preview(as_member, at):
    def ask(who, body, **more):
        return as_member(who).post(at + "preview/", {"body": body, **more}, headers={"HX-Request": "true"})

    return ask


def test_a_preview_is_drawn_as_the_comment_will_be_and_nothing_is_kept(cast, preview, item):
    body = "**Fast** enough, @Mona? <script>alert(1)</script>"
    changes = Change.objects.count()
    shown = preview(cast.bob, body).content.decode()
    assert "<strong>Fast</strong>" in shown
    assert '<span class="mention">@Mona</span>' in shown
    assert "<script" not in shown
    assert Change.objects.count() == changes
    assert [model.objects.count() for model in (Comment, Mention, Notification)] == [0, 0, 0]
    assert Comment.post(item.thread, body, by=cast.actor("bob")).html in shown


def test_a_preview_names_nobody_who_does_not_see_the_thread(cast, as_member, secret_item):
    url = f"/w/polarline/threads/{secret_item.thread.public_id}/preview/"
    shown = (
        as_member(cast.mona).post(url, {"body": "@Dave and @Carol"}, headers={"HX-Request": "true"}).content.decode()
    )
    assert "@Dave" in shown
    assert '<span class="mention">@Dave' not in shown
    assert '<span class="mention">@Carol</span>' in shown


@pytest.mark.parametrize("body", ["", "  ", "NUL \0", "x" * 20_001])
def test_what_could_not_be_posted_gets_its_sentence(cast, preview, body):
    answer = preview(cast.bob, body)
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


def test_without_scripts_the_page_comes_back_with_the_text_and_its_preview(cast, as_member, at):
    shown = as_member(cast.bob).post(at + "preview/", {"body": "*Kept*"}).content.decode()
    assert "<em>Kept</em>" in shown
    assert ">*Kept*</textarea>" in shown
    assert "</html>" in shown


def test_without_scripts_an_edit_is_previewed_in_its_place(cast, as_member, at, item, say):
    comment = say("bob", item, "Frist")
    answer = as_member(cast.bob).post(at + "preview/", {"body": "*First*", "comment": comment.public_id, "seen": ""})
    shown = answer.content.decode()
    assert "<em>First</em>" in shown
    assert f'id="edit-{comment.public_id}"' in shown
    comment.refresh_from_db()
    assert comment.body == "Frist"


def test_only_who_may_comment_and_only_of_ones_own_comments(cast, preview, item, say):
    comment = say("mona", item, "Mine")
    assert preview(cast.carol, "Hi").status_code == 403
    assert preview(cast.dave, "Hi").status_code == 200
    assert preview(cast.mallory, "Hi").status_code == 404
    assert preview(cast.bob, "Yours", comment=comment.public_id).status_code == 403


def test_a_preview_is_posted(cast, as_member, at):
    assert as_member(cast.bob).get(at + "preview/").status_code == 405
