"""From an item's page to the next one and the one before, in the list in which it was found."""

from __future__ import annotations

import pytest

from listing.pages import SIZE
from roadmap.models import Item
from tests.factories import make_item, status

AT = "/w/polarline/p/DSP/items"


def walked(client, number: int, way: str = "next", query: str = "") -> list[int]:
    """The numbers on the way from `number` to the end of the list."""
    numbers = []
    while True:
        there = client.get(f"{AT}/{number}/{way}/?{query}").url
        gone_to = int(there.removeprefix(f"{AT}/").removesuffix("/"))
        if gone_to == number:
            return numbers
        numbers.append(number := gone_to)


@pytest.fixture
def mona(cast, as_member):
    return as_member(cast.mona)


def test_without_a_list_items_follow_one_another_by_rank(cast, mona):
    for _n in range(4):
        make_item(cast.product)
    Item.objects.get(number=4).rank_between(None, Item.objects.get(number=1), by=cast.actor("mona"))
    assert walked(mona, 4) == [1, 2, 3]
    assert walked(mona, 3, "before") == [2, 1, 4]


@pytest.mark.parametrize("sort", ["score", "-score", "release", "-title", "lead", "start"])
@pytest.mark.parametrize("group", ["", "status", "release"])
def test_the_way_there_and_back_is_the_order_of_the_table(cast, mona, sort, group):
    for n in range(6):
        fields = {"reach": n * 100, "impact": 1, "confidence": 50, "effort": 1} if n % 2 else {}
        item = make_item(cast.product, f"Item {n % 3}", **fields)
        if n % 3 == 0:
            item.edit(by=cast.actor("mona"), status=status(cast.workspace, "Ready"))
    query = f"sort={sort}&group={group}"
    page = mona.get(f"/w/polarline/p/DSP/backlog/?{query}")
    shown = [row.number for row in page.context["page"].rows]
    assert len(shown) == 6
    assert walked(mona, shown[0], query=query) == shown[1:]
    assert walked(mona, shown[-1], "before", query) == shown[-2::-1]


def test_a_filter_is_kept_to_also_by_an_item_that_has_left_it(cast, mona):
    for title in ("Ferry", "Truck", "Ferry", "Truck", "Ferry"):
        make_item(cast.product, title)
    assert walked(mona, 1, query="title=Ferry") == [3, 5]
    assert walked(mona, 2, query="title=Ferry") == [3, 5]  # no longer one of them
    assert walked(mona, 4, "before", query="title=Ferry") == [3, 1]


def test_the_end_of_the_list_is_said(cast, mona):
    make_item(cast.product)
    assert "DSP-1 is the last of this list." in mona.get(f"{AT}/1/next/", follow=True).content.decode()
    assert "DSP-1 is the first of this list." in mona.get(f"{AT}/1/before/", follow=True).content.decode()


def test_a_filter_of_what_is_gone_does_not_stop_anybody(cast, mona):
    make_item(cast.product)
    make_item(cast.product)
    assert walked(mona, 1, query="release=nosuchthing") in ([], [2])
    assert walked(mona, 1, query="effort.gt=many") == [2]


def test_an_item_out_of_reach_leads_nowhere(cast, mona, as_member):
    make_item(cast.secret)
    for number in (7, 2**31, 2**40):
        assert mona.get(f"{AT}/{number}/next/").status_code == 404
    assert as_member(cast.dave).get("/w/polarline/p/SEC/items/1/next/").status_code == 404


def test_a_step_costs_the_same_among_three_and_among_many(cast, mona, count_queries):
    counts = []
    for size in (3, SIZE + 10):
        while Item.objects.count() < size:
            make_item(cast.product)
        counts.append(count_queries(lambda: mona.get(f"{AT}/2/next/?sort=-score")))
    assert counts[0] == counts[1]
