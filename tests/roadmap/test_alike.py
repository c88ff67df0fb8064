import pytest
from django.db import connection

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
    ],
)
def test_titles_like_what_is_typed_are_suggested_with_errors_in_it_too(cast, as_member, items, typed, found):
    page = as_member(cast.dave).get(ALIKE, {"title": typed}).content.decode()
    assert found in page
    assert "Secret" not in page


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


def test_a_search_that_finds_nothing_says_what_it_may_have_meant(cast, as_member, items):
    page = as_member(cast.dave).get(BACKLOG, {"q": "raod closure"}).content.decode()
    assert "Nothing matches these filters" in page
    assert "Did you mean:" in page
    assert "Bulk re-plan" in page
    assert "Secret" not in page
    for query in ({"q": "closure"}, {"q": "nothing like it"}, {"reach.gte": "1000000"}):
        assert "Did you mean:" not in as_member(cast.dave).get(BACKLOG, query).content.decode()
