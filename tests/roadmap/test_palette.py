"""What the command palette finds of the plans: what is called so first."""

from __future__ import annotations

import re

import pytest

from tests.cast import Cast
from tests.factories import make_item, make_product, status

PALETTE = "/w/polarline/palette/"


def found(client, typed: str) -> list[str]:
    """The titles of the items that are offered, the first one chosen."""
    page = client.get(PALETTE, {"q": typed}).content.decode()
    items = page.partition('aria-label="Items"')[2].partition('role="group"')[0]
    return re.findall(r"<span>([^<]*)</span><span class=\"meta\">", items)


@pytest.fixture
def items(cast: Cast):
    make_item(cast.product, "Eta for consignees")
    make_item(cast.product, "Live ETA link")
    make_item(cast.product, "Feta for lunch")
    make_item(cast.product, "Arrival times", description="What an ETA is")
    make_item(cast.secret, "ETA of secrets")
    make_item(cast.product, "Übergabe (München)", description="sign-in")
    make_item(cast.product, "Etagere")


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("eta", ["Etagere", "Eta for consignees", "Live ETA link", "Arrival times"]),
        ("et", ["Etagere", "Eta for consignees", "Live ETA link", "Arrival times"]),
        ("eta live", ["Live ETA link"]),
        ("live eta", ["Live ETA link"]),
        ("live eta lnik", ["Live ETA link"]),
        ("über", ["Übergabe (München)"]),
        ("(mün", ["Übergabe (München)"]),
        ("sign-in", ["Übergabe (München)"]),
        ("dsp-2", ["Live ETA link"]),
    ],
)
def test_what_is_called_so_comes_before_what_only_tells_of_it(
    cast: Cast, as_member, items, typed: str, titles: list[str]
):
    assert found(as_member(cast.dave), typed) == titles


def test_a_number_alone_means_the_items_that_have_it(cast: Cast, as_member):
    other = make_product(cast.workspace)
    for n in range(1, 12):
        make_item(cast.product, f"Item {n}")
        make_item(other, f"Another 11 of {n}")
    assert found(as_member(cast.dave), "11")[:2] == ["Another 11 of 11", "Item 11"]


def test_what_is_to_be_done_comes_before_what_is_over_and_high_scores_before_low_ones(cast: Cast, as_member):
    make_item(cast.product, "Depot high", reach=1000, impact=1, confidence=100, effort=1)
    make_item(cast.product, "Depot low", reach=10, impact=1, confidence=100, effort=1)
    make_item(cast.product, "Depot new")
    make_item(cast.product, "Depot shipped", status=status(cast.workspace, "Shipped"))
    assert found(as_member(cast.dave), "depot") == ["Depot high", "Depot low", "Depot new", "Depot shipped"]


@pytest.mark.parametrize(
    "typed",
    ["!!", "\0", "a\0b", "[[:alpha:]", ".*", "%", "__", "x" * 500, "a b c d e f g h i j", "9999999999"],
)
def test_whatever_is_typed_is_no_trouble(cast: Cast, as_member, items, typed: str):
    assert found(as_member(cast.dave), typed) == []
