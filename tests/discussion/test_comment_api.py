import pytest

from discussion.models import Comment


@pytest.fixture
def thread(item):
    return item.thread.public_id


def test_a_comment_is_said_read_edited_and_deleted(cast, api, item, thread):
    assert api(cast.bob, "get", f"/api/v1/items/DSP-{item.number}/").json()["thread"] == thread
    made = api(cast.bob, "post", "/api/v1/comments/", {"thread": thread, "body": "@Mona by program"})
    assert made.status_code == 201, made.content
    assert (made.json()["author_name"], made.json()["author"]) == ("Bob", cast.bob.public_id)
    url = f"/api/v1/comments/{made.json()['public_id']}/"
    changed = api(cast.bob, "patch", url, {"body": "better"}, **{"If-Match": made["ETag"]})
    assert changed.json()["body"] == "better"
    assert [row["body"] for row in api(cast.carol, "get", f"/api/v1/comments/?thread={thread}").json()["results"]] == [
        "better"
    ]
    assert api(cast.bob, "delete", url).status_code == 204
    assert api(cast.bob, "get", url).status_code == 404


def test_only_its_author_edits_it_and_an_admin_may_delete_it(cast, api, item, say):
    url = f"/api/v1/comments/{say('bob', item, 'mine').public_id}/"
    for other in (cast.mona, cast.alice):
        assert api(other, "patch", url, {"body": "no"}, **{"If-Match": "*"}).status_code == 403
    assert api(cast.mona, "delete", url).status_code == 403
    assert api(cast.anton, "delete", url).status_code == 204


def test_a_viewer_and_a_read_token_say_nothing(cast, api, thread):
    body = {"thread": thread, "body": "no"}
    assert api(cast.carol, "post", "/api/v1/comments/", body).status_code == 403
    assert api(cast.bob, "post", "/api/v1/comments/", body, scope="read").status_code == 403
    assert not Comment.objects.exists()


@pytest.mark.parametrize("body", ["", "  ", "NUL \0", "x" * 20_001, None, 3.5, ["list"]])
def test_bad_words_get_a_sentence(cast, api, thread, body):
    answer = api(cast.bob, "post", "/api/v1/comments/", {"thread": thread, "body": body})
    assert answer.status_code == (201 if body == 3.5 else 400)


def test_a_comment_stays_in_its_thread(cast, api, item, secret_item, say):
    comment = say("bob", item, "here")
    moved = {"thread": secret_item.thread.public_id}
    answer = api(cast.bob, "patch", f"/api/v1/comments/{comment.public_id}/", moved, **{"If-Match": "*"})
    assert answer.status_code == 400
    comment.refresh_from_db()
    assert comment.thread == item.thread


def test_threads_out_of_sight_take_no_comments(cast, api, secret_item, say):
    say("mona", secret_item, "hush")
    body = {"thread": secret_item.thread.public_id, "body": "hello"}
    assert api(cast.dave, "post", "/api/v1/comments/", body).status_code == 400
    assert api(cast.dave, "get", "/api/v1/comments/").json()["results"] == []


def test_the_list_costs_the_same_with_many(cast, api, item, say, count_queries):
    for _ in range(3):
        say("bob", item, "x")
    few = count_queries(lambda: api(cast.mona, "get", "/api/v1/comments/"))
    for _ in range(27):
        say("carol", item, "x")
    assert count_queries(lambda: api(cast.mona, "get", "/api/v1/comments/")) == few
