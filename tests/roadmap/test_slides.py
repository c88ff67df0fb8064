"""A shared roadmap as slides, in the speaker's order."""

import pytest
from django.core.cache import cache
from django.test import Client

from products.models import Objective
from roadmap.models import SharedField, ShareLink
from roadmap.sharing.slides import order_of
from tests.factories import SYSTEM, make_item


@pytest.fixture
def link(cast):
    cache.clear()
    for name in ("First goal", "Second goal"):
        goal = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name=name)
        make_item(cast.product, f"Item of {name}", horizon="now", objective=goal)
    make_item(cast.product, "Sell the company", horizon="now", is_internal=True)
    return ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=[SharedField.OBJECTIVE])


def test_each_lane_is_a_slide_in_the_order_of_the_address(link):
    page = Client().get(f"/s/{link.token}/present/?order=1,0").content.decode()
    assert page.index("<h2>Second goal</h2>") < page.index("<h2>First goal</h2>")
    assert 'href="?order=0,1"' in page
    assert "Sell the company" not in page


@pytest.mark.parametrize(
    ("text", "order"), [("", [0, 1, 2]), ("2", [2, 0, 1]), ("2,2,9,x,-1", [2, 0, 1]), ("1,0,2", [1, 0, 2])]
)
def test_an_order_is_every_lane_once(text, order):
    assert order_of(text, 3) == order


def test_slides_end_with_the_link(link, cast):
    link.revoke(by=cast.actor("mona"))
    assert Client().get(f"/s/{link.token}/present/").status_code == 404
