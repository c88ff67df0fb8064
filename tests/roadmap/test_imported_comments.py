"""What was said in another tool stands in the item's discussion, once, with its time and its author's name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from discussion.models import Comment, Notification
from roadmap.models import Item
from tests.cast import make_cast
from tests.roadmap.test_import import bring_in

LINES = (
    b"Summary,Issue key,Issue id,Issue Type,Status,Comment,Comment,Comment\n"
    b"Live ETA link,DSP-2,2,Story,In Progress,25/Feb/26 10:17 PM;Ida Holm;We need *this*.,26/Feb/26 9:00 AM;Bob;Me too,+1\n"
    b"Bulk re-plan,DSP-3,3,Story,To Do,,,\n"
)


@pytest.fixture
def committed(transactional_db):
    return make_cast()


def said(product, title="Live ETA link"):
    thread = Item.objects.of(product).get(title=title).thread
    return [(one.author_label, one.author, one.body) for one in Comment.objects.filter(thread=thread)]


def test_comments_of_a_file_become_comments_of_the_item(committed):
    bring_in(committed.product, LINES)
    item = Item.objects.get(title="Live ETA link")
    first, second = Comment.objects.filter(thread=item.thread).exclude(body="+1")
    assert (first.author, first.author_label, first.imported_from) == (None, "Ida Holm", "Jira")
    assert (second.author, second.body) == (committed.bob, "Me too")
    assert first.created_at.isoformat() == "2026-02-25T22:17:00+00:00"
    assert "Comments" not in item.source_data
    client = Client()
    client.force_login(committed.bob.user)
    page = client.get(f"/w/polarline/p/DSP/items/{item.number}/").content.decode()
    assert page.index("Ida Holm") < page.index("Me too")
    assert "imported from Jira" in page
    assert "We need <em>this</em>" in page or "We need <strong>this</strong>" in page
    assert "2026-02-25T22:17" in page


def test_nobody_is_told_of_what_was_said_long_ago(committed):
    bring_in(committed.product, LINES, by=committed.actor("mona"))
    assert not Notification.objects.filter(comment__isnull=False).exists()


def test_a_second_import_says_nothing_twice_and_takes_over_what_is_new(committed):
    bring_in(committed.product, LINES)
    before = said(committed.product)
    assert len(before) == 3
    again = bring_in(committed.product, LINES)
    assert said(committed.product) == before
    assert (again.result["updated"], again.result["unchanged"]) == (0, 2)
    more = bring_in(committed.product, LINES.replace(b"To Do,,,", b"To Do,27/Feb/26 9:00 AM;Ida Holm;Soon?,,"))
    assert (more.result["updated"], more.result["unchanged"]) == (1, 1)
    assert said(committed.product, "Bulk re-plan") == [("Ida Holm", None, "Soon?")]


def test_what_was_deleted_here_does_not_come_back(committed):
    bring_in(committed.product, LINES)
    Comment.objects.get(body="+1").delete_softly(by=committed.actor("anton"))
    bring_in(committed.product, LINES)
    assert len(said(committed.product)) == 2


def test_undoing_an_import_takes_its_comments_along(committed):
    batch = bring_in(committed.product, LINES, by=committed.actor("mona"))
    batch.undo(by=committed.actor("mona"))
    assert not Comment.objects.exists()


def test_nobody_edits_what_was_said_elsewhere(committed, api, as_member):
    bring_in(committed.product, LINES)
    comment = Comment.objects.get(body="Me too")
    path = f"/api/v1/comments/{comment.public_id}/"
    assert api(committed.bob, "patch", path, {"body": "Not me"}, **{"If-Match": "*"}).status_code == 403
    assert api(committed.bob, "delete", path).status_code == 403
    assert api(committed.bob, "get", path).json()["imported_from"] == "Jira"
    page = reverse("discussion:comment_edit", args=["polarline", comment.thread.public_id, comment.public_id])
    assert as_member(committed.bob).post(page, {"body": "Not me"}).status_code == 403
    assert api(committed.anton, "delete", path).status_code == 204


def test_the_same_words_twice_are_two_comments_and_long_ones_are_cut(committed):
    bring_in(committed.product, LINES.replace(b"+1", b"Me too").replace(b"26/Feb/26 9:00 AM;Bob;Me too", b"Me too"))
    assert [body for _label, _author, body in said(committed.product)].count("Me too") == 2
    long = LINES.replace(b"+1", b"y" * 25_000)
    bring_in(committed.product, long)
    assert max(len(body) for _label, _author, body in said(committed.product)) == 20_000


def test_github_comments_come_along_too(committed):
    issues = (
        b'[{"number": 7, "title": "Dark mode", "state": "OPEN", "body": "", "labels": [], "comments": '
        b'[{"author": {"login": "zoe"}, "body": "Yes please <script>alert(1)</script>", "createdAt": "2026-01-05T08:00:00Z"}]}]'
    )
    bring_in(committed.product, issues, "issues.json")
    (comment,) = Comment.objects.all()
    assert (comment.author_label, comment.imported_from) == ("zoe", "GitHub")
    assert "<script>" not in comment.html
