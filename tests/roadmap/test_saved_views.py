"""Views of the backlog that people keep."""

from __future__ import annotations

import pytest

from accounts.models import Team
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
    return [view["label"] for view in client.get(BACKLOG + query).context["views"] if "saved" in view]


def test_a_view_keeps_filters_and_order_and_is_a_tab_from_then_on(cast: Cast, as_member):
    mona = as_member(cast.mona)
    assert mona.get(f"{BACKLOG}?horizon=now&sort=-score&open=1").context["keep"] == "horizon=now&sort=-score"
    answer = mona.post(ADD, {"name": "Now by score", "query": "horizon=now&sort=-score&open=1&after=x"})
    assert answer.url == f"{BACKLOG}?horizon=now&sort=-score"
    page = mona.get(answer.url)
    kept = [view for view in page.context["views"] if "saved" in view]
    assert [(view["label"], view["current"]) for view in kept] == [("Now by score", True)]
    assert [row.title for row in page.context["page"].rows] == ["Now"]
    assert page.context["keep"] == ""


def test_ones_own_view_is_nobody_elses_and_a_shared_one_is_everybodys(cast: Cast, as_member):
    as_member(cast.bob).post(ADD, {"name": "Bob's", "query": "horizon=now"})
    as_member(cast.mona).post(ADD, {"name": "Ours", "query": "horizon=later", "scope": "workspace"})
    assert tabs(as_member(cast.bob)) == ["Bob's", "Ours"]
    assert tabs(as_member(cast.carol)) == ["Ours"]


def test_only_managers_share_and_only_owner_or_manager_delete(cast: Cast, as_member):
    assert as_member(cast.bob).post(ADD, {"name": "x", "query": "horizon=now", "scope": "workspace"}).status_code == 403
    as_member(cast.mona).post(ADD, {"name": "Ours", "query": "horizon=later", "scope": "workspace"})
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
        ({"name": "", "query": "horizon=now"}, "Fill this in"),
        ({"name": "Everything", "query": "open=1"}, "would show everything"),
        ({"name": "Mine", "query": "horizon=now"}, "Choose another one"),
        ({"name": "Long", "query": "q=" + "x" * 3000}, "t most 2000"),
    ],
)
def test_what_makes_no_view_is_refused_with_a_sentence(cast: Cast, as_member, typed: dict, sentence: str):
    mona = as_member(cast.mona)
    mona.post(ADD, {"name": "Mine", "query": "horizon=later"})
    page = mona.post(ADD, typed, follow=True)
    assert sentence in page.content.decode()
    assert SavedView.objects.count() == 1


@pytest.fixture
def field_team(cast: Cast) -> Team:
    return Team.form(cast.workspace, "Field", [cast.bob, cast.carol], by=cast.actor("alice"))


def test_a_view_for_a_team_is_seen_by_its_members_alone(cast: Cast, as_member, field_team):
    teams = as_member(cast.bob).get(f"{BACKLOG}?horizon=next").context["teams"]
    assert (field_team.public_id, "Field") in teams
    assert (field_team.public_id, "Field") not in as_member(cast.mona).get(f"{BACKLOG}?horizon=next").context["teams"]
    as_member(cast.bob).post(ADD, {"name": "Ours", "query": "horizon=now", "scope": field_team.public_id})
    assert SavedView.objects.get().scope == "team"
    assert tabs(as_member(cast.carol)) == ["Ours"]
    assert tabs(as_member(cast.mona)) == []
    page = as_member(cast.mona).post(
        ADD, {"name": "Theirs", "query": "horizon=now", "scope": field_team.public_id}, follow=True
    )
    assert "You are not in this team" in page.content.decode()
    assert as_member(cast.carol).post(f"{BACKLOG}views/{SavedView.objects.get().public_id}/delete/").status_code == 403


def test_the_first_view_of_a_member_opens_where_nothing_is_asked(cast: Cast, as_member):
    mona = as_member(cast.mona)
    mona.post(ADD, {"name": "Ours", "query": "horizon=later", "scope": "workspace"})
    first = f"{BACKLOG}views/{SavedView.objects.get().public_id}/first/"
    mona.post(first)
    answer = mona.get(BACKLOG)
    assert answer.url == f"{BACKLOG}?horizon=later"
    page = mona.get(answer.url)
    assert [view["label"] for view in page.context["views"] if view["current"]] == ["Ours"]
    assert page.context["is_first"]
    everything = mona.get(f"{BACKLOG}?view=all")
    assert [row.title for row in everything.context["page"].rows] == ["Now", "Later"]
    assert [view["label"] for view in everything.context["views"] if view["current"]] == ["All items"]
    assert as_member(cast.carol).get(BACKLOG).status_code == 200
    mona.post(first)
    assert mona.get(BACKLOG).status_code == 200
    mona.post(first)
    mona.post(f"{BACKLOG}views/{SavedView.objects.get().public_id}/delete/")
    assert mona.get(BACKLOG).status_code == 200


def test_the_api_keeps_and_changes_views(cast: Cast, api, field_team):
    body = {"product": "DSP", "name": "Now", "query": "horizon=now&after=x", "team": field_team.public_id}
    made = api(cast.bob, "post", "/api/v1/saved-views/", body)
    assert made.status_code == 201
    kept = made.json()
    assert (kept["scope"], kept["query"]) == ("team", "horizon=now")
    path = f"/api/v1/saved-views/{kept['id']}/"
    assert [one["name"] for one in api(cast.carol, "get", "/api/v1/saved-views/?product=DSP").json()["results"]] == [
        "Now"
    ]
    assert api(cast.mona, "get", path).status_code == 404
    assert api(cast.carol, "patch", path, {"name": "x"}, **{"If-Match": "*"}).status_code == 403
    assert api(cast.carol, "delete", path).status_code == 403
    everybody = {"team": None, "is_shared": True}
    assert api(cast.bob, "patch", path, everybody, **{"If-Match": "*"}).status_code == 422
    assert (
        api(cast.bob, "patch", path, {"name": "Mine", "team": None}, **{"If-Match": "*"}).json()["scope"] == "private"
    )
    assert api(cast.bob, "delete", path).status_code == 204
    assert api(cast.carol, "post", "/api/v1/saved-views/", {**body, "team": None, "is_shared": True}).status_code == 422
