from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from products.models import Product
from tests.cast import Cast
from tests.factories import make_item, make_product
from ui import shell
from ui.shell import Entry, Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(monkeypatch) -> shell.Registry:
    fresh = shell.Registry(products=shell.registry.products)
    monkeypatch.setattr(shell, "registry", fresh)
    return fresh


@pytest.fixture
def visit(cast: Cast, rf: RequestFactory):
    def at(path: str, name: str = "carol", product: Product | None = None) -> Shell:
        request = rf.get(path)
        request.member, request.workspace = getattr(cast, name), cast.workspace
        if product is not None:
            request.product = product
        return Shell(request)

    return at


BACKLOG = "/w/polarline/p/DSP/backlog/"


def test_an_entry_whose_address_is_unknown_is_left_out(registry, visit):
    shell.add(Entry("gone", "Gone", "nowhere:page"), Entry("known", "Members", "accounts:members"))
    assert [link.entry.key for link in visit("/w/polarline/").places] == ["known"]


def test_entries_of_a_product_need_a_product(registry, visit, cast: Cast):
    shell.add(Entry("backlog", "Backlog", "roadmap:backlog", section="product"))
    assert visit("/w/polarline/").product_places == []
    assert visit(BACKLOG, product=cast.product).product_places[0].url == BACKLOG


def counted(rows: QuerySet) -> tuple[str, tuple]:
    return rows.values("pk").query.sql_with_params()


def test_the_entry_below_which_the_page_lies_is_lit(registry, visit, cast: Cast):
    shell.add(
        Entry("overview", "Overview", "products:overview", section="product", exact=True),
        Entry("backlog", "Backlog", "roadmap:backlog", section="product", also=("items",)),
    )

    def lit(path: str) -> list[str]:
        return [link.entry.key for link in visit(path, product=cast.product).product_places if link.current]

    assert lit("/w/polarline/p/DSP/") == ["overview"]
    assert lit(BACKLOG) == ["backlog"]
    assert lit("/w/polarline/p/DSP/items/214/") == ["backlog"]
    assert lit("/w/polarline/p/DSP/elsewhere/") == []


def test_all_counts_of_a_page_are_one_statement(registry, visit, cast: Cast):
    shell.add(
        Entry("a", "A", "accounts:members", count=lambda request: counted(Product.objects.visible_to(request.member))),
        Entry("b", "B", "accounts:teams", count=lambda request: counted(Product.objects.filter(key="NONE"))),
        Entry("c", "C", "accounts:tokens", count=lambda request: counted(Product.objects.filter(key="DSP"))),
    )
    with CaptureQueriesContext(connection) as asked:
        counts = {link.entry.key: link.count for link in visit("/w/polarline/").places}
    assert counts == {"a": 2, "b": 0, "c": 1}
    assert len(asked) == 1


def test_nothing_is_asked_before_the_frame_is_drawn(visit):
    with CaptureQueriesContext(connection) as asked:
        visit("/w/polarline/")
    assert len(asked) == 0


def test_the_sidebar_names_what_the_member_may_see_and_nothing_else(visit):
    assert {link.key for link in visit("/w/polarline/", "dave").products} == {"DSP"}
    assert {link.key for link in visit("/w/polarline/", "carol").products} == {"DSP", "SEC"}


def test_the_frame_costs_the_same_with_many_products(cast: Cast, as_member):
    client = as_member(cast.carol)

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(BACKLOG).status_code == 200
        return len(asked)

    statements()
    before = statements()
    for _number in range(12):
        make_product(cast.workspace)
    assert statements() == before


def test_the_palette_finds_items_places_and_commands(cast: Cast, as_member):
    make_item(cast.product, "Live ETA link")
    make_item(cast.secret, "Live secret")
    page = as_member(cast.dave).get("/w/polarline/palette/", {"q": "live"}).content.decode()
    assert "Live ETA link" in page
    assert "Live secret" not in page
    assert "Live ETA link" in as_member(cast.dave).get("/w/polarline/palette/", {"q": "dsp-1"}).content.decode()
    assert "Switch theme" in as_member(cast.dave).get("/w/polarline/palette/", {"q": "switch"}).content.decode()


def test_the_palette_says_when_it_finds_nothing(cast: Cast, as_member):
    page = as_member(cast.carol).get("/w/polarline/palette/", {"q": "<b>zzz"}).content.decode()
    assert "Nothing is called “&lt;b&gt;zzz”" in page


def test_the_palette_of_another_workspace_does_not_exist(cast: Cast, as_member):
    assert as_member(cast.mallory).get("/w/polarline/palette/").status_code == 404
