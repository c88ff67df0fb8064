"""What a comment said before: who changed it, when, and which words."""

import re

import pytest


@pytest.fixture
def at(item):
    return f"/w/polarline/threads/{item.thread.public_id}/"


def told(answer):
    return re.search(r'<ul class="hist feed__edits".*?</ul>', answer.content.decode(), re.DOTALL)[0]


def test_every_text_that_it_had_is_told_with_who_and_which_words(cast, as_member, at, item, say):
    comment = say("bob", item, "It takes 40 routes at once.")
    comment.edit(by=cast.actor("bob"), body="It takes 60 routes at once.")
    comment.edit(by=cast.actor("bob"), body="It takes 60 routes at once, <b>today</b>.")
    client = as_member(cast.carol)
    assert "feed__edits" not in client.get(at).content.decode()
    shown = told(client.get(f"{at}comments/{comment.public_id}/edits/"))
    assert "It takes <del>40</del><ins>60</ins> routes at once." in shown
    assert "<ins>, &lt;b&gt;today&lt;/b&gt;</ins>" in shown
    assert "It takes 40 routes at once." in shown
    assert shown.count("<b>Bob</b>") == 3
    assert shown.index("today") < shown.index("<del>40") < shown.index("wrote")


def test_the_word_edited_opens_and_closes_it(cast, as_member, at, item, say):
    plain, comment = say("bob", item, "Never changed"), say("bob", item, "one")
    comment.edit(by=cast.actor("bob"), body="two")
    url = f"{at}comments/{comment.public_id}/edits/"
    closed = as_member(cast.carol).get(at).content.decode()
    assert f'href="{url}"' in closed
    assert plain.public_id + "/edits/" not in closed
    opened = as_member(cast.carol).get(url).content.decode()
    assert f'id="edited-{comment.public_id}" href="{at}"' in opened
    assert 'aria-expanded="true"' in opened


def test_deleting_and_restoring_tells_no_text_twice(cast, as_member, at, item, say):
    comment = say("bob", item, "one")
    comment.edit(by=cast.actor("bob"), body="two")
    comment.delete_softly(by=cast.actor("bob"))
    assert as_member(cast.bob).get(f"{at}comments/{comment.public_id}/edits/").status_code == 404
    as_member(cast.bob).post(f"/w/polarline/changes/{comment.change_id}/undo/")
    assert told(as_member(cast.bob).get(f"{at}comments/{comment.public_id}/edits/")).count("<li>") == 2


def test_a_comment_of_another_thread_is_not_told(cast, as_member, at, secret_item, say):
    comment = say("mona", secret_item, "hush")
    comment.edit(by=cast.actor("mona"), body="hush hush")
    assert as_member(cast.mona).get(f"{at}comments/{comment.public_id}/edits/").status_code == 404
    theirs = f"/w/polarline/threads/{secret_item.thread.public_id}/comments/{comment.public_id}/edits/"
    assert as_member(cast.dave).get(theirs).status_code == 404


def test_many_edits_cost_no_more_statements_than_few(cast, as_member, at, item, say, count_queries):
    comment, client, counts = say("bob", item, "0"), as_member(cast.bob), []
    url = f"{at}comments/{comment.public_id}/edits/"
    for edits in (3, 30):
        for number in range(edits):
            comment.edit(by=cast.actor("bob"), body=f"{edits} {number}")
        client.get(url)
        counts.append(count_queries(lambda: client.get(url)))
    assert counts[0] == counts[1]


def test_the_api_gives_every_text_that_it_had(cast, api, item, say):
    comment = say("bob", item, "It takes 40 routes at once.")
    comment.edit(by=cast.actor("bob"), body="It takes 60 routes at once.")
    url = f"/api/v1/comments/{comment.public_id}/edits/"
    told = api(cast.carol, "get", url).json()
    assert [one["body"] for one in told] == ["It takes 60 routes at once.", "It takes 40 routes at once."]
    assert {(one["name"], one["member"]) for one in told} == {("Bob", cast.bob.public_id)}
    assert told[0]["at"] > told[1]["at"]
    assert api(cast.mallory, "get", url).status_code == 404
