"""Titles, descriptions and iterations of many items at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.refusals import Refused
from changes.models import Change
from roadmap.backlog.bulk_texts import FOUND, read_text, rewritten
from roadmap.models import Item, Iteration, Release
from tests.cast import Cast
from tests.factories import SYSTEM, make_item

URL = "/w/polarline/p/DSP/items/bulk/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    return [make_item(cast.product, title) for title in ("Seal photo", "Photo of photos", "Ramp")]


def send(client, items: list[Item], **sent: Any):
    return client.post(URL, {"numbers": [item.number for item in items], **sent}, headers=HTMX)


def values(name: str) -> list[Any]:
    return list(Item.objects.filter(product__key="DSP").order_by("number").values_list(name, flat=True))


def undo_last(client) -> None:
    change = Change.objects.filter(verb="item.edited").latest("pk")
    assert client.post(f"/w/polarline/changes/{change.pk}/undo/").status_code == 302


def test_what_is_found_in_titles_is_replaced_and_one_undo_brings_all_back(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    answer = send(mona, items, set="title~", find="hoto", title="icture")
    assert "2 items changed." in answer["HX-Trigger"]
    assert values("title") == ["Seal picture", "Picture of pictures", "Ramp"]
    undo_last(mona)
    assert values("title") == ["Seal photo", "Photo of photos", "Ramp"]


def test_something_is_put_before_and_behind_titles_with_a_space_between(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    send(mona, items[:2], set="title^", title="Hamburg: ")
    send(mona, items[1:], set="title+", title="(2027)")
    assert values("title") == ["Hamburg: Seal photo", "Hamburg: Photo of photos (2027)", "Ramp (2027)"]


def test_titles_that_would_be_empty_or_too_long_stay_and_are_counted(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    answer = send(mona, items, set="title~", find="Ramp", title="")
    assert "1 item stayed as it was: Nothing would be left of the title." in answer["HX-Trigger"]
    answer = send(mona, items, set="title^", title="x" * 234)
    assert (
        "1 item changed. 2 items stayed as they were: It would have more than 240 characters." in answer["HX-Trigger"]
    )
    assert values("title")[:2] == ["Seal photo", "Photo of photos"]


def test_a_paragraph_is_added_to_descriptions_they_become_the_same_or_nothing(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    items[0].edit(by=SYSTEM, description="Drivers lose it.")
    send(mona, items[:2], set="description+", description="See the <b>contract</b>: “§ 3”, \\n.")
    told = "See the <b>contract</b>: “§ 3”, \\n."
    assert values("description") == [f"Drivers lose it.\n\n{told}", told, ""]
    send(mona, items, set="description~", find="Drivers", description="They, all,")
    assert values("description")[0].startswith("They, all, lose it.")
    send(mona, items, set="description", description="The same")
    assert values("description") == ["The same"] * 3
    send(mona, items, set=["description~", "description:"])  # the radio that is on, and the button that empties
    assert values("description") == [""] * 3


@pytest.mark.parametrize(
    "sent",
    [
        {"set": "title~", "find": "", "title": "x"}, {"set": "title^", "title": " "}, {"set": "title", "title": "Same"},
        {"set": "title~:x"}, {"set": "title~:[1,2]"}, {"set": "title-", "title": "x"}, {"set": "title+:a\0b"},
        {"set": "title~", "find": "a", "title": "b\0"}, {"set": "description+:" + "x" * 100_001}, {"set": "title:"},
        {"set": "iteration:none"}, {"set": "iteration+:x"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_where_it_was_typed(cast: Cast, items, as_member, sent):
    answer = send(as_member(cast.mona), items, dialog="1", **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Change.objects.filter(verb="item.edited").exists()


def test_the_dialog_of_a_title_offers_three_ways_and_that_of_a_description_four(cast: Cast, as_member):
    mona = as_member(cast.mona)
    title, description = (mona.get(f"{URL}fields/{name}/").content.decode() for name in ("title", "description"))
    assert [f'value="title{how}"' in title for how in ("~", "^", "+", "")] == [True, True, True, False]
    assert [f'value="description{how}"' in description for how in ("~", "^", "+", "")] == [True] * 4
    assert "Empty it" in description
    assert "Empty it" not in title


def test_texts_are_joined_without_a_gap_where_there_is_none():
    assert rewritten("description", "", "New", "+") == "New"
    assert rewritten("title", "Old", "New", "^") == "New Old"


def test_an_iteration_is_set_for_those_in_its_release_and_the_others_are_counted(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    release, other = (Release.plan(cast.product, name, by=SYSTEM) for name in ("5.2", "5.3"))
    iteration = Iteration.add(cast.workspace, by=SYSTEM, product=cast.product, release=release, name="Offers")
    elsewhere = Iteration.add(
        cast.workspace, by=SYSTEM, product=cast.secret, name="Hidden", release=Release.plan(cast.secret, "9", by=SYSTEM)
    )
    items[0].edit(by=SYSTEM, release=release)
    items[1].edit(by=SYSTEM, release=other)
    dialog = mona.get(f"{URL}fields/iteration/").content.decode()
    assert "5.2 · Offers" in dialog
    assert "Hidden" not in dialog
    answer = send(mona, items, set="iteration", iteration=iteration.public_id)
    assert "1 item changed. 2 items stayed as they were: “Offers” is an iteration of “5.2”." in answer[
        "HX-Trigger"
    ].encode().decode("unicode_escape")
    assert values("iteration") == [iteration.pk, None, None]
    assert '"tone": "bad"' in send(mona, items, set=f"iteration:{elsewhere.public_id}")["HX-Trigger"]
    send(mona, items, set="iteration:")
    assert values("iteration") == [None] * 3
    undo_last(mona)
    assert values("iteration") == [iteration.pk, None, None]


@pytest.mark.parametrize(
    "told", ['["\\ud800", "x"]', '["o", "\\udfff"]', "[" * 50_000, '["o"]', "3", '{"a": 1, "b": 2}', "null"]
)
def test_what_is_no_pair_of_texts_is_refused(cast: Cast, items, as_member, told: str):
    answer = send(as_member(cast.mona), items, set=f"title~:{told}")
    assert answer.status_code < 500
    assert values("title") == ["Seal photo", "Photo of photos", "Ramp"]


@pytest.mark.parametrize(("how", "told"), [("+", r"\u0000"), (FOUND, json.dumps(["a", r"\u0000"]))])
def test_what_only_looks_like_a_character_that_cannot_be_stored_is_taken(how: str, told: str):
    assert r"\u0000" in read_text("title", told, how)


def test_half_hidden_in_json_it_is_refused():
    with pytest.raises(Refused, match="cannot be stored"):
        read_text("title", json.dumps(["a", "b\0"]), FOUND)


def test_what_would_be_far_too_long_is_never_made():
    """A letter replaced by a page, of which a text has a hundred thousand, would be all memory that there is."""
    made = rewritten("description", "a" * 100_000, ("a", "b" * 100_000), FOUND)
    assert 100_000 < len(made) <= 300_000
    assert rewritten("description", "a" * 100_000, ("a", "b"), FOUND) == "b" * 100_000
    assert rewritten("title", "aa", ("a", " " * 200), FOUND) not in ("", "a")
    assert rewritten("title", "photo", ("photo", " "), FOUND) == ""
    with pytest.raises(Refused):
        read_text("title", json.dumps(["a", "b" * 241]), FOUND)
