"""What is known of rows elsewhere is read with them, in one statement and in their order."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.beside import Beside, Besides
from accounts.prepared import Prepared
from roadmap.models import Item
from tests.cast import Cast
from tests.factories import make_item

TITLES = Prepared(lambda product: Item.objects.filter(product=product).order_by("-title").values_list("pk", "title"))
OF_PAGE = "FROM roadmap_item item WHERE item.id = ANY(ARRAY(SELECT pk FROM page))"
LENGTH = Beside(f"SELECT item.id, length(item.title) {OF_PAGE} AND item.title <> %s", ("Bus",))  # noqa: S608 - a constant
REACH = Beside(f"SELECT item.id, json_build_array(item.reach) {OF_PAGE}")  # noqa: S608 - a constant


def test_what_stands_beside_rows_comes_with_them_in_one_statement(cast: Cast):
    numbers = {
        title: make_item(cast.product, title, reach=reach).pk for title, reach in (("Ark", 3), ("Bus", 4), ("Canoe", 5))
    }
    besides = Besides({"length": LENGTH, "reach": REACH})
    with CaptureQueriesContext(connection) as asked:
        rows = TITLES.rows(cast.product, besides=besides)
    assert len(asked) == 1
    assert rows == TITLES.rows(cast.product) == [(numbers[title], title) for title in ("Canoe", "Bus", "Ark")]
    assert besides.found == {
        "length": {numbers["Ark"]: 3, numbers["Canoe"]: 5},
        "reach": {numbers["Ark"]: [3], numbers["Bus"]: [4], numbers["Canoe"]: [5]},
    }


def test_nothing_is_known_of_what_was_not_read(cast: Cast):
    besides = Besides({"length": LENGTH})
    assert TITLES.rows(cast.elsewhere, besides=besides) == []
    assert besides.found == {"length": {}}
    assert Besides({"length": LENGTH}).found == {}


def test_where_nothing_is_asked_the_rows_are_read_as_ever(cast: Cast):
    make_item(cast.product, "Ark")
    assert TITLES.rows(cast.product, besides=Besides({})) == TITLES.rows(cast.product)
