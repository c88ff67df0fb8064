"""The table in the order of factors that are no columns and of demand; what groups sum up of it; days in months and quarters."""

from __future__ import annotations

import re

import pytest

from roadmap.models import CustomField, ProductScoring, Scorecard
from tests.factories import make_conversation, make_customer, make_item
from tests.roadmap.test_table_groups import BACKLOG, drawn, summed


def asked(item, customer, cast, importance: int = 2) -> None:
    make_conversation(customer, "We want it.").link(
        "We want it.", importance=importance, item=item, by=cast.actor("mona")
    )


def titles(page: str) -> list[str]:
    return [one for one in drawn(page) if not one.startswith("[")]


def weigh(cast, kind: str) -> str:
    """The product scores by a factor of this kind; its key."""
    card = Scorecard.add(
        cast.workspace, name="Ours", factors=[{"name": "Worth", "kind": kind, "high": 100}], by=cast.actor("anton")
    )
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    return str(card.factors[0]["key"])


@pytest.mark.parametrize(
    ("kind", "values"), [("number", [2, 10, 100]), ("size", ["s", "m", "l"]), ("yesno", [False, True])]
)
def test_any_factor_orders_the_table_and_pages_follow(cast, as_member, kind, values):
    key = weigh(cast, kind)
    for place, value in enumerate(reversed(values)):
        make_item(cast.product, f"Item {len(values) - place}", factors={key: value})
    make_item(cast.product, "Without")
    carol = as_member(cast.carol)
    rising = [f"Item {n + 1}" for n in range(len(values))]
    assert titles(carol.get(f"{BACKLOG}?sort=factor_{key}").content.decode()) == [*rising, "Without"]
    page = carol.get(f"{BACKLOG}?sort=-factor_{key}").content.decode()
    assert titles(page) == [*rising[::-1], "Without"]
    assert f"sort=factor_{key}" in page
    for n in range(60):
        make_item(cast.product, f"More {n:02}", factors={key: values[n % len(values)]})
    first = carol.get(f"{BACKLOG}?sort=-factor_{key}").content.decode()
    after = re.search(r'hx-get="(\?[^"]*after=[^"]*)"', first)[1].replace("&amp;", "&")
    rest = carol.get(f"{BACKLOG}{after}", headers={"HX-Request": "true"}).content.decode()
    both = titles(first) + titles(rest)
    assert len(both) == len(set(both)) == 61 + len(values)
    assert both[-1] == "Without"


def test_a_value_of_another_kind_is_none_and_breaks_nothing(cast, as_member):
    key = weigh(cast, "number")
    odd = make_item(cast.product, "Odd")
    make_item(cast.product, "Good", factors={key: 1})
    odd.edit(by=cast.actor("mona"), factors={key: "XL"})
    assert titles(as_member(cast.carol).get(f"{BACKLOG}?sort=factor_{key}").content.decode()) == ["Good", "Odd"]


def test_the_table_in_the_order_of_demand(cast, as_member):
    few, none, many = (make_item(cast.product, title) for title in ("Few", "None", "Many"))
    first, second = make_customer(cast.workspace), make_customer(cast.workspace)
    asked(few, first, cast)
    asked(none, first, cast, importance=1)
    for customer in (first, second):
        asked(many, customer, cast)
    carol = as_member(cast.carol)
    assert titles(carol.get(f"{BACKLOG}?sort=-demand").content.decode()) == ["Many", "Few", "None"]
    assert titles(carol.get(f"{BACKLOG}?sort=demand&group=horizon").content.decode()) == ["Few", "Many", "None"]
    text = b"".join(carol.get(f"{BACKLOG}items.csv?sort=-demand&columns=title").streaming_content).decode()
    assert text.index("Many") < text.index("Few")


def test_a_group_says_who_asks_for_it_each_customer_once(cast, as_member, count_queries):
    one, two = (make_item(cast.product, title, type="bug") for title in ("One", "Two"))
    other = make_item(cast.product, "Other")
    first, second = make_customer(cast.workspace), make_customer(cast.workspace)
    for item, customer in ((one, first), (two, first), (two, second), (other, second)):
        asked(item, customer, cast)
    carol = as_member(cast.carol)

    def sums(query: str) -> list[str]:
        return sorted(summed(carol, carol.get(f"{BACKLOG}?{query}").content.decode()).values())

    assert sums("group=type") == ["1 item · asked by 1 · €0", "2 items · asked by 2 · €0"]
    assert sums("group=type&columns=title,status") == ["1 item", "2 items"]
    assert sums("group=start_quarter") == ["3 items · asked by 2 · €0"]
    few = count_queries(lambda: carol.get(f"{BACKLOG}?group=type"))
    for n in range(20):
        asked(make_item(cast.product, type=("bug", "feature", "epic")[n % 3]), make_customer(cast.workspace), cast)
    assert count_queries(lambda: carol.get(f"{BACKLOG}?group=type")) == few


def test_days_stand_together_by_month_or_quarter(cast, as_member):
    for title, day in (("A", "2026-10-30"), ("B", "2026-11-02"), ("C", "2026-11-20"), ("D", "2027-01-04"), ("E", None)):
        make_item(cast.product, title, starts_on=day)
    carol = as_member(cast.carol)
    page = carol.get(f"{BACKLOG}?group=start").content.decode()
    assert drawn(page) == ["[2026-10-01]", "A", "[2026-11-01]", "B", "C", "[2027-01-01]", "D", "[~]", "E"]
    assert "<span>November 2026</span>" in page
    quarters = carol.get(f"{BACKLOG}?group=start_quarter&folded=2026-10-01").content.decode()
    assert drawn(quarters) == ["[2026-10-01]", "[2027-01-01]", "D", "[~]", "E"]
    assert "<span>Q4 2026</span>" in quarters


def test_the_workspaces_own_dates_stand_together_by_month(cast, as_member):
    field = CustomField.define(cast.workspace, "Due", "date", by=cast.actor("anton"))
    for title, day in (("A", "2026-11-02"), ("B", "2026-11-20"), ("C", "2027-01-04")):
        make_item(cast.product, title, custom={field.key: day})
    make_item(cast.product, "D")
    carol = as_member(cast.carol)
    page = carol.get(f"{BACKLOG}?group={field.key}").content.decode()
    assert drawn(page) == ["[2026-11]", "A", "B", "[2027-01]", "C", "[~]", "D"]
    assert "<span>November 2026</span>" in page
    folded = carol.get(f"{BACKLOG}?group={field.key}&folded=2026-11,~").content.decode()
    assert drawn(folded) == ["[2026-11]", "[2027-01]", "C", "[~]"]
