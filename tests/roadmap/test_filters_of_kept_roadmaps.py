"""The filter builder of a kept roadmap offers what its own products have, as far as whoever filters sees them."""

from __future__ import annotations

import pytest

from roadmap.models import Roadmap
from tests.factories import SYSTEM, make_item, make_product


@pytest.fixture
def kept(cast):
    other = make_product(cast.workspace, "OTH", name="Other")
    make_item(cast.product, tags=["radar"])
    make_item(other, tags=["sonar"])
    make_item(cast.secret, tags=["merger"])
    make_item(make_product(cast.workspace, "AWA", name="Away"), tags=["elsewhere"])
    return Roadmap.keep(
        cast.workspace, "All", [cast.product, other, cast.secret], by=SYSTEM, owner=cast.mona, is_shared=True
    )


@pytest.mark.parametrize(("name", "tags"), [("dave", {"radar", "sonar"}), ("mona", {"radar", "sonar", "merger"})])
def test_tags_are_those_of_the_products_that_one_sees(cast, as_member, kept, name, tags):
    page = as_member(getattr(cast, name)).get(f"/w/polarline/roadmaps/{kept.public_id}/filters/", {"tags": "radar"})
    text = page.content.decode()
    assert {one for one in ("radar", "sonar", "merger", "elsewhere") if one in text} == tags


@pytest.mark.parametrize("form", ["filters", "display"])
def test_what_an_address_says_of_one_cell_of_a_board_is_not_taken_along(cast, as_member, form):
    address = f"/w/polarline/p/DSP/roadmap/{form}/?layout=status&at=2026-01-01&column=none&lane=elsewhere&after=9"
    page = as_member(cast.mona).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "2026-01-01" in page
    assert "elsewhere" not in page
