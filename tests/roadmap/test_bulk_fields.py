"""Any field of many items at once: read as a cell's answer is, what some cannot become told by why, one Change, one undo."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.refusals import Refused
from changes.models import Change
from jobs.models import Job
from products.models import Initiative
from roadmap.backlog import bulk
from roadmap.models import CustomField, Item, ProductScoring, Scorecard
from roadmap.plans.slips import HEADER, threshold_of
from roadmap.tasks import change_items
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

URL = "/w/polarline/p/DSP/items/bulk/"
HTMX = {"HX-Request": "true"}
FACTORS = ["factor_ice_impact", "factor_ice_confidence", "factor_ice_ease"]


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    return [make_item(cast.product, title) for title in ("one", "two", "three")]


def send(client, items: list[Item], **sent: Any):
    return client.post(URL, {"numbers": [item.number for item in items], **sent}, headers=HTMX)


def values(name: str) -> list[Any]:
    return list(Item.objects.filter(product__key="DSP").order_by("number").values_list(name, flat=True))


def undo_last(client) -> None:
    change = Change.objects.filter(verb="item.edited").latest("pk")
    assert client.post(f"/w/polarline/changes/{change.pk}/undo/").status_code == 302


def test_tags_are_added_taken_away_replaced_and_emptied(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    items[0].edit(by=SYSTEM, tags=["seal", "urgent"])
    send(mona, items, set="tags+", tags="urgent, hamburg")
    assert values("tags") == [["seal", "urgent", "hamburg"], ["urgent", "hamburg"], ["urgent", "hamburg"]]
    send(mona, items, set="tags-:urgent")
    assert values("tags") == [["seal", "hamburg"], ["hamburg"], ["hamburg"]]
    assert "1 item changed." in send(mona, items, set="tags", tags="hamburg")["HX-Trigger"]
    send(mona, items, set="tags:")
    assert values("tags") == [[], [], []]
    undo_last(mona)
    assert values("tags") == [["hamburg"]] * 3


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("effort", "2.5", Decimal("2.50")), ("reach", "640", 640), ("confidence", "80", 80), ("impact", "2.00", Decimal(2)),
        ("progress", "40", 40), ("progress_from", "hand", "hand"), ("starts_on", "2026-12-01", date(2026, 12, 1)),
        ("ends_on", "2026-12-24", date(2026, 12, 24)), ("certainty", "range", "range"),
    ],
)  # fmt: skip
def test_a_column_is_set_as_one_change_and_undone_as_one(cast: Cast, items, as_member, name, typed, kept):
    mona, before = as_member(cast.mona), values(name)
    answer = send(mona, items, set=name, **{name: typed})
    assert "3 items changed." in answer["HX-Trigger"]
    assert values(name) == [kept] * 3
    assert Change.objects.filter(verb="item.edited").count() == 1
    undo_last(mona)
    assert values(name) == before


def test_scores_follow_the_numbers(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    for name, typed in {"reach": 100, "impact": "1.00", "confidence": 50, "effort": 5}.items():
        send(mona, items, set=f"{name}:{typed}")
    assert values("score") == [Decimal(10)] * 3


def test_an_initiative_and_an_epic_are_set_and_what_stands_wrong_stays(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    initiative = Initiative.add(cast.workspace, product=cast.product, by=SYSTEM, name="Cold chain")
    send(mona, items, set=f"initiative:{initiative.public_id}")
    assert values("initiative") == [initiative.pk] * 3
    epic, other = (make_item(cast.product, title, type="epic") for title in ("Epic", "Other epic"))
    answer = send(mona, [*items, epic, other], set="parent", parent=str(epic.number))
    assert values("parent") == [epic.pk] * 3 + [None] * 2
    assert "3 items changed." in answer["HX-Trigger"]
    assert "1 item stayed as it was: An epic stands under an initiative" in answer["HX-Trigger"]
    assert "That would be a circle" in answer["HX-Trigger"]
    send(mona, items, set="parent:")
    assert values("parent") == [None] * 5


def test_days_keep_to_quarters_and_never_end_before_they_start(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    items[0].edit(by=SYSTEM, starts_on=date(2027, 1, 5))
    items[1].edit(by=SYSTEM, certainty="quarter")
    answer = send(mona, items, set="ends_on:2026-11-30")
    assert values("ends_on") == [None, date(2026, 12, 31), date(2026, 11, 30)]
    assert "1 item stayed as it was: The end would lie before the start." in answer["HX-Trigger"]
    send(mona, items, set="certainty:quarter")
    assert values("starts_on") == [date(2027, 1, 1), None, None]
    assert values("ends_on") == [None, date(2026, 12, 31), date(2026, 12, 31)]


def test_promised_ends_that_slip_far_want_a_reason_once_for_all_before_any_is_set(cast: Cast, items, as_member):
    mona, early, late = as_member(cast.mona), date(2026, 12, 1), date(2027, 6, 1)
    for item in items:
        item.edit(by=SYSTEM, ends_on=early)
    items[2].edit(by=SYSTEM, certainty="range")
    answer = send(mona, items, set="ends_on", ends_on=late.isoformat(), dialog="1")
    assert answer.status_code == 422
    assert "2 promised ends move later by more than" in answer.content.decode()
    assert 'name="reason"' in answer.content.decode()
    assert values("ends_on") == [early] * 3
    answer = send(mona, items, set="ends_on", ends_on=late.isoformat())
    assert "2%20promised%20ends" in answer[HEADER]
    send(mona, items, set="ends_on", ends_on=late.isoformat(), reason="The seal comes later", dialog="1")
    assert values("ends_on") == [late] * 3
    assert Change.objects.filter(verb="item.edited").latest("pk").reason == "The seal comes later"


def test_ends_that_promise_nothing_or_move_a_little_want_no_reason(cast: Cast, items, as_member):
    mona, early = as_member(cast.mona), date(2026, 12, 1)
    for item in items[:2]:
        item.edit(by=SYSTEM, ends_on=early)
    items[1].edit(by=SYSTEM, certainty="range")
    soon = early + timedelta(days=threshold_of(cast.product))
    assert "3 items changed." in send(mona, items, set="ends_on", ends_on=soon.isoformat())["HX-Trigger"]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "a: b, c", "a: b, c"), ("number", "1,234.5", 1234.5), ("date", "2026-11-22", "2026-11-22"),
        ("url", "https://example.com/a", "https://example.com/a"), ("checkbox", "no", False), ("person", "", ""),
    ],
)  # fmt: skip
def test_an_own_field_is_set_emptied_and_undone(cast: Cast, items, as_member, kind, typed, kept):
    if kind == "person":
        typed = kept = cast.bob.public_id
    mona, own = as_member(cast.mona), CustomField.define(cast.workspace, "Own", kind, by=SYSTEM)
    items[0].edit(by=SYSTEM, custom={own.key: kept})
    assert "2 items changed." in send(mona, items, set=own.key, **{own.key: typed})["HX-Trigger"]
    assert values("custom") == [{own.key: kept}] * 3
    send(mona, items, set=f"{own.key}:")
    assert values("custom") == [{}] * 3
    undo_last(mona)
    assert values("custom") == [{own.key: kept}] * 3


def test_options_of_a_list_are_chosen_added_and_taken_away(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    one = CustomField.define(cast.workspace, "Size", "select", options=["Small", "Large"], by=SYSTEM)
    many = CustomField.define(cast.workspace, "Places", "multi", options=["Kiel", "Oslo", "Turku"], by=SYSTEM)
    small, (kiel, oslo, turku) = one.options[0]["key"], [option["key"] for option in many.options]
    send(mona, items, set=one.key, **{one.key: small})
    items[0].edit(by=SYSTEM, custom={many.key: [kiel]})
    send(mona, items, set=f"{many.key}+", **{many.key: [oslo, turku]})
    assert values(f"custom__{many.key}") == [[kiel, oslo, turku], [oslo, turku], [oslo, turku]]
    send(mona, items, set=f"{many.key}-:{oslo},{turku}")
    assert values("custom") == [{one.key: small, many.key: [kiel]}, {one.key: small}, {one.key: small}]


def test_what_a_status_asks_for_is_not_emptied(cast: Cast, items, as_member):
    own = CustomField.define(cast.workspace, "Site", "text", required_from="ready", by=SYSTEM)
    for item in items:
        item.edit(by=SYSTEM, custom={own.key: "Kiel"})
    items[0].edit(by=SYSTEM, status=status(cast.workspace, "Ready"))
    answer = send(as_member(cast.mona), items, set=f"{own.key}:")
    assert "2 items changed. 1 item stayed as it was: Fill in" in answer["HX-Trigger"]
    assert values("custom") == [{own.key: "Kiel"}, {}, {}]


def test_a_factor_of_the_scorecard_is_set_and_scores_follow(cast: Cast, items, as_member):
    ProductScoring.choose(cast.product, Scorecard.objects.get(workspace=cast.workspace, method="ice"), by=SYSTEM)
    mona = as_member(cast.mona)
    offered = mona.get(URL + "fields/").content.decode()
    names = [name for name in FACTORS if f"/{name}/" in offered]
    assert names == FACTORS
    for name in names:
        answer = send(mona, items, set=name, **{name: "3"})
        assert "3 items changed." in answer["HX-Trigger"]
    assert values("score") == [Decimal(27)] * 3
    send(mona, items[:1], set=f"{names[0]}:")
    assert values("score") == [None, Decimal(27), Decimal(27)]


@pytest.mark.parametrize(
    "sent",
    [
        {"set": "effort"}, {"set": "effort", "effort": "x"}, {"set": "effort:-1"}, {"set": "effort+:1"}, {"set": "tags+:"},
        {"set": "tags:" + "x" * 41}, {"set": "certainty:"}, {"set": "parent:999"}, {"set": "initiative:none"},
        {"set": "factor_nothing:1"}, {"set": "f12345678:1"}, {"set": "title:x"}, {"set": "seen:1"}, {"set": "reason:x"},
        {"set": "score:3"}, {"set": "numbers"}, {"set": "ends_on:someday"},
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_where_it_was_typed(cast: Cast, items, as_member, sent):
    mona = as_member(cast.mona)
    assert '"tone": "bad"' in send(mona, items, **sent)["HX-Trigger"]
    answer = send(mona, items, dialog="1", **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Change.objects.filter(verb="item.edited").exists()


def test_each_field_offered_has_a_dialog_with_its_own_button(cast: Cast, items, as_member):
    mona = as_member(cast.mona)
    kinds = ["text", "number", "date", "select", "multi", "person", "url", "checkbox"]
    own = [
        CustomField.define(
            cast.workspace, f"Own <{kind}>", kind, options=["A"] if kind in ("select", "multi") else [], by=SYSTEM
        )
        for kind in kinds
    ]
    offered = mona.get(URL + "fields/").content.decode()
    for name in [
        "tags",
        "parent",
        "iteration",
        "initiative",
        "ends_on",
        "effort",
        "certainty",
        *(one.key for one in own),
    ]:
        assert f"{URL}fields/{name}/" in offered
        dialog = mona.get(f"{URL}fields/{name}/").content.decode()
        assert f'name="{name}"' in dialog
        assert f'name="set" value="{name}' in dialog
    assert "Own &lt;text&gt;" in offered
    assert "Take away" in mona.get(f"{URL}fields/tags/").content.decode()
    assert "Take away" not in mona.get(f"{URL}fields/effort/").content.decode()
    assert "Empty it" not in mona.get(f"{URL}fields/certainty/").content.decode()
    assert ">Epic<" in offered
    assert mona.get(f"{URL}fields/seen/").status_code == 404
    assert as_member(cast.bob).get(f"{URL}fields/tags/").status_code == 403


@pytest.mark.parametrize("told", ["tags+:new", "title^:New", "effort:3", "ends_on:2026-12-24", "parent", "own"])
def test_it_takes_as_many_statements_for_thirty_as_for_three(cast: Cast, count_queries, told):
    epic = make_item(cast.product, "Epic", type="epic")
    own = CustomField.define(cast.workspace, "Own", "text", required_from="ready", by=SYSTEM)
    told = {"parent": f"parent:{epic.number}", "own": f"{own.key}:x"}.get(told, told)
    counts = []
    for size in (3, 30):
        rows = Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(size)], by=SYSTEM)
        chosen = Item.objects.filter(pk__in=[row.pk for row in rows])
        counts.append(count_queries(lambda: bulk.apply(chosen, cast.mona, cast.product, told, by=SYSTEM)))  # noqa: B023
    assert counts[1] == counts[0]


def test_a_job_sets_any_field_and_repeated_after_its_commit_it_tells_what_was_changed(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(230)], by=SYSTEM)
    make_item(cast.product, "long", starts_on=date(2027, 1, 1))
    as_member(cast.mona).post(URL, {"matching": "", "set": "ends_on", "ends_on": "2026-12-24", "reason": "Fair"})
    job = Job.claimed(Job.objects.get(kind="change_items").pk)
    first = change_items(job, **job.arguments)
    assert (first["changed"], first["left"]) == (230, 1)
    again = Job.objects.get(pk=job.pk)
    repeated = change_items(again, **again.arguments)
    assert repeated["changed"] == 230
    again.finish(repeated)
    page = as_member(cast.mona).get(f"/w/polarline/jobs/{job.public_id}/").content.decode()
    assert "230 items changed" in page
    assert "1 item stayed as it was." in page
    assert "The end would lie before the start." in page
    assert [tuple(one) for one in repeated["reasons"]] == [(1, "The end would lie before the start.")]
    assert Change.objects.filter(verb="item.edited").count() == 1


def test_a_value_that_is_none_is_refused_before_a_job_is_made_of_it(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(201)], by=SYSTEM)
    answer = as_member(cast.mona).post(URL, {"matching": "", "set": "effort:x", "dialog": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert not Job.objects.filter(kind="change_items").exists()


def test_a_reason_why_none_could_be_changed_is_heard(cast: Cast, items):
    with pytest.raises(Refused):
        bulk.apply(Item.objects.all(), cast.mona, cast.product, "lead+:x", by=SYSTEM)
