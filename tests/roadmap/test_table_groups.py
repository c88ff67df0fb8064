"""The backlog in groups: heads with counts and sums, in the order of the groups, folded where one does not look."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from roadmap.models import CustomField
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


def test_rows_stand_under_the_head_of_their_group_with_count_and_sum(cast: Cast, as_member):
    ready = status(cast.workspace, "Ready")
    make_item(cast.product, "A", status=ready, effort=Decimal(3))
    make_item(cast.product, "B", effort=Decimal(1))
    make_item(cast.product, "C", status=ready, effort=Decimal("1.5"))
    page = as_member(cast.carol).get(f"{BACKLOG}?group=status").content.decode()
    idea = status(cast.workspace, "Idea").public_id
    assert drawn(page) == [f"[{idea}]", "B", f"[{ready.public_id}]", "A", "C"]
    text = re.sub(r"<[^>]+>", "|", page)
    assert "2 items · 4.5 weeks" in text
    assert "1 item · 1 weeks" in text


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
    assert carol.get(f"{BACKLOG}totals/", headers=ASKING).content.decode().strip() == "2 items · 3.5 weeks"
    assert carol.get(f"{BACKLOG}totals/?horizon=now", headers=ASKING).content.decode().strip() == "1 item · 1.5 weeks"
    assert carol.get(f"{BACKLOG}totals/?score.gte=x", headers=ASKING).status_code == 204
