"""The backlog in groups: heads with counts and sums that come after them, in the order of the groups, folded where one does not look."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from roadmap.models import CustomField, Item
from tests.cast import Cast
from tests.factories import make_item, status

BACKLOG = "/w/polarline/p/DSP/backlog/"
ASKING = {"HX-Request": "true"}


def drawn(page: str) -> list[str]:
    """Titles of rows, and in brackets tokens of group heads, in the order in which they are drawn."""
    found = re.findall(
        r'<tr id="item-\d+" data-row data-id="\d+" data-name="([^"]*)"|<tr class="grouphead" data-group="([^"]*)"', page
    )
    return [title or f"[{token}]" for title, token in found]


def summed(client, page: str) -> dict[str, str]:
    """What the heads of a page say once their sums have come, by token."""
    places = dict(re.findall(r'data-group="([^"]*)".*?<span class="faint" id="([^"]*)">', page))
    address = html.unescape(re.search(r'<tr hidden hx-get="([^"]+)" hx-trigger="load"', page)[1])
    sums = client.get(address, headers=ASKING).content.decode()
    told = dict(re.findall(r'<span id="([^"]+)" hx-swap-oob="innerHTML">([^<]*)</span>', sums))
    assert set(told) == set(places.values())
    return {token: told[place] for token, place in places.items()}


def test_rows_stand_under_the_head_of_their_group_with_count_and_sum(cast: Cast, as_member):
    ready = status(cast.workspace, "Ready")
    make_item(cast.product, "A", status=ready, effort=Decimal(3))
    make_item(cast.product, "B", effort=Decimal(1))
    make_item(cast.product, "C", status=ready, effort=Decimal("1.5"))
    page = as_member(cast.carol).get(f"{BACKLOG}?group=status").content.decode()
    idea = status(cast.workspace, "Idea").public_id
    assert drawn(page) == [f"[{idea}]", "B", f"[{ready.public_id}]", "A", "C"]
    assert summed(as_member(cast.carol), page) == {idea: "1 item · 1 week", ready.public_id: "2 items · 4.5 weeks"}


def test_a_narrow_table_drops_the_cells_of_a_head_with_those_of_the_rows(cast: Cast, as_member):
    make_item(cast.product, "A")
    page = as_member(cast.carol).get(f"{BACKLOG}?group=status").content.decode()
    head = re.search(r'<tr class="grouphead".*?</tr>', page, re.DOTALL)[0]
    columns = re.findall(r'<th[^>]* class="[^"]*?(col-\w+)', page.partition("<tbody")[0])
    assert columns[columns.index("col-title") + 1 :] == re.findall(r"col-\w+", head.partition("</th>")[2])


def test_a_folded_group_keeps_its_head_and_hides_its_rows(cast: Cast, as_member):
    for title, horizon in (("A", "now"), ("B", ""), ("C", "later"), ("D", "next"), ("E", "now")):
        make_item(cast.product, title, horizon=horizon)
    carol = as_member(cast.carol)
    all_open = ["[now]", "A", "E", "[next]", "D", "[later]", "C", "[~]", "B"]
    assert drawn(carol.get(f"{BACKLOG}?group=horizon").content.decode()) == all_open
    page = carol.get(f"{BACKLOG}?group=horizon&folded=next,~").content.decode()
    assert drawn(page) == ["[now]", "A", "E", "[next]", "[later]", "C", "[~]"]
    assert 'href="?group=horizon&amp;folded=next"' in page or 'href="?group=horizon&amp;folded=~"' in page.replace(
        "%7E", "~"
    )
    everything = carol.get(f"{BACKLOG}?group=horizon&folded=now,next,later,~").content.decode()
    assert drawn(everything) == ["[now]", "[next]", "[later]", "[~]"]


@pytest.mark.parametrize(
    "name",
    [
        "status",
        "type",
        "lead",
        "objective",
        "release",
        "horizon",
        "start",
        "start_quarter",
        "end",
        "end_quarter",
        "reach",
        "impact",
        "confidence",
        "effort",
    ],
)
def test_any_field_makes_groups_and_pages_follow_each_other(cast: Cast, as_member, name: str):
    names = [f"Item {n:02}" for n in range(60)]
    for n, title in enumerate(names):
        make_item(
            cast.product, title, type=["bug", "feature"][n % 2], lead=[cast.mona, None, cast.bob][n % 3], reach=n % 4 or None,
            impact=[Decimal("0.50"), None][n % 2], confidence=[50, 80][n % 2], effort=[Decimal("0.5"), None][n % 2],
            horizon=["now", ""][n % 2], starts_on=["2026-11-01", None][n % 2], ends_on=["2026-12-01", None][n % 2],
        )  # fmt: skip
    carol = as_member(cast.carol)
    first = carol.get(f"{BACKLOG}?group={name}&sort=-title")
    seen = drawn(first.content.decode())
    follow = re.search(r'hx-get="(\?[^"]*after=[^"]*)"', first.content.decode())[1].replace("&amp;", "&")
    rest = drawn(carol.get(BACKLOG + follow, headers=ASKING).content.decode())
    titles = [one for one in seen + rest if not one.startswith("[")]
    heads = [one for one in seen + rest if one.startswith("[")]
    assert sorted(titles) == names
    assert len(heads) == len(set(heads))
    folded = carol.get(f"{BACKLOG}?group={name}&folded={','.join(one[1:-1] for one in heads)}").content.decode()
    assert drawn(folded) == heads


def test_own_fields_make_groups_too(cast: Cast, as_member):
    alice = cast.actor("alice")
    size = CustomField.define(cast.workspace, "Size", "select", by=alice, options=["Small", "<Large>"])
    sure = CustomField.define(cast.workspace, "Sure", "checkbox", by=alice)
    cost = CustomField.define(cast.workspace, "Cost", "number", by=alice)
    small, large = (one["key"] for one in size.options)
    make_item(cast.product, "A", custom={size.key: large, sure.key: True, cost.key: 2.5})
    make_item(cast.product, "B", custom={size.key: small, sure.key: False, cost.key: 10})
    make_item(cast.product, "C")
    carol = as_member(cast.carol)
    page = carol.get(f"{BACKLOG}?group={size.key}").content.decode()
    assert drawn(page) == [f"[{small}]", "B", f"[{large}]", "A", "[~]", "C"]
    assert "&lt;Large&gt;" in page
    assert "<Large>" not in page
    assert drawn(carol.get(f"{BACKLOG}?group={size.key}&folded={large}").content.decode())[2:4] == [f"[{large}]", "[~]"]
    assert drawn(carol.get(f"{BACKLOG}?group={sure.key}").content.decode()) == [
        "[false]",
        "B",
        "[true]",
        "A",
        "[~]",
        "C",
    ]
    assert drawn(carol.get(f"{BACKLOG}?group={cost.key}").content.decode()) == ["[2.5]", "A", "[10]", "B", "[~]", "C"]


def test_groups_sort_and_filter_together_in_ten_statements(cast: Cast, as_member, count_queries):
    for n in range(3):
        make_item(cast.product, f"Item {n}", lead=cast.mona)
    mona = as_member(cast.mona)
    query = f"{BACKLOG}?group=lead&sort=-score&lead={cast.mona.public_id}&folded=x"
    mona.get(query)
    assert count_queries(lambda: mona.get(query)) <= 10


def test_totals_are_of_all_that_match(cast: Cast, as_member):
    make_item(cast.product, "A", effort=Decimal("1.5"), horizon="now")
    make_item(cast.product, "B", effort=Decimal(2))
    carol = as_member(cast.carol)
    for query, said in (("", "2 items · 3.5 weeks"), ("?horizon=now", "1 item · 1.5 weeks")):
        totals = carol.get(f"{BACKLOG}totals/{query}", headers=ASKING).content.decode()
        assert strip_tags(totals).strip() == said
    assert carol.get(f"{BACKLOG}totals/?score.gte=x", headers=ASKING).status_code == 204


@pytest.mark.parametrize("sort", ["rank", "-score"])
def test_pages_walk_from_one_status_to_the_next_in_their_order(cast: Cast, as_member, sort: str):
    statuses = [status(cast.workspace, name) for name in ("Idea", "Ready", "Shipped")]
    for n in range(70):
        make_item(
            cast.product, f"Item {n:02}", status=statuses[n % 3], reach=n * 7 % 10 or None, impact=Decimal(1), confidence=80,
            effort=Decimal(1),
        )  # fmt: skip
    order = (F("score").desc(nulls_last=True), "rank") if sort == "-score" else ("rank",)
    expected = []
    for one in statuses:
        rows = Item.objects.filter(product=cast.product, status=one, reach__gte=3).order_by(*order)
        expected += [f"[{one.public_id}]", *rows.values_list("title", flat=True)]
    carol = as_member(cast.carol)
    address = f"{BACKLOG}?group=status&reach.gte=3&sort={sort}"
    assert followed(carol, address) == expected
    ready, shipped = (expected.index(f"[{one.public_id}]") for one in statuses[1:])
    folded = f"{address}&folded={statuses[1].public_id},{status(cast.workspace, 'Shaping').public_id}"
    assert followed(carol, folded) == [*expected[: ready + 1], *expected[shipped:]]
    assert followed(carol, f"{address}&folded={statuses[2].public_id}") == expected[: shipped + 1]


def followed(client, address: str) -> list[str]:
    """What is drawn on a page and on all that follow it."""
    page = client.get(address).content.decode()
    seen = drawn(page)
    while following := re.search(r'hx-get="(\?[^"]*after=[^"]*)"', page):
        page = client.get(BACKLOG + html.unescape(following[1]), headers=ASKING).content.decode()
        seen += drawn(page)
    return seen


def test_sums_are_of_the_groups_that_are_named_and_of_visible_rows(cast: Cast, as_member):
    for title, horizon in (("A", "now"), ("B", "next"), ("C", "now")):
        make_item(cast.product, title, horizon=horizon, effort=Decimal(2))
    make_item(cast.secret, "Secret", horizon="now")
    sums = as_member(cast.carol).get(f"{BACKLOG}sums/?group=horizon&of=now&of=later", headers=ASKING).content.decode()
    assert re.findall(r">([^<]+)<", sums) == ["2 items · 4 weeks"]
    for nothing in ("group=horizon", "group=nonsense&of=now", "of=now", "group=horizon&of=now&reach.gte=x"):
        assert as_member(cast.carol).get(f"{BACKLOG}sums/?{nothing}", headers=ASKING).status_code == 204


def test_a_page_in_groups_goes_through_no_rows_but_its_own(cast: Cast, as_member):
    for n in range(3):
        make_item(cast.product, f"Item {n}")
    client = as_member(cast.carol)
    client.get(f"{BACKLOG}?group=status")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{BACKLOG}?group=status")
    of_items = [one["sql"] for one in asked.captured_queries if '"roadmap_item"."effort"' in one["sql"]]
    assert len(of_items) == 1
    assert (
        "GROUP BY" not in of_items[0].partition(", beside0")[0]
    )  # what is beside the rows is summed up for these alone
