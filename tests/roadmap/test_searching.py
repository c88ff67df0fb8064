"""Search in the backlog: titles, texts and comments of one product, the page's order, and what it says when too much matches."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.prepared import Prepared
from discussion.models import Comment
from roadmap.backlog.searching import MOST_ITEMS, is_cut, words_in
from roadmap.models import Item
from tests.cast import SYSTEM, Cast
from tests.factories import make_item, make_product
from tests.roadmap.test_table_groups import ASKING, BACKLOG, drawn, followed


def found(client, query: str) -> list[str]:
    return drawn(client.get(f"{BACKLOG}?{query}").content.decode())


def test_words_are_found_in_titles_texts_and_comments_each_item_once(cast: Cast, as_member):
    titled = make_item(cast.product, "Depot customs")
    make_item(cast.product, "Described", description="For the customs of a depot")
    said = make_item(cast.product, "Talked about")
    make_item(cast.product, "Only the depot")
    for item in (titled, said, said):
        Comment.post(item.thread, "The customs depot asks", by=cast.actor("carol"))
    assert found(as_member(cast.carol), "q=depot+cust") == ["Depot customs", "Described", "Talked about"]
    assert found(as_member(cast.carol), "q=depot+cust&sort=-title") == ["Talked about", "Described", "Depot customs"]
    assert found(as_member(cast.carol), "q=depot+cust&reach.gte=1") == []


def test_deleted_comments_items_and_other_products_are_not_found(cast: Cast, as_member):
    deleted, silent = make_item(cast.product, "Depot gone"), make_item(cast.product, "Silent")
    deleted.delete_softly(by=SYSTEM)
    Comment.post(silent.thread, "depot", by=cast.actor("carol")).delete_softly(by=cast.actor("carol"))
    make_item(make_product(cast.workspace), "Depot elsewhere")
    assert found(as_member(cast.carol), "q=depot") == []


def test_a_search_is_scrolled_through_without_gaps(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Depot {n:03}"} for n in range(60)], by=SYSTEM)
    client = as_member(cast.carol)
    page = client.get(f"{BACKLOG}?q=depot")
    cursor = page.context["page"].next
    rest = client.get(f"{BACKLOG}?q=depot&after={cursor}", headers=ASKING)
    assert drawn(page.content.decode()) + drawn(rest.content.decode()) == [f"Depot {n:03}" for n in range(60)]


def test_common_words_are_found_in_the_order_of_rank_without_the_index(cast: Cast, as_member):
    items = Item.add_many(cast.product, [{"title": f"Depot {n:03}"} for n in range(80)], by=SYSTEM)
    silent, gone = make_item(cast.product, "Silent"), make_item(cast.product, "Depot gone")
    Comment.post(silent.thread, "The depot asks", by=cast.actor("carol"))
    gone.delete_softly(by=SYSTEM)
    silent.rank_between(items[9], items[10], by=SYSTEM)
    client = as_member(cast.carol)
    expected = [f"Depot {n:03}" for n in range(80)]
    expected.insert(10, "Silent")
    assert followed(client, f"{BACKLOG}?q=depot") == expected
    assert found(client, "q=depot+00") == [f"Depot {n:03}" for n in range(10)]
    assert found(client, "q=silent") == ["Silent"]


def test_the_best_match_comes_first_unless_somebody_chose_an_order(cast: Cast, as_member):
    said = make_item(cast.product, "Talked about")
    Comment.post(said.thread, "The depot asks", by=cast.actor("carol"))
    make_item(
        cast.product,
        "Described",
        description="A long text about lorries, and one word about the depot among many others",
    )
    make_item(cast.product, "Depot customs")
    mona = as_member(cast.mona)
    page = mona.get(f"{BACKLOG}?q=depot").content.decode()
    assert drawn(page) == ["Depot customs", "Described", "Talked about"]
    assert "Best match first" in page
    assert "<c-sortable" not in page  # a drag would say which rank it gets beside rows that are no neighbours in it
    by_rank = mona.get(f"{BACKLOG}?q=depot&sort=rank").content.decode()
    assert drawn(by_rank) == ["Talked about", "Described", "Depot customs"]
    assert "<c-sortable" in by_rank
    assert found(mona, "q=depot&sort=title") == ["Depot customs", "Described", "Talked about"]
    assert found(mona, "q=depot&reach.empty=1") == ["Depot customs", "Described", "Talked about"]


def test_the_best_matches_are_scrolled_through_without_gaps(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Lorry {n:03}"} for n in range(60)], by=SYSTEM)
    texts = ["Somewhere in it a depot" if n % 2 else "" for n in range(120)]
    fields = [{"title": f"{'Place' if text else 'Depot'} {n:03}", "description": text} for n, text in enumerate(texts)]
    Item.add_many(cast.product, fields, by=SYSTEM)
    expected = [f"Depot {n:03}" for n in range(0, 120, 2)] + [f"Place {n:03}" for n in range(1, 120, 2)]
    assert followed(as_member(cast.carol), f"{BACKLOG}?q=depot") == expected


def test_common_words_say_that_they_stand_in_the_order_of_rank(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": "Lorry", "description": "depot"} for _ in range(60)], by=SYSTEM)
    make_item(cast.product, "Depot")
    page = as_member(cast.mona).get(f"{BACKLOG}?q=depot").content.decode()
    assert drawn(page)[0] == "Lorry"
    assert "too common for a best match" in page
    assert "<c-sortable" in page
    assert drawn(as_member(cast.mona).get(f"{BACKLOG}?q=depot&sort=rank").content.decode()) == drawn(page)
    filtered = as_member(cast.mona).get(f"{BACKLOG}?q=depot&score.empty=1").content.decode()
    assert drawn(filtered) == drawn(page)
    assert "too common for a best match" in filtered
    assert "best match" not in as_member(cast.mona).get(f"{BACKLOG}?q=nowhere").content.decode()


def test_the_api_finds_words_in_comments_too_in_all_products_that_one_sees(cast: Cast, api):
    _titled, said, elsewhere = (
        make_item(cast.product, "Depot"),
        make_item(cast.product, "Said"),
        make_item(make_product(cast.workspace), "Elsewhere"),
    )
    secret, silent = make_item(cast.secret, "Secret"), make_item(cast.product, "Silent")
    for item in (said, elsewhere, secret):
        Comment.post(item.thread, "The depot asks", by=cast.actor("mona"))
    Comment.post(silent.thread, "depot", by=cast.actor("carol")).delete_softly(by=cast.actor("carol"))

    def titles(who, query: str) -> set[str]:
        return {one["title"] for one in api(who, "get", f"/api/v1/items/?{query}").json()["results"]}

    assert titles(cast.dave, "q=depot+ask") == {"Said", "Elsewhere"}
    assert titles(cast.dave, "q=depot") == {"Depot", "Said", "Elsewhere"}
    assert titles(cast.mona, "q=dep") == {"Depot", "Said", "Elsewhere", "Secret"}
    assert titles(cast.mona, "q=depot&reach.gte=1") == set()


def test_the_totals_say_when_more_matches_than_are_looked_at(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Depot {n}"} for n in range(MOST_ITEMS)], by=SYSTEM)
    totals = f"{BACKLOG}totals/?q=depot"
    assert "of the search" not in as_member(cast.carol).get(totals, headers=ASKING).content.decode()
    make_item(cast.product, "One more depot")
    assert is_cut("depot", cast.product)
    assert not is_cut("more depot", cast.product)
    assert "the first 1,000 matches of the search" in as_member(cast.carol).get(totals, headers=ASKING).content.decode()


@pytest.mark.parametrize("items", [30, 1])
def test_a_search_is_one_statement_whether_its_words_are_common_or_not(cast: Cast, as_member, items: int):
    Item.add_many(cast.product, [{"title": "Depot"} for _ in range(items)], by=SYSTEM)
    client = as_member(cast.carol)
    client.get(f"{BACKLOG}?q=depot")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{BACKLOG}?q=depot")
    assert len([one for one in asked.captured_queries if "to_tsquery" in one["sql"]]) == 1


def test_a_search_for_other_words_composes_no_statement(cast: Cast, as_member, monkeypatch):
    make_item(cast.product, "Depot customs")
    client = as_member(cast.carol)
    client.get(f"{BACKLOG}?q=depot")
    monkeypatch.setattr(Prepared, "_compose", None)
    assert found(client, "q=customs") == ["Depot customs"]


WRITTEN = "The sign-in of C++ doesn't v2.1 example.com at 2026-11-22 depot/yard a_b O'Brien"


@pytest.mark.parametrize(
    "typed",
    ["sign-in", "sign-", "C++", "doesn't", "v2.1", "example.com", "example.co", "2026-11-22", "depot/yard", "a_b", "(yard)", "a'b:*&!|"],
)  # fmt: skip
def test_words_are_found_as_they_are_written_with_what_stands_in_them(cast: Cast, as_member, typed: str):
    make_item(cast.product, "Found", description=f"{WRITTEN} (yard) a'b:*&!|")
    make_item(cast.product, "Another")
    assert found(as_member(cast.carol), urlencode({"q": typed})) == ["Found"]
    assert Item.objects.filter(words_in(typed)).count() == 1


@pytest.mark.parametrize("typed", ["a" * 5000, "a-" * 3000, "\\", "'", "' | 'x", "<b>", "\0"])
def test_whatever_is_typed_into_the_search_is_no_trouble(cast: Cast, as_member, typed: str):
    make_item(cast.product, "Found")
    assert as_member(cast.carol).get(BACKLOG, {"q": typed}).status_code == 200


def test_typing_asks_for_a_part_of_the_page_and_gets_all_that_a_search_changes(cast: Cast, as_member):
    make_item(cast.product, "Depot customs")
    mona = as_member(cast.mona)
    page = mona.get(BACKLOG).content.decode()
    form = page[page.index('role="search"') :].partition(">")[0]
    assert f'hx-get="{BACKLOG}"' in form
    target, others = re.search(r'hx-select="#([\w-]+)" hx-select-oob="([^"]+)"', form).groups()  # type: ignore[union-attr]
    part = mona.get(f"{BACKLOG}?q=depot+cust", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    for name in (target, *(one.removeprefix("#") for one in others.split(","))):
        assert page.count(f'id="{name}"') == part.count(f'id="{name}"') == 1, name
    around = part.replace(form, "").partition('id="backlog-found"')[0]
    for address in ("/filters/?", "/display/?", "/items.csv?", "/totals/?"):
        assert f"{address}q=depot+cust" in around
    assert 'name="query" value="q=depot+cust"' in around
