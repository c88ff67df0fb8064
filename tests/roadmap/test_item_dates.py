"""How firm an item's days are, and how far it has come: set in forms, table and API, kept in history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changes.models import Change
from changes.undo import undo
from roadmap.models import Certainty, Item, Requirement
from roadmap.models.dates import quarter_of
from roadmap.plans.progress import progress_of
from tests.factories import make_item, status

URL = "/w/polarline/p/DSP/items/1/edit/"
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a machine may have other things to do
counted = st.integers(0, 50).flatmap(lambda count: st.tuples(st.just(count), st.integers(0, count)))


@calm
@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_a_quarter_holds_its_day_and_three_months(day):
    first, last = quarter_of(day)
    assert first <= day <= last
    assert (first.day, first.month % 3) == (1, 1)
    assert (last + timedelta(days=1)).day == 1
    assert last.month == first.month + 2


@calm
@given(st.sampled_from(["auto", "items", "requirements", "hand"]), st.none() | st.integers(0, 100), counted, counted)
def test_progress_is_a_percentage_and_whole_only_when_all_is_done(source, by_hand, items, requirements):
    found = progress_of(source, by_hand, shipped=False, items=items, requirements=requirements)
    assert 0 <= found <= 100
    if source == "items":
        assert (found == 100) is (items[0] > 0 and items[0] == items[1])
    assert progress_of(source, by_hand, shipped=True, items=items, requirements=requirements) == 100


@pytest.mark.parametrize(
    ("source", "by_hand", "items", "requirements", "found"),
    [
        ("auto", 70, (4, 1), (10, 5), 25),
        ("auto", 70, (0, 0), (10, 5), 50),
        ("auto", 70, (0, 0), (0, 0), 70),
        ("auto", None, (0, 0), (0, 0), 0),
        ("requirements", 70, (4, 1), (3, 2), 66),
        ("hand", 70, (4, 1), (10, 5), 70),
        ("items", 70, (0, 0), (10, 5), 0),
    ],
)
def test_progress_comes_from_the_items_below_else_from_requirements_else_from_a_hand(
    source, by_hand, items, requirements, found
):
    assert progress_of(source, by_hand, shipped=False, items=items, requirements=requirements) == found


@pytest.mark.django_db
def test_an_item_of_which_only_the_quarter_is_known_takes_whole_quarters_and_undo_gives_the_days_back(cast):
    item = make_item(cast.product, starts_on=date(2026, 11, 19), ends_on=date(2027, 1, 8))
    item.edit(by=cast.actor("mona"), certainty=Certainty.QUARTER)
    to_quarter = Change.objects.get(pk=item.change_id)
    item.refresh_from_db()
    assert (item.starts_on, item.ends_on) == (date(2026, 10, 1), date(2027, 3, 31))
    undo(to_quarter, by=cast.actor("mona"))
    item.refresh_from_db()
    assert (item.starts_on, item.ends_on, item.certainty) == (date(2026, 11, 19), date(2027, 1, 8), "firm")


@pytest.mark.django_db
def test_a_new_day_of_such_an_item_is_the_edge_of_its_quarter(cast):
    item = make_item(cast.product, starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31), certainty="quarter")
    item.edit(by=cast.actor("mona"), starts_on=date(2027, 2, 2))
    item.refresh_from_db()
    assert (item.starts_on, item.ends_on) == (date(2027, 1, 1), date(2027, 3, 31))


@pytest.mark.django_db
def test_it_may_be_added_so_and_a_firm_one_keeps_its_days(cast):
    quarter = make_item(cast.product, starts_on=date(2026, 12, 31), ends_on=date(2026, 12, 31), certainty="quarter")
    assert (quarter.starts_on, quarter.ends_on) == (date(2026, 10, 1), date(2026, 12, 31))
    rough = make_item(cast.product, starts_on=date(2026, 12, 31), ends_on=date(2026, 12, 31), certainty="range")
    assert rough.starts_on == date(2026, 12, 31)


@pytest.mark.django_db
def test_certainty_and_progress_are_edited_by_form_and_api(cast, as_member, api):
    make_item(cast.product)
    mona = as_member(cast.mona)
    assert mona.post(URL, {"certainty": "range", "progress_from": "hand", "progress": "40"}).status_code == 302
    item = Item.objects.get(number=1)
    assert (item.certainty, item.progress_from, item.progress) == ("range", "hand", 40)
    for bad in ({"certainty": "someday"}, {"progress": "101"}, {"progress": "-1"}, {"progress_from": "luck"}):
        assert mona.post(URL, bad).status_code == 422
    answer = api(cast.mona, "patch", "/api/v1/items/DSP-1/", {"certainty": "firm", "progress": 60}, **{"If-Match": "*"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["certainty"], answer.json()["progress"]) == ("firm", 60)
    page = mona.get("/w/polarline/p/DSP/items/1/").content.decode()
    assert "Firm days" in page
    assert "60%" in page


@pytest.mark.django_db
def test_the_table_shows_edits_and_filters_by_certainty(cast, as_member):
    make_item(cast.product, "Sure")
    make_item(cast.product, "Unsure", certainty="range")
    mona = as_member(cast.mona)
    page = mona.get("/w/polarline/p/DSP/backlog/?columns=title,certainty&certainty=range").content.decode()
    assert "A range" in page
    assert "Unsure" in page
    assert "Sure</span>" not in page
    assert "Only the quarter" in mona.get("/w/polarline/p/DSP/backlog/editors/certainty/").content.decode()


def test_an_item_tells_from_where_its_progress_is_known(cast, as_member):
    mona, item = as_member(cast.mona), make_item(cast.product)
    page = lambda: mona.get("/w/polarline/p/DSP/items/1/").content.decode()  # noqa: E731
    assert "Automatic, nothing to count yet" in page()
    assert 'id="field-1-progress"' not in page()  # a number by hand is no question here
    first = Requirement.add_to(item, text="Holds", by=cast.actor("mona"))
    Requirement.add_to(item, text="Lasts", by=cast.actor("mona"))
    assert "0% · 0 of 2 requirements done" in page()
    ticked = mona.post(
        f"/w/polarline/p/DSP/items/1/requirements/{first.public_id}/tick/",
        {"done": "1"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert '<c-edit hx-swap-oob="true" id="field-1-progress_from">' in ticked
    assert "50% · 1 of 2 requirements done" in ticked
    assert "50% · 1 of 2 requirements done" in page()


def test_the_number_by_hand_comes_with_the_choice_to_set_it(cast, as_member):
    make_item(cast.product)
    sent = {"as": "field", "field": "progress_from", "progress_from": "hand"}
    answer = as_member(cast.mona).post(URL, sent, headers={"HX-Request": "true"}).content.decode()
    assert '<span id="by-hand-1" hx-swap-oob="true"><c-edit id="field-1-progress">' in answer
    sent = {"as": "field", "field": "progress_from", "progress_from": "auto"}
    answer = as_member(cast.mona).post(URL, sent, headers={"HX-Request": "true"}).content.decode()
    assert '<span id="by-hand-1" hx-swap-oob="true"></span>' in answer


def test_the_number_by_hand_goes_as_soon_as_there_is_something_to_count(cast, as_member):
    mona, item = as_member(cast.mona), make_item(cast.product, progress=40)
    assert 'id="field-1-progress"' in mona.get("/w/polarline/p/DSP/items/1/").content.decode()
    sent = {"text": "Holds"}
    answer = mona.post(
        "/w/polarline/p/DSP/items/1/requirements/add/", sent, headers={"HX-Request": "true"}
    ).content.decode()
    assert Requirement.objects.filter(item=item).exists()
    assert '<span id="by-hand-1" hx-swap-oob="true"></span>' in answer


def test_an_epic_counts_what_shipped_below_it(cast, as_member):
    epic = make_item(cast.product, type="epic")
    for name in ("Shipped", "Ready", "Won't do"):
        make_item(cast.product, parent=epic, status=status(cast.workspace, name))
    page = as_member(cast.mona).get("/w/polarline/p/DSP/items/1/").content.decode()
    assert "50% · 1 of 2 items below shipped" in page
