"""A page whose statement is composed once goes on after the page before, whatever the list is sorted by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Q

from feedback.views import inbox
from roadmap.backlog import table
from roadmap.backlog.rows import page_of_rows
from tests.factories import make_conversation, make_customer, make_item, status

SORTS = [f"{sign}{name}" for name, column in table.columns().items() if column.sort for sign in ("", "-")]


@pytest.fixture
def items(cast):
    """Two of each value, and two without."""
    for n in range(6):
        row = make_item(cast.product, f"Item {n // 2}")
        if n < 4:
            row.edit(
                by=cast.actor("mona"), seen=row.change_id, status=status(cast.workspace, ("Ready", "Idea")[n // 2]),
                lead=(cast.mona, cast.bob)[n // 2], reach=10 + n // 2, impact=Decimal(1 + n // 2), confidence=50 + n // 2,
                effort=Decimal(2), starts_on=date(2026, 1, 1 + n // 2), ends_on=date(2026, 2, 1 + n // 2),
            )  # fmt: skip


@pytest.mark.parametrize("text", SORTS)
def test_pages_lead_through_all_items_in_their_order(cast, items, text):
    sorts = table.sorts_of(text, {}, cast.product)
    whole = page_of_rows(cast.mona, cast.product, Q(), sorts)
    assert len(whole) == 6
    found, after = [], ""
    for _page in range(6):
        page = page_of_rows(cast.mona, cast.product, Q(), sorts, after, size=1)
        found, after = [*found, *page], page.next
    assert (found, after) == (whole.rows, "")


@pytest.mark.parametrize("order", inbox.SORTS)
def test_pages_lead_through_the_inbox(cast, order):
    customer = make_customer(cast.workspace)
    said = [make_conversation(customer).pk for _n in range(3)]
    found, after = [], ""
    for _page in said:
        page = inbox.PAGES.page(cast.mona, sorts=inbox.SORTS[order], after=after, size=1, variant=("",))
        found, after = [*found, *(row.pk for row in page)], page.next
    assert (found, after) == (said if order == "oldest" else said[::-1], "")


def test_a_filter_that_one_person_composed_shows_each_other_their_own_rows(cast):
    """The same filter and order, asked in turn by people of other products, roles and workspaces."""
    for product in (cast.product, cast.secret, cast.elsewhere):
        make_item(product, f"Same words in {product.key}", tags=["same"])
    asked = [
        (cast.mona, cast.secret, 1), (cast.dave, cast.secret, 0), (cast.mallory, cast.secret, 0), (cast.mallory, cast.elsewhere, 1),
        (cast.mona, cast.elsewhere, 0), (cast.alice, cast.secret, 1), (cast.alice, cast.elsewhere, 0), (cast.dave, cast.product, 1),
    ]  # fmt: skip
    sorts = table.sorts_of("title", {}, cast.product)
    for condition in (Q(title__icontains="same words"), Q(tags__overlap=["same"])):
        for member, product, rows in asked * 2:
            found = [row.title for row in page_of_rows(member, product, condition, sorts)]
            assert found == [f"Same words in {product.key}"] * rows, (member, product)
