"""Saved views and kept roadmaps filter by what the items of a removed type or status became; share links do not."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from changes.models import Change
from roadmap.models import ItemType, Roadmap, SavedView, ShareLink, Status
from roadmap.models.kept_filters import renamed
from tests.cast import Cast
from tests.factories import make_item

DEBT, BUG = {"field": "type", "op": "in", "value": ["debt"]}, {"field": "type", "op": "in", "value": ["bug"]}
OTHER = {"field": "horizon", "op": "in", "value": ["now"]}


def asked(node) -> str:
    return urlencode({"filter": json.dumps(node)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("type=debt", "type=bug"),
        ("type=debt,epic&sort=-score", "type=bug,epic&sort=-score"),
        ("type=debt,bug", "type=bug"),
        ("type=epic&type=debt", "type=epic&type=bug"),
        ("type.not=debt,epic", "type.not=epic"),
        ("type.not=debt&horizon=now", "horizon=now"),
        ("type.not=debt", "type.not=debt"),
        ("type=debt2&q=debt&status=debt", "type=debt2&q=debt&status=debt"),
        (asked({"any": [DEBT, OTHER]}), asked({"any": [BUG, OTHER]})),
        (asked({"not": {**DEBT, "op": "not"}}), asked({"not": {**BUG, "op": "not"}})),
        (asked({"not": {**DEBT, "value": ["debt", "epic"]}}), asked({"not": {**DEBT, "value": ["epic"]}})),
        (asked({"any": [{**DEBT, "op": "not"}, OTHER]}), asked({"any": [{**DEBT, "op": "not"}, OTHER]})),
        ("filter=no+json+debt", "filter=no+json+debt"),
    ],
)
def test_a_filter_asks_for_the_new_value_where_it_asked_for_the_old_one(before: str, after: str):
    told, expected = QueryDict(renamed(before, "type", "debt", "bug")), QueryDict(after)
    for query in (told, expected):
        if query.get("filter", "").startswith("{"):
            query._mutable = True
            query["filter"] = json.dumps(json.loads(query["filter"]))
    assert told == expected


@pytest.fixture
def debt(cast: Cast) -> ItemType:
    return ItemType.add(cast.workspace, by=cast.actor("anton"), name="Debt", kind="bug")


def test_what_is_kept_follows_a_removed_type_and_undo_brings_it_back_also_of_others(
    cast: Cast, as_member, debt: ItemType
):
    make_item(cast.product, type=debt.key)
    bug = ItemType.objects.get(workspace=cast.workspace, key="bug")
    bob = cast.actor("bob")
    view = SavedView.add(cast.workspace, by=bob, product=cast.secret, owner=cast.bob, name="Debt", query="type=debt")
    plan = Roadmap.keep(cast.workspace, "Plan", [cast.product], by=bob, owner=cast.bob, query="type=debt&horizon=now")
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), query="type=debt")
    removed = as_member(cast.anton).post(f"/w/polarline/settings/types/{debt.public_id}/remove/", {"to": bug.public_id})
    assert removed.status_code == 302
    for row, query in ((view, "type=bug"), (plan, "type=bug&horizon=now"), (link, "type=debt")):
        row.refresh_from_db()
        assert row.query == query
    change = Change.objects.filter(verb="item_type.removed").get()
    assert as_member(cast.anton).post(f"/w/polarline/changes/{change.pk}/undo/").status_code == 302
    view.refresh_from_db()
    assert view.query == "type=debt"
    again = Change.objects.get(undoes=change)
    as_member(cast.anton).post(f"/w/polarline/changes/{again.pk}/undo/")
    view.refresh_from_db()
    assert view.query == "type=bug"


def test_what_is_kept_follows_a_removed_status(cast: Cast):
    anton = cast.actor("anton")
    parked = Status.add(cast.workspace, by=anton, name="Parked", category="shaping", public_name="Later")
    idea = Status.objects.get(workspace=cast.workspace, name="Idea")
    view = SavedView.add(
        cast.workspace, by=anton, product=cast.product, owner=cast.anton, name="Waiting", query=f"status={parked.public_id}"
    )  # fmt: skip
    make_item(cast.product, status=parked)
    parked.remove(by=anton, to=idea)
    view.refresh_from_db()
    assert view.query == f"status={idea.public_id}"
