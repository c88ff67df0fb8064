import pytest
from django.db import connection

from roadmap.items.alike import ALIKE as ALIKE_ROWS
from roadmap.items.alike import runs, telling
from roadmap.models import Item
from tests.factories import make_item, status

BACKLOG = "/w/polarline/p/DSP/backlog/"
ALIKE = "/w/polarline/p/DSP/items/alike/"


@pytest.fixture
def items(cast):
    make_item(cast.product, "Bulk re-plan after a road closure")
    make_item(cast.product, "Live ETA link for consignees", status=status(cast.workspace, "Shipped"))
    make_item(cast.product, "Fax gateway for dispatchers", status=status(cast.workspace, "Won't do"))
    make_item(cast.secret, "Secret road closure plan")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("road closure", "Bulk re-plan"),
        ("raod closure", "Bulk re-plan"),
        ("ETA links", "Live ETA link"),
        ("We want a live ETA link", "Live ETA link"),
        ("As a customer I would like to see a live ETA link before my delivery", "Live ETA link"),
        ("Trucks should be planned again in bulk: re-plan after the raod closure of the M25", "Bulk re-plan"),
    ],
)
def test_titles_like_what_is_typed_are_suggested_with_errors_in_it_too(cast, as_member, items, typed, found):
    page = as_member(cast.dave).get(ALIKE, {"title": typed}).content.decode()
    assert found in page
    assert "Secret" not in page


def test_what_has_but_a_word_in_common_is_not_suggested(cast, as_member, items):
    answer = as_member(cast.mona).get(ALIKE, {"title": "We want a link from the invoice to the order of a customer"})
    assert "<li>" not in answer.content.decode()


def test_the_most_alike_is_suggested_first_however_much_is_typed_around_it(cast, as_member):
    for title in ("Live map of trucks", "Live ETA link in customer text messages", "Live ETA link for consignees"):
        make_item(cast.product, title)
    page = as_member(cast.mona).get(ALIKE, {"title": "We want a live ETA link for consignees"}).content.decode()
    assert page.index("for consignees") < page.index("in customer text messages")
    assert "Live map" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], []),
        (["eta"], ["eta"]),
        (["live", "eta", "link"], ["live eta link"]),
        (["a", "b", "c", "d"], ["a b c", "b c d"]),
        ([str(n) for n in range(20)], ["0 1 2", "3 4 5", "6 7 8", "9 10 11", "12 13 14", "15 16 17"]),
    ],
)
def test_words_are_looked_for_three_together(words, found):
    assert runs(words) == found


@pytest.mark.parametrize("typed", ["", "ro", "something else entirely", "fax gateway", "a\x00b", "x" * 5000])
def test_nothing_is_suggested_for_little_or_other_words_or_dropped_items(cast, as_member, items, typed):
    answer = as_member(cast.mona).get(ALIKE, {"title": typed})
    assert answer.status_code == 200
    assert "<li>" not in answer.content.decode()


def test_strangers_get_404(cast, as_member, items):
    assert as_member(cast.mallory).get(ALIKE, {"title": "road closure"}).status_code == 404
    assert as_member(cast.dave).get(ALIKE.replace("DSP", "SEC"), {"title": "road closure"}).status_code == 404


def test_the_trigram_index_serves_it(cast, items):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = Item.objects.with_deleted().filter(title__trigram_word_similar="road closure").explain()
    assert "item_title_trigrams" in plan


def test_of_a_long_title_each_run_of_words_is_looked_up_by_itself(cast, items):
    """In one condition PostgreSQL would go through all titles: 250 ms instead of 4 with 10 000 items."""
    typed = "Trucks planned again in bulk, re-plan after the road closure of the motorway"
    together = runs(telling(typed))
    assert len(together) > 3
    sql, _values = ALIKE_ROWS.statement(cast.mona, cast.product, typed, *together, variant=(len(together),))
    assert sql.count(" UNION ") == len(together) - 1
    assert sql.count("%>") == len(together)


def test_a_search_that_finds_nothing_says_what_it_may_have_meant(cast, as_member, items):
    page = as_member(cast.dave).get(BACKLOG, {"q": "raod closure"}).content.decode()
    assert "Nothing matches these filters" in page
    assert "Did you mean:" in page
    assert "Bulk re-plan" in page
    assert "Secret" not in page
    for query in ({"q": "closure"}, {"q": "nothing like it"}, {"reach.gte": "1000000"}):
        assert "Did you mean:" not in as_member(cast.dave).get(BACKLOG, query).content.decode()
