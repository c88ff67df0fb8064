"""Products of a link of several: read with the link, known anew once it was changed, and in one order."""

from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client

from roadmap.models import Roadmap, SharedField, ShareLink
from roadmap.sharing import moves
from roadmap.sharing.cards import shared_roadmap
from tests.factories import SYSTEM, make_item, make_product

HOME = "/w/polarline/shared/"


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def kept(cast):
    products = [cast.product, cast.secret]
    return Roadmap.keep(cast.workspace, "Board plan", products, by=cast.actor("mona"), owner=cast.mona, is_shared=True)


def of_several(cast, kept, products, *fields, **terms):
    return ShareLink.open_of(
        cast.workspace, products, "Winter", "Board", by=cast.actor("mona"), roadmap=kept, fields=list(fields), **terms
    )


def test_a_link_that_was_read_with_its_products_knows_them_anew_once_it_was_changed(cast, kept):
    made = of_several(cast, kept, [cast.product, cast.secret])
    link = ShareLink.objects.with_parts().get(pk=made.pk)
    assert [part.key for part in link.parts] == ["DSP", "SEC"]
    link.edit(by=cast.actor("mona"), of_products=[cast.product.pk])
    assert [part.key for part in link.parts] == ["DSP"]


def test_the_home_asks_as_much_for_a_link_of_several_products_as_for_one_of_one(cast, kept, as_member, count_queries):
    days = {"starts_on": date(2031, 1, 6), "ends_on": date(2031, 2, 3)}
    item = make_item(cast.product, "Live ETA link", **days)
    one = ShareLink.open_to(cast.product, "Sales", by=cast.actor("mona"), fields=[SharedField.DATES.value])
    links = [one, of_several(cast, kept, [cast.product, cast.secret], SharedField.DATES.value)]
    for link in links:
        link.share_with([cast.carol], by=cast.actor("mona"))
    moves.notice_all()
    item.edit(by=SYSTEM, ends_on=date(2031, 8, 3))
    moves.notice_all()
    carol, counts = as_member(cast.carol), []
    assert carol.get(HOME).content.decode().count("Live ETA link moved") == 2
    for link, other in (links, reversed(links)):
        other.share_with([], by=cast.actor("mona"))
        link.share_with([cast.carol], by=cast.actor("mona"))
        counts.append(count_queries(lambda: carol.get(HOME)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("title", "name"),
    [("Board plan", "board-plan-roadmap"), ("Portfolio roadmap", "portfolio-roadmap"), ("Дорожная карта", "roadmap")],
)
def test_a_file_says_roadmap_once(cast, title, name):
    link = ShareLink.open_of(cast.workspace, [cast.product], title, "Board", by=cast.actor("mona"))
    answer = Client().get(f"/s/{link.token}/files/csv/")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'


def test_items_of_several_products_with_one_rank_have_one_order(cast):
    products = [make_product(cast.workspace, f"P{n}") for n in range(8)]
    items = [make_item(product, horizon="next") for product in reversed(products)]
    assert len({item.rank for item in items}) == 1
    for item in items[:4]:
        item.edit(by=SYSTEM, title="Written later")
    link = of_several(cast, None, products, lanes="")
    assert shared_roadmap(link).items == sorted(item.pk for item in items)


@pytest.mark.parametrize("of_portfolio", [False, True])
def test_a_product_in_the_bin_stays_on_a_link_that_is_changed_meanwhile(cast, kept, as_member, of_portfolio):
    make_item(cast.secret, "Quiet cab", horizon="now")
    roadmap, mona = None if of_portfolio else kept, as_member(cast.mona)
    link = of_several(cast, roadmap, [cast.product, cast.secret])
    cast.secret.delete_softly(by=SYSTEM)
    place = "roadmap" if of_portfolio else f"roadmaps/{kept.public_id}"
    address = f"/w/polarline/{place}/share/{link.public_id}/"
    page = mona.get(address)
    assert page.context["form"]["products"].value() == ["DSP", "SEC"]
    assert "Secret product (in the bin)" in page.content.decode()
    assert "products=SEC" not in page.context["preview"], "It is not shown now."
    body = {
        "audience": "The board", "title": "Winter", "layout": "nnl", "lanes": "product", "precision": "none",
        "products": ["DSP", "SEC"],
    }  # fmt: skip
    assert mona.post(address, body).status_code == 302
    assert "Quiet cab" not in Client().get(f"/s/{link.token}/").content.decode()
    cast.secret.restore(by=SYSTEM)
    assert "Quiet cab" in Client().get(f"/s/{link.token}/").content.decode()


def test_a_product_in_the_bin_leaves_a_link_when_it_is_unticked_and_is_never_its_only_one(cast, kept, as_member):
    link, mona = of_several(cast, kept, [cast.product, cast.secret]), as_member(cast.mona)
    cast.secret.delete_softly(by=SYSTEM)
    address = f"/w/polarline/roadmaps/{kept.public_id}/share/{link.public_id}/"
    body = {"audience": "Board", "title": "Winter", "layout": "nnl", "lanes": "product", "precision": "none"}
    refused = mona.post(address, {**body, "products": ["SEC"]})
    assert refused.status_code == 422
    assert "Choose at least one product that is not in the bin." in refused.content.decode()
    assert mona.post(address, {**body, "products": ["DSP"]}).status_code == 302
    cast.secret.restore(by=SYSTEM)
    assert [part.key for part in ShareLink.objects.get().parts] == ["DSP"]


def test_what_was_taken_out_of_its_roadmap_before_it_went_into_the_bin_is_not_kept(cast, kept, as_member):
    link, by = of_several(cast, kept, [cast.product, cast.secret]), cast.actor("mona")
    kept.edit(by=by, products=[cast.product])
    kept.edit(by=by, products=[cast.product, cast.secret])
    cast.secret.delete_softly(by=SYSTEM)
    page = as_member(cast.mona).get(f"/w/polarline/roadmaps/{kept.public_id}/share/{link.public_id}/")
    assert page.context["form"]["products"].value() == ["DSP"]
