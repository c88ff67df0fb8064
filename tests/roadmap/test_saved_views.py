"""Views of the backlog that people keep."""

from __future__ import annotations

import pytest

from changes.models import Change
from roadmap.models import SavedView
from tests.cast import Cast
from tests.factories import make_item

BACKLOG = "/w/polarline/p/DSP/backlog/"
ADD = BACKLOG + "views/add/"


@pytest.fixture(autouse=True)
def items(cast: Cast):
    make_item(cast.product, "Now", horizon="now")
    make_item(cast.product, "Later", horizon="later")


def tabs(client, query: str = "") -> list[str]:
    return [view["label"] for view in client.get(BACKLOG + query).context["views"]][5:]


def test_a_view_keeps_filters_and_order_and_is_a_tab_from_then_on(cast: Cast, as_member):
    mona = as_member(cast.mona)
    assert mona.get(f"{BACKLOG}?horizon=now&sort=-score&open=1").context["keep"] == "horizon=now&sort=-score"
    answer = mona.post(ADD, {"name": "Now by score", "query": "horizon=now&sort=-score&open=1&after=x"})
    assert answer.url == f"{BACKLOG}?horizon=now&sort=-score"
    page = mona.get(answer.url)
    assert [(view["label"], view["current"]) for view in page.context["views"]][5:] == [("Now by score", True)]
    assert [row.title for row in page.context["page"].rows] == ["Now"]
    assert page.context["keep"] == ""


def test_ones_own_view_is_nobody_elses_and_a_shared_one_is_everybodys(cast: Cast, as_member):
    as_member(cast.bob).post(ADD, {"name": "Bob's", "query": "horizon=now"})
    as_member(cast.mona).post(ADD, {"name": "Ours", "query": "horizon=later", "is_shared": "on"})
    assert tabs(as_member(cast.bob)) == ["Bob's", "Ours"]
    assert tabs(as_member(cast.carol)) == ["Ours"]


def test_only_managers_share_and_only_owner_or_manager_delete(cast: Cast, as_member):
    assert as_member(cast.bob).post(ADD, {"name": "x", "query": "horizon=now", "is_shared": "on"}).status_code == 403
    as_member(cast.mona).post(ADD, {"name": "Ours", "query": "horizon=later", "is_shared": "on"})
    as_member(cast.bob).post(ADD, {"name": "Mine", "query": "horizon=now"})
    ours, mine = SavedView.objects.get(name="Ours"), SavedView.objects.get(name="Mine")
    assert as_member(cast.bob).post(f"{BACKLOG}views/{ours.public_id}/delete/").status_code == 403
    assert as_member(cast.mona).post(f"{BACKLOG}views/{mine.public_id}/delete/").status_code == 404
    assert as_member(cast.alice).post(f"{BACKLOG}views/{ours.public_id}/delete/").status_code == 302
    assert tabs(as_member(cast.mona)) == []


def test_a_deleted_view_comes_back_by_undo(cast: Cast, as_member):
    mona = as_member(cast.mona)
    mona.post(ADD, {"name": "Mine", "query": "horizon=now"})
    mona.post(f"{BACKLOG}views/{SavedView.objects.get().public_id}/delete/")
    mona.post(f"/w/polarline/changes/{Change.objects.get(verb='view.deleted').pk}/undo/")
    assert tabs(mona) == ["Mine"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "query": "horizon=now"}, "required"),
        ({"name": "Everything", "query": "open=1"}, "would show everything"),
        ({"name": "Mine", "query": "horizon=now"}, "Choose another one"),
        ({"name": "Long", "query": "q=" + "x" * 3000}, "at most 2000"),
    ],
)
def test_what_makes_no_view_is_refused_with_a_sentence(cast: Cast, as_member, typed: dict, sentence: str):
    mona = as_member(cast.mona)
    mona.post(ADD, {"name": "Mine", "query": "horizon=later"})
    page = mona.post(ADD, typed, follow=True)
    assert sentence in page.content.decode()
    assert SavedView.objects.count() == 1
