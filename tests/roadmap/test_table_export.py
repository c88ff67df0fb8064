"""The table as CSV: what is shown, all of it, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from roadmap.models import CustomField, Item, ProductScoring, Scorecard
from tests.cast import Cast
from tests.factories import make_item, status
from tests.roadmap.test_table_groups import BACKLOG, followed

EXPORT = "/w/polarline/p/DSP/backlog/items.csv"


def rows(client, query: str = "") -> list[list[str]]:
    answer = client.get(f"{EXPORT}?{query}")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_columns_filter_and_order_are_those_of_the_address(cast: Cast, as_member):
    cost = CustomField.define(cast.workspace, "Cost", "number", by=cast.actor("alice"))
    make_item(
        cast.product, "A", effort=Decimal("1.50"), lead=cast.mona, ends_on=date(2026, 12, 1), custom={cost.key: -2.5}
    )
    make_item(cast.product, 'B, with "quotes"', status=status(cast.workspace, "Ready"), effort=Decimal(4))
    make_item(cast.product, "C", type="bug")
    query = f"columns=title,status,lead,end,effort,{cost.key}&sort=-effort&effort.set=1"
    assert rows(as_member(cast.carol), query) == [
        ["Key", "Item", "Status", "Lead", "End", "Effort", "Cost"],
        ["DSP-2", 'B, with "quotes"', "Ready", "", "", "4", ""],
        ["DSP-1", "A", "Idea", "Mona", "2026-12-01", "1.5", "-2.5"],
    ]


def test_a_score_is_a_number_and_a_class_has_its_name(cast: Cast, as_member):
    cards = {one.method: one for one in Scorecard.objects.filter(workspace=cast.workspace)}
    ProductScoring.choose(cast.product, cards["moscow"], cards["value_effort"], by=cast.actor("mona"))
    make_item(cast.product, "A", effort=Decimal(2), factors={"moscow": "must", "value": 5})
    make_item(cast.product, "B")
    found = rows(as_member(cast.carol), "columns=score,second_score")
    assert [row[-2:] for row in found[1:]] == [["Must have", "2.5"], ["", ""]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_run_as_a_formula(cast: Cast, as_member, start: str):
    evil = f'{start}HYPERLINK("https://evil.example")'
    note = CustomField.define(cast.workspace, "@note", "text", by=cast.actor("alice"))
    make_item(cast.product, evil, custom={note.key: evil})
    found = rows(as_member(cast.carol), f"columns=title,{note.key}")
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row)
    assert found[1][1:] == ["'" + evil, "'" + evil]


def test_all_rows_are_there_and_not_only_those_of_a_page(cast: Cast, as_member, count_queries, monkeypatch):
    monkeypatch.setattr("roadmap.backlog.export.SIZE", 20)
    Item.add_many(cast.product, [{"title": f"Item {n:03}"} for n in range(65)], by=cast.actor("mona"))
    carol = as_member(cast.carol)
    found = [row[1] for row in rows(carol, "columns=title&sort=-title&group=status&folded=x")[1:]]
    assert found == [f"Item {n:03}" for n in reversed(range(65))]


@pytest.mark.parametrize("size", [20, 500])
@pytest.mark.parametrize("order", ["", "&sort=rank", "&sort=-title", "&group=status"])
def test_what_was_searched_for_stands_in_the_order_of_the_screen(
    cast: Cast, as_member, monkeypatch, size: int, order: str
):
    monkeypatch.setattr("roadmap.backlog.export.SIZE", size)
    Item.add_many(cast.product, [{"title": f"Lorry {n:03}"} for n in range(60)], by=cast.actor("mona"))
    texts = ["Somewhere in it a depot" if n % 2 else "" for n in range(70)]
    fields = [{"title": f"{'Place' if text else 'Depot'} {n:03}", "description": text} for n, text in enumerate(texts)]
    Item.add_many(cast.product, fields, by=cast.actor("mona"))
    carol = as_member(cast.carol)
    drawn = followed(carol, f"{BACKLOG}?columns=title&q=depot{order}")
    shown = [one for one in drawn if not one.startswith("[")]  # a group's head
    assert len(shown) == 70
    assert [row[1] for row in rows(carol, f"columns=title&q=depot{order}")[1:]] == shown


@pytest.mark.parametrize("size", [20, 500])
def test_all_that_common_words_find_is_in_the_file_in_the_order_of_the_screen(
    cast: Cast, as_member, monkeypatch, size: int
):
    monkeypatch.setattr("roadmap.backlog.export.SIZE", size)
    Item.add_many(cast.product, [{"title": f"Depot {n:03}"} for n in range(120)], by=cast.actor("mona"))
    carol = as_member(cast.carol)
    found = [row[1] for row in rows(carol, "columns=title&q=depot")[1:]]
    assert found == followed(carol, f"{BACKLOG}?columns=title&q=depot") == [f"Depot {n:03}" for n in range(120)]


def test_a_bad_filter_gives_no_file_but_a_sentence(cast: Cast, as_member):
    answer = as_member(cast.carol).get(f"{EXPORT}?score.gte=many")
    assert answer.status_code == 422
    assert "is not a number" in answer.content.decode()
