"""A status or a type is removed while somebody adds an item that has it: neither of the two is left with the other half."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection

from accounts.refusals import Refused
from roadmap.models import Item, ItemType, Status, item_beginnings
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM, make_item

DEBT = {"name": "Tech debt", "kind": "improvement"}
PARKED = {"name": "Parked", "category": "shaping", "public_name": "Under review"}


@pytest.fixture
def committed(transactional_db: None) -> Cast:
    return make_cast()


def both(cast: Cast, monkeypatch, row: Any, to: Any, **given: Any) -> None:
    """Add an item while `row` is being removed, which begins after the item's number was drawn."""
    drawn, asked = Event(), Event()

    class Slow(item_beginnings.Beginnings):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            drawn.set()
            asked.wait(0.5)

    monkeypatch.setattr("roadmap.models.item.Beginnings", Slow)

    def add() -> None:
        make_item(cast.product, "New", **given)
        connection.close()

    def remove() -> None:
        drawn.wait(5)
        row.remove(by=SYSTEM, to=to)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(add), pool.submit(remove)]:
            work.result(30)


def test_an_item_that_gets_a_status_while_it_is_removed_goes_along(committed: Cast, monkeypatch):
    row = Status.add(committed.workspace, by=SYSTEM, **PARKED)
    idea = Status.objects.get(workspace=committed.workspace, name="Idea")
    both(committed, monkeypatch, row, idea, status=Status.objects.get(pk=row.pk))
    assert Item.objects.get().status == idea


def test_an_item_that_gets_a_type_while_it_is_removed_goes_along(committed: Cast, monkeypatch):
    row = ItemType.add(committed.workspace, by=SYSTEM, **DEBT)
    both(committed, monkeypatch, row, ItemType.objects.get(workspace=committed.workspace, key="bug"), type=row.key)
    assert Item.objects.get().type == "bug"


def test_no_item_is_added_with_a_status_that_was_removed_since_it_was_chosen(cast: Cast):
    row = Status.add(cast.workspace, by=SYSTEM, **PARKED)
    chosen = Status.objects.get(pk=row.pk)
    row.remove(by=SYSTEM)
    with pytest.raises(Refused, match="removed in the meantime"):
        make_item(cast.product, status=chosen)
