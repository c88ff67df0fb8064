"""Many rows of the table at once: moved in the order, written line by line, filled from a spreadsheet."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import Refused
from changes.models import Change
from jobs.models import Job
from roadmap.backlog import bulk, outlines, ranking
from roadmap.models import CustomField, Item, Requirement
from roadmap.tasks import move_items
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

ITEMS = "/w/polarline/p/DSP/items/"
ASKING = {"HX-Request": "true"}


def order() -> str:
    return "".join(Item.objects.filter(product__key="DSP").order_by("rank").values_list("title", flat=True))


def undo(client) -> None:
    assert client.post(f"/w/polarline/changes/{Change.objects.latest('pk').pk}/undo/").status_code in (200, 204, 302)


@pytest.fixture
def letters(cast: Cast) -> dict[str, int]:
    return {title: make_item(cast.product, title).number for title in "ABCDE"}


# --- Order


@pytest.mark.parametrize(
    ("moved", "to", "expected"),
    [
        ("D", {"place": "top"}, "DABCE"), ("B", {"place": "bottom"}, "ACDEB"), ("E", {"place": "2"}, "AEBCD"),
        ("A", {"position": "3"}, "BCADE"), ("EB", {"place": "top"}, "BEACD"), ("AC", {"after": "D"}, "BDACE"),
        ("CE", {"before": "B"}, "ACEBD"), ("AB", {"place": "99"}, "CDEAB"),
    ],
)  # fmt: skip
def test_items_go_together_to_a_place_and_back_by_one_undo(cast: Cast, as_member, letters, moved, to, expected):
    mona = as_member(cast.mona)
    sent = {name: letters.get(value, value) for name, value in to.items()}
    answer = mona.post(f"{ITEMS}rank/", {"numbers": [letters[one] for one in moved], **sent}, headers=ASKING)
    assert answer.status_code == 204
    assert order() == expected
    undo(mona)
    assert order() == "ABCDE"


@pytest.mark.parametrize("sent", [{"place": "0"}, {"place": "-1"}, {"place": "x"}, {"after": "77"}, {}])
def test_what_is_no_place_is_refused(cast: Cast, as_member, letters, sent):
    answer = as_member(cast.mona).post(f"{ITEMS}rank/", {"numbers": [letters["A"]], **sent}, headers=ASKING)
    assert answer.status_code == 422
    assert order() == "ABCDE"


@given(
    moves=st.lists(
        st.tuples(st.sets(st.integers(0, 4), min_size=1), st.sampled_from(["top", "bottom", "1", "2", "3", "9"])),
        max_size=6,
    )
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_moves_end_in_the_order_that_a_list_would_have(cast: Cast, letters, moves):
    by, expected = cast.actor("mona"), list(order())
    for places, place in moves:
        titles = {"ABCDE"[one] for one in places}
        ranking.put(Item.objects.of(cast.product).filter(title__in=titles), cast.product, by=by, place=place)
        rest, chosen = [one for one in expected if one not in titles], [one for one in expected if one in titles]
        at = {"top": 0, "bottom": len(rest)}.get(place) if place in ("top", "bottom") else int(place) - 1
        expected = [*rest[:at], *chosen, *rest[at:]]
    assert order() == "".join(expected)


# --- Lines

OUTLINE = """- Control tower
    1. Live ETA
    2. Bulk re-plan
\t\t[ ] within two seconds
Loose end

* Offline notes
  Sync
"""


def test_lines_become_items_and_indentation_their_place(cast: Cast, as_member):
    mona = as_member(cast.mona)
    look = mona.post(f"{ITEMS}lines/", {"lines": OUTLINE, "do": "look"}, headers=ASKING)
    assert "6 items: 2 epics with 3 items under them, and 1 requirement" in look.content.decode()
    assert Item.objects.count() == 0
    assert mona.post(f"{ITEMS}lines/", {"lines": OUTLINE, "do": "add"}, headers=ASKING).status_code == 204
    rows = Item.objects.order_by("rank").values_list("title", "type", "parent__title")
    assert list(rows) == [
        ("Control tower", "epic", None), ("Live ETA", "feature", "Control tower"), ("Bulk re-plan", "feature", "Control tower"),
        ("Loose end", "feature", None), ("Offline notes", "epic", None), ("Sync", "feature", "Offline notes"),
    ]  # fmt: skip
    assert Requirement.objects.get().text == "within two seconds"
    undo(mona)
    assert Item.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write at least one line"), ("a\n b\n  c\n   d", "Line 4 is indented too deep"),
        ("fine\n" + "x" * 241, "Line 2 has more than 240"), ("x\n" * 501, "At most 500 lines"),
    ],
)  # fmt: skip
def test_bad_lines_are_named_and_kept(cast: Cast, as_member, text: str, sentence: str):
    answer = as_member(cast.mona).post(f"{ITEMS}lines/", {"lines": text, "do": "add"}, headers=ASKING)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert text[:30] in answer.content.decode()
    assert Item.objects.count() == 0


def test_lines_of_epics_put_no_epic_under_another(cast: Cast):
    _change, items = outlines.add(cast.product, outlines.read("One\n  Two\nThree"), by=SYSTEM, type="epic")
    assert [(item.type, item.parent) for item in items] == [("epic", None), ("feature", items[0]), ("epic", None)]


def test_contributors_add_lines_and_viewers_do_not(cast: Cast, as_member):
    assert as_member(cast.bob).post(f"{ITEMS}lines/", {"lines": "One\nTwo", "do": "add"}).status_code == 302
    assert as_member(cast.bob).post(f"{ITEMS}lines/", {"lines": "a\n b\n  c", "do": "add"}).status_code == 403
    assert as_member(cast.carol).post(f"{ITEMS}lines/", {"lines": "One", "do": "add"}).status_code == 403
    assert Item.objects.count() == 2


@given(text=st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_outline_or_a_sentence(text: str):
    with suppress(Refused):
        outline = outlines.read(text)
        assert outline.words()
        assert all(0 < len(entry.title) <= 240 for entry, _parent in outline.items)


# --- A column of a spreadsheet


def pasted(client, items: list[Item], column: str, values: str):
    sent = {"numbers": [item.number for item in items], "seen": [item.change_id for item in items]}
    return client.post(f"{ITEMS}paste/", {**sent, "column": column, "values": values}, headers=ASKING)


def test_a_column_fills_cells_as_one_change(cast: Cast, as_member):
    items, mona = [make_item(cast.product, title) for title in "ABC"], as_member(cast.mona)
    assert pasted(mona, items, "effort", "1\n2.5\n\n").status_code == 204
    assert list(Item.objects.order_by("rank").values_list("effort", flat=True)) == [Decimal(1), Decimal("2.5"), None]
    items = list(Item.objects.order_by("rank"))
    assert pasted(mona, items, "status", "Ready\r\nidea\r\nIn build\r\n").status_code == 204
    assert list(Item.objects.order_by("rank").values_list("status__name", flat=True)) == ["Ready", "Idea", "In build"]
    undo(mona)
    assert set(Item.objects.values_list("status__name", flat=True)) == {"Idea"}
    items = list(Item.objects.order_by("rank"))
    assert pasted(mona, items, "lead", "Mona").status_code == 204
    assert set(Item.objects.values_list("lead", flat=True)) == {cast.mona.pk}


def test_numbers_are_pasted_as_spreadsheets_of_other_countries_have_them(cast: Cast, as_member):
    items, mona = [make_item(cast.product, title) for title in "AB"], as_member(cast.mona)
    assert pasted(mona, items, "effort", "8,5\n2").status_code == 204
    items = list(Item.objects.order_by("rank"))
    assert pasted(mona, items, "reach", "1 200\n12,000").status_code == 204
    items = list(Item.objects.order_by("rank"))
    assert pasted(mona, items, "confidence", "80 %\n50%").status_code == 204
    found = Item.objects.order_by("rank").values_list("effort", "reach", "confidence")
    assert list(found) == [(Decimal("8.5"), 1200, 80), (Decimal(2), 12000, 50)]
    assert pasted(mona, list(Item.objects.order_by("rank")), "effort", "much\n1").status_code == 422


def test_values_of_own_fields_are_pasted_by_their_names(cast: Cast, as_member):
    size = CustomField.define(cast.workspace, "Size", "select", by=cast.actor("alice"), options=["Small", "Large"])
    items = [make_item(cast.product, title) for title in "AB"]
    assert pasted(as_member(cast.mona), items, size.key, "large\nSmall").status_code == 204
    keys = {one["name"]: one["key"] for one in size.options}
    assert [item.custom[size.key] for item in Item.objects.order_by("rank")] == [keys["Large"], keys["Small"]]


def test_values_that_do_not_fit_are_named_and_nothing_is_written(cast: Cast, as_member):
    items = [make_item(cast.product, title) for title in "ABC"]
    answer = pasted(as_member(cast.mona), items, "confidence", "80 %\nmuch\n300")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "DSP-2</b> “much”" in page
    assert "DSP-3</b> “300”" in page
    assert "80 %\nmuch\n300</textarea>" in page
    assert set(Item.objects.values_list("confidence", flat=True)) == {None}
    assert not Change.objects.filter(verb="item.edited").exists()


def test_what_somebody_changed_meanwhile_is_not_overwritten(cast: Cast, as_member):
    item = make_item(cast.product, "A")
    Item.objects.get().edit(by=cast.actor("alice"), effort=Decimal(9))
    assert pasted(as_member(cast.mona), [item], "effort", "2").status_code == 422
    assert Item.objects.get().effort == 9


@pytest.mark.parametrize(
    ("column", "values"), [("effort", "1\n2"), ("effort", "1\t2"), ("rank", "1"), ("product", "SEC"), ("factor_x", "1")]
)
def test_what_does_not_belong_together_is_refused(cast: Cast, as_member, column: str, values: str):
    answer = pasted(
        as_member(cast.mona), [make_item(cast.product, "A", status=status(cast.workspace, "Ready"))], column, values
    )
    assert answer.status_code == 422
    assert values in answer.content.decode().replace("\r", "")


def test_more_than_five_hundred_are_moved_by_a_job_and_repeating_it_leaves_the_order(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"{n:03}"} for n in range(520)], by=SYSTEM)
    last, mona = make_item(cast.product, "last"), as_member(cast.mona)
    assert mona.post(f"{ITEMS}rank/", {"matching": "", "place": "x"}, headers=ASKING).status_code == 422
    answer = mona.post(f"{ITEMS}rank/", {"numbers": list(range(1, 511)), "after": last.number}, headers=ASKING)
    job = Job.objects.get(kind="move_items")
    assert answer["HX-Redirect"] == f"/w/polarline/jobs/{job.public_id}/"
    assert move_items(Job.claimed(job.pk), **job.arguments)["changed"] == 510
    wanted = [*(f"{n:03}" for n in range(510, 520)), "last", *(f"{n:03}" for n in range(510))]
    titles = Item.objects.of(cast.product).order_by("rank").values_list("title", flat=True)
    assert list(titles) == wanted
    again = bulk.chosen(cast.mona, cast.product, [str(n) for n in range(1, 511)], None)
    ranking.put(again, cast.product, by=SYSTEM, after=last)
    assert list(titles.all()) == wanted


def test_a_job_whose_place_is_gone_moves_nothing(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"{n:03}"} for n in range(501)], by=SYSTEM)
    last = make_item(cast.product, "last")
    as_member(cast.mona).post(f"{ITEMS}rank/", {"numbers": list(range(1, 502)), "after": last.number}, headers=ASKING)
    last.delete_softly(by=SYSTEM)
    job = Job.objects.get(kind="move_items")
    with pytest.raises(Refused, match="is gone"):
        move_items(Job.claimed(job.pk), **job.arguments)
