"""The filter of the backlog: put together line by line, read as a sentence, kept in the address."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.cast import Cast
from tests.factories import make_item, status

BACKLOG = "/w/polarline/p/DSP/backlog/"
BUILDER = f"{BACKLOG}filters/"
ASKING = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def items(cast: Cast):
    make_item(cast.product, "Ready and led", status=status(cast.workspace, "Ready"), lead=cast.mona)
    make_item(cast.product, "Ready alone", status=status(cast.workspace, "Ready"))
    make_item(cast.product, "Large", reach=100, impact=1, confidence=100, effort=1)


def titles(page) -> list[str]:
    return [row.title for row in page.context["page"].rows]


def shown(client, answer) -> list[str]:
    """What the backlog shows at the address that the builder sends to."""
    assert answer.status_code == 302
    return titles(client.get(answer.url))


def line(place: int, field: str, op: str, *values: str, group: int = 0) -> dict[str, object]:
    return {f"l{place}.field": field, f"l{place}.op": op, f"l{place}.value": list(values), f"l{place}.group": group}


def test_lines_become_an_address_that_shows_what_they_say(cast: Cast, as_member):
    mona = as_member(cast.mona)
    ready = status(cast.workspace, "Ready").public_id
    form = {
        "rest": "sort=-score",
        "join.0": "all",
        "do": "show",
        **line(0, "status", "in", ready),
        **line(1, "lead", "empty"),
    }
    answer = mona.get(BUILDER, form)
    assert answer.url == f"{BACKLOG}?sort=-score&status={ready}&lead.empty=1"
    assert shown(mona, answer) == ["Ready alone"]
    page = mona.get(answer.url)
    assert page.context["filtered"]["sentence"] == "Status is any of Ready and Lead is empty"
    assert [chip["without"] for chip in page.context["filtered"]["chips"]] == [
        "sort=-score&lead.empty=1", f"sort=-score&status={ready}",
    ]  # fmt: skip


def test_groups_are_joined_by_or_and_come_back_as_they_were(cast: Cast, as_member):
    mona = as_member(cast.mona)
    ready = status(cast.workspace, "Ready").public_id
    form = {
        "rest": "", "join.0": "any", "join.1": "all", "do": "show", **line(0, "score", "gte", "10"),
        **line(1, "status", "in", ready, group=1), **line(2, "lead", "set", group=1),
    }  # fmt: skip
    answer = mona.get(BUILDER, form)
    assert shown(mona, answer) == ["Ready and led", "Large"]
    again = mona.get(BUILDER + "?" + urlsplit(answer.url).query).context["builder"]
    assert again.sentence() == "RICE at least 10 or (Status is any of Ready and Lead is set)"
    assert [(group["join"], len(group["lines"])) for group in again.groups] == [("any", 1), ("all", 2)]
    page = mona.get(answer.url)
    assert [chip["value"] for chip in page.context["filtered"]["chips"]] == [again.sentence()]


def test_a_bad_line_is_named_and_nothing_is_lost(cast: Cast, as_member):
    mona = as_member(cast.mona)
    form = {
        "rest": "sort=-score", "join.0": "all", "do": "show", **line(0, "score", "gte", "much"), **line(1, "title", "has", "Ready"),
        **line(2, "type", "in"),
    }  # fmt: skip
    answer = mona.get(BUILDER, form, headers=ASKING)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“much” is not a number." in page
    assert "Say what “Type” is compared with" in page
    assert 'value="much"' in page
    assert 'value="Ready"' in page
    assert 'name="rest" value="sort=-score"' in page


def test_a_bad_address_says_what_is_wrong_and_keeps_what_it_said(cast: Cast, as_member):
    page = as_member(cast.mona).get(f"{BACKLOG}?score.gte=much&title=Ready")
    assert page.status_code == 422
    assert "“much” is not a number." in page.content.decode()
    builder = as_member(cast.mona).get(f"{BUILDER}?score.gte=much&title=Ready").context["builder"]
    assert [(line.field.name, line.value, bool(line.problem)) for line in builder.lines] == [
        ("score", "much", True), ("title", "Ready", False),
    ]  # fmt: skip


def test_each_press_answers_with_the_form_as_it_is_then(cast: Cast, as_member):
    mona = as_member(cast.mona)
    form = {"rest": "", "join.0": "all", **line(0, "title", "has", "Ready")}

    def after(press: str, **more: object):
        return mona.get(BUILDER, {**form, **more, "do": press}, headers=ASKING).context["builder"]

    assert [line.value for line in after("add:0").lines] == ["Ready", ""]
    assert [group["number"] for group in after("group").groups] == [0, 1]
    assert after("drop:0").lines == []
    changed = after("", **{"l0.field": "type", "l0.was": "title"}).lines[0]
    assert (changed.field.name, changed.op, changed.values) == ("type", "in", [])


def test_what_the_builder_cannot_show_is_kept(cast: Cast, as_member):
    mona = as_member(cast.mona)
    deep = {"not": {"any": [{"field": "title", "op": "has", "value": "Ready"}]}}
    builder = mona.get(BUILDER, {"filter": json.dumps(deep)}).context["builder"]
    assert [words for _text, words in builder.kept_in_words] == ["not (Title contains Ready)"]
    form = {"rest": "", "join.0": "all", "kept": json.dumps(deep), "do": "show", **line(0, "reach", "set")}
    answer = mona.get(BUILDER, form)
    assert shown(mona, answer) == ["Large"]
    assert json.loads(parse_qs(urlsplit(answer.url).query)["filter"][0]) == deep


@pytest.mark.parametrize("kept", ["{", "7", '{"all":3}', '{"x":{}}'])
def test_kept_conditions_that_somebody_made_up_are_refused_with_a_sentence(cast: Cast, as_member, kept: str):
    answer = as_member(cast.mona).get(BUILDER, {"rest": "", "kept": kept, "do": "show"})
    assert answer.status_code == 422
    assert "A condition that cannot be read" in answer.content.decode()


def test_the_api_takes_the_same_filters(cast: Cast, api):
    either = {"any": [{"field": "score", "op": "gte", "value": 10}, {"field": "lead", "op": "set"}]}

    def found(**query: str) -> list[str]:
        rows = api(cast.mona, "get", "/api/v1/items/?" + urlencode(query)).json()["results"]
        return [item["title"] for item in rows]

    assert found(filter=json.dumps(either)) == ["Ready and led", "Large"]
    assert found(filter=json.dumps(either), **{"reach.gte": "5"}) == ["Large"]
    assert len(found(**{"touched.recent": "2"})) == 3
    assert found(**{"touched.older": "2"}) == []
    assert api(cast.mona, "get", "/api/v1/items/?filter={").status_code == 422


def test_names_of_any_number_of_chosen_rows_take_one_statement(cast: Cast, as_member, django_assert_max_num_queries):
    mona = as_member(cast.mona)
    query = f"status={status(cast.workspace, 'Ready').public_id}&lead={cast.mona.public_id}&release=x&objective=y&initiative=z"
    mona.get(f"{BACKLOG}?{query}")
    with django_assert_max_num_queries(10):
        page = mona.get(f"{BACKLOG}?{query}")
    assert [chip["value"] for chip in page.context["filtered"]["chips"]] == ["Ready", "Mona", "gone", "gone", "gone"]
