"""What programs send that nobody means: halves of characters, a hundred levels, fields that there are not."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from roadmap.models import CustomField, FieldKind, Item, Release, Scorecard
from tests.access.test_crawl import bearer
from tests.factories import SYSTEM, make_item

BACKLOG = "/w/polarline/p/DSP/backlog/"
HALF = "\ud800"


def sent(member, path: str, body: str, method: str = "post", **headers: str):
    """The body as it is written, byte by byte."""
    client = Client(raise_request_exception=False)
    return getattr(client, method)(
        path, body.encode(), content_type="application/json", headers={**bearer(member), **headers}
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"product": "\\ud800", "title": "x"}',
        '{"product": "DSP", "title": "x", "fields": {"f0000000a": "\\ud800"}}',
        '{"product": "DSP", "title": "x", "tags": ["\\udfff"]}',
        '{"product": "DSP", "title": "x", "\\ud800": 1}',
        '{"product": "DSP", "title": "x", "factors": {"\\u0000": 1}}',
        '["\\ud800"]',
        '"\\ud800"',
        "[" * 100_000,
        '{"product": "DSP", "title": "x", "fields": ' + '{"a":' * 500 + "1" + "}" * 501,
        '{"product": "DSP", "title": "x", "tags": ' + "[" * 500 + "]" * 500 + "}",
    ],
)
def test_a_body_that_cannot_be_kept_is_refused(cast, body):
    CustomField.define(cast.workspace, "Region", FieldKind.TEXT, by=SYSTEM, key="f0000000a")
    answer = sent(cast.mona, "/api/v1/items/", body)
    assert answer.status_code == 400, answer.content
    assert answer.json()
    assert not Item.objects.exists()


def test_it_says_which_field_it_was(cast):
    answer = sent(cast.mona, "/api/v1/items/", '{"product": "DSP", "title": "a\\ud800b"}')
    assert answer.json() == {"title": "This text contains a character that cannot be stored."}


def test_whole_characters_are_kept_however_they_are_written(cast):
    answer = sent(cast.mona, "/api/v1/items/", '{"product": "DSP", "title": "Map \\ud83d\\ude9a"}')
    assert (answer.status_code, Item.objects.get().title) == (201, "Map 🚚")


@pytest.mark.parametrize(
    "expression",
    [
        {"field": "title", "op": "has", "value": HALF},
        {"field": HALF, "op": "has", "value": "x"},
        {"field": "reach", "op": "is", "value": HALF},
        {"field": "status", "op": "in", "value": [HALF]},
        {"field": "title", "op": HALF, "value": "x"},
    ],
)
def test_a_filter_with_half_a_character_cannot_be_read(cast, as_member, expression):
    mona = as_member(cast.mona)
    make_item(cast.product)
    for path in (BACKLOG, f"{BACKLOG}items.csv", "/w/polarline/p/DSP/matrix/", "/w/polarline/p/DSP/roadmap/"):
        assert mona.get(path, {"filter": json.dumps(expression)}).status_code in (200, 422), path
    assert mona.get(BACKLOG, {"filter": json.dumps(expression)}).status_code == 422
    for press in ({"do": "show"}, {}):
        answer = mona.get(f"{BACKLOG}filters/", {"rest": "", "kept": json.dumps(expression), **press})
        assert answer.status_code == (422 if press else 200)


@pytest.mark.parametrize(
    "kept",
    [
        {"field": [], "all": [{"field": "title", "op": "has", "value": "x"}]},
        {"field": "title", "all": [{"field": "title", "op": "has", "value": "x"}]},
        {"field": {"a": 1}, "any": [{"field": "title", "op": "has", "value": "x"}]},
    ],
)
def test_a_group_is_a_group_whatever_else_it_says(cast, as_member, kept):
    """It went into the address as a condition without an operator, or as an error."""
    for path in (f"{BACKLOG}filters/", "/w/polarline/p/DSP/roadmap/filters/"):
        answer = as_member(cast.mona).get(path, {"rest": "", "kept": json.dumps(kept), "do": "show"})
        assert answer.status_code == 302
        assert "title.None" not in answer["Location"]
        assert "filter=" in answer["Location"]


@pytest.mark.parametrize("order", ["title", "lead", "-score", "effort"])
def test_the_cursor_of_another_order_is_answered(cast, as_member, order):
    for number in range(60):
        make_item(cast.product, f"Radar {number}", effort=number + 1)
    mona = as_member(cast.mona)
    after = mona.get(BACKLOG, {"sort": order}).context["page"].next
    assert after
    for other in ({"q": "radar"}, {"sort": "start"}, {"sort": "confidence"}, {"sort": "-title"}, {"group": "status"}):
        assert mona.get(BACKLOG, {**other, "after": after}).status_code in (200, 422), other


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "1E+99", "9" * 20, "sNaN", "~", ",,"])
def test_folding_what_is_no_group_folds_nothing(cast, as_member, token):
    make_item(cast.product, effort=3)
    for group in ("effort", "reach", "impact", "confidence", "start", "end_quarter", "lead", "status"):
        answer = as_member(cast.mona).get(BACKLOG, {"group": group, "folded": token})
        assert answer.status_code == 200, group
        assert as_member(cast.mona).get(f"{BACKLOG}sums/", {"group": group, "folded": token}).status_code < 300


# --- Fields that there are not


def test_parts_and_actions_refuse_fields_that_they_do_not_know(cast, api):
    item, release = make_item(cast.product), Release.plan(cast.product, "5.2", by=SYSTEM)
    release.freeze(by=SYSTEM)
    binned = make_item(cast.product)
    binned.delete_softly(by=SYSTEM)
    for path, body in (
        (f"/api/v1/items/{item.key}/move/", {"product": "SEC", "childs": "stay"}),
        (f"/api/v1/releases/{release.public_id}/unfreeze/", {"reason": "Late", "force": True}),
        (f"/api/v1/releases/{release.public_id}/freeze/", {"reason": "Late"}),
        (f"/api/v1/items/{binned.key}/restore/", {"product": "SEC"}),
        ("/api/v1/requirements/", {"item": item.key, "text": "x", "criteria": [{"text": "y", "done": True}]}),
        ("/api/v1/custom-fields/", {"name": "x", "kind": "select", "options": [{"name": "y", "tone": "red"}]}),
        ("/api/v1/scorecards/", {"name": "x", "factors": [{"name": "y", "kind": "scale", "wieght": 2}]}),
    ):
        answer = api(cast.alice, "post", path, body)
        assert answer.status_code == 400, (path, answer.content)
        assert "There is no such field." in answer.content.decode(), path
    assert Item.objects.get().product == cast.product


def test_who_may_not_do_it_hears_nothing_of_what_they_sent(cast, api):
    release = Release.plan(cast.secret, "5.2", by=SYSTEM)
    assert api(cast.dave, "post", f"/api/v1/releases/{release.public_id}/freeze/", {"x": 1}).status_code == 404
    assert api(cast.carol, "post", f"/api/v1/releases/{release.public_id}/freeze/", {"x": 1}).status_code == 403


def test_a_scorecard_that_was_read_can_be_sent_back(cast, api):
    made = api(cast.alice, "post", "/api/v1/scorecards/", {
        "name": "Ours", "factors": [
            {"name": "Value", "kind": "scale", "role": "gain", "weight": 2}, {"name": "Cost", "kind": "money", "role": "divide", "low": 0, "high": 100},
        ],
    })  # fmt: skip
    assert made.status_code == 201, made.content
    read = made.json()
    path = f"/api/v1/scorecards/{read['id']}/"
    answer = api(cast.alice, "patch", path, {"factors": read["factors"], "name": "Ours, too"}, **{"If-Match": "*"})
    assert (answer.status_code, answer.json().get("name")) == (200, "Ours, too"), answer.content
    assert Scorecard.objects.get(public_id=read["id"]).name == "Ours, too"
