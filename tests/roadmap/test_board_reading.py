"""What boards read of their columns: whatever the way to count them and to find their first cards, it is the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Q

from roadmap.boards import reading
from roadmap.boards.columns import board_of
from roadmap.models import Horizon, Item, Release
from roadmap.plans.designs import Design
from roadmap.plans.questions import Question
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db


def read(cast: Cast, layout: str, products=None, only=None, **fields):
    question = Question.of(
        cast.mona, [one.pk for one in products or [cast.product]], Design(layout=layout), cast.workspace.today(),
        fields.get("condition"),
    )  # fmt: skip
    return {one.head.name: one for one in board_of(question, {}, only)}


def test_each_column_holds_its_first_cards_by_rank(cast: Cast):
    for layout, field, value, name in (
        ("nnl", "horizon", Horizon.NEXT, "Next"),
        ("status", "status", status(cast.workspace, "In build"), "In build"),
        ("release", "release", Release.plan(cast.product, "5.2", by=SYSTEM), "5.2"),
        ("release", "release", None, "Not planned"),
    ):
        made = [make_item(cast.product, f"{layout} {name} {n}", **{field: value}) for n in range(17)]
        for item in made[:15]:  # the last come first
            item.rank_between(made[-1], None, by=SYSTEM)
        made[-1].rank_between(None, None, by=SYSTEM)
        column = read(cast, layout)[name]
        expected = Item.objects.filter(**{field: value}).ranked().values_list("title", flat=True)
        assert [card.title for card in column.cards] == list(expected[:15])
        assert column.cards[0].title == made[-1].title


def test_a_board_of_two_products_puts_the_cards_of_both_into_one_order(cast: Cast):
    for n in range(3):
        make_item(cast.product, f"DSP {n}", horizon=Horizon.NOW)
        make_item(cast.secret, f"SEC {n}", horizon=Horizon.NOW, effort="1.5")
    for layout, name in (("nnl", "Now"), ("status", "Idea"), ("release", "Not planned")):
        column = read(cast, layout, [cast.product, cast.secret])[name]
        assert (column.count, str(column.effort)) == (6, "4.50")
        assert sorted(card.title for card in column.cards) == ["DSP 0", "DSP 1", "DSP 2", "SEC 0", "SEC 1", "SEC 2"]


@pytest.mark.parametrize("many", [1, 50])
def test_a_filtered_board_counts_alike_by_its_columns_and_by_the_whole_backlog(cast: Cast, monkeypatch, many):

    monkeypatch.setattr(reading, "MANY", many)
    first = date(2027, 1, 1)
    releases = [Release.plan(cast.product, f"R{n}", by=SYSTEM, ends_on=first + timedelta(days=n)) for n in range(3)]
    early = Release.plan(cast.product, "Early", by=SYSTEM, ends_on=first)
    make_item(cast.product, "Early", release=early, reach=500, effort="9")
    for n, release in enumerate(releases):
        make_item(cast.product, f"Loud {n}", release=release, reach=200, effort="2")
        make_item(cast.product, f"Quiet {n}", release=release, reach=10, effort="2")
    make_item(cast.product, "Quiet and nowhere", reach=10)
    make_item(cast.product, "Dropped", reach=200, status=status(cast.workspace, "Won't do"))
    found = read(cast, "release", condition=Q(reach__gte=100))
    assert {name: one.count for name, one in found.items()} == {
        "Early": 1, "R0": 1, "R1": 1, "R2": 1, "Not planned": 0,
    }  # fmt: skip
    assert [card.title for card in found["R1"].cards] == ["Loud 1"]


def test_a_card_that_was_drawn_is_drawn_anew_when_anything_of_it_is_another(cast: Cast, as_member):
    item = make_item(cast.product, "Before", horizon=Horizon.NOW, effort="2")
    mona, carol, address = as_member(cast.mona), as_member(cast.carol), "/w/polarline/p/DSP/roadmap/?layout="
    for layout in ("nnl", "status", "release"):
        assert "data-grab" in mona.get(address + layout).content.decode()
        assert "data-grab" not in carol.get(address + layout).content.decode()
    item.edit(by=SYSTEM, title="After", effort=Decimal(7))
    page = mona.get(address + "status").content.decode()
    assert "After" in page
    assert "7 pw" in page
    assert "Before" not in page
    assert "7 pw" not in mona.get(address + "status&shows=key").content.decode().partition('class="bcard"')[2]
    assert 'data-tone="neutral"' in mona.get(address + "status&colours=objective").content.decode()
