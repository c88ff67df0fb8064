"""Edits and moves that are one statement, and what happens where one statement does not do."""

import random
import threading
from datetime import date

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.refusals import Refused
from changes import live
from changes.concurrency import Conflict
from changes.models import Change, Version
from changes.undo import undo
from roadmap.items.picking import numbered
from roadmap.models import Item
from tests.cast import make_cast
from tests.factories import SYSTEM, make_item


def order(product):
    return [item.title for item in Item.objects.of(product).ranked()]


def neighbours(cast, *items):
    """The first of these items, and the others as the table's drag reads them: with the ranks beside them."""
    found = numbered(cast.alice, cast.product, *(item.number for item in items), moved=items[0].number)
    return [found[item.number] for item in items]


@pytest.mark.django_db(transaction=True)
def test_an_edit_of_a_plain_field_is_one_statement_with_its_history_and_its_event(
    django_assert_num_queries, monkeypatch
):
    cast, told = make_cast(), []
    item = Item.objects.get(pk=make_item(cast.product, "before").pk)
    item.product, item.workspace = cast.product, cast.workspace
    monkeypatch.setattr(live, "publish", told.extend)
    with django_assert_num_queries(1):
        item.edit(by=Actor.of(cast.alice), title="after")
    change = Change.objects.get(pk=item.change_id)
    assert (change.verb, change.member, change.quiet) == ("item.edited", cast.alice, False)
    [version] = Version.objects.of(item).filter(change=change)
    assert (version.columns, version.state["title"]) == (["title"], "after")
    assert [(one.noun, one.public_id, one.change_id, one.product_id) for one in told] == [
        ("item", str(item.number), change.pk, cast.product.pk)
    ]
    undo(change, by=SYSTEM)
    assert Item.objects.get(pk=item.pk).title == "before"


@pytest.mark.django_db(transaction=True)
def test_nothing_can_be_written_after_it_outside_a_change():
    cast = make_cast()
    item = make_item(cast.product)
    item.edit(by=SYSTEM, title="after")
    with pytest.raises(Exception, match="outside a Change"):
        Item.objects.filter(pk=item.pk).update(title="silently")


def test_nor_within_a_transaction_around_it(cast):
    item = make_item(cast.product)
    item.edit(by=SYSTEM, title="after")
    with pytest.raises(Exception, match="outside a Change"):
        Item.objects.filter(pk=item.pk).update(title="silently")


def test_an_item_that_somebody_changed_since_it_was_read_is_edited_as_it_is_now(cast):
    mine = make_item(cast.product, "title")
    theirs = Item.objects.get(pk=mine.pk)
    seen = mine.change_id
    theirs.edit(by=SYSTEM, reach=7)
    mine.edit(by=SYSTEM, seen=seen, title="mine")
    mine = Item.objects.get(pk=mine.pk)
    assert (mine.title, mine.reach) == ("mine", 7)
    with pytest.raises(Conflict) as conflict:
        mine.edit(by=SYSTEM, seen=seen, reach=8)
    assert (conflict.value.theirs, conflict.value.yours) == (7, 8)
    assert Item.objects.get(pk=mine.pk).reach == 7


def test_a_row_that_changed_between_reading_and_writing_leaves_no_empty_change(cast):
    mine = make_item(cast.product, "title")
    Item.objects.get(pk=mine.pk).edit(by=SYSTEM, reach=7)
    before = Change.objects.count()
    mine.edit(by=SYSTEM, title="mine")
    assert Change.objects.count() == before + 1


def test_what_was_refused_is_forgotten(cast):
    item = make_item(cast.product)
    item.edit(by=SYSTEM, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 10))
    item = Item.objects.get(pk=item.pk)
    with pytest.raises(Refused):
        item.edit(by=SYSTEM, ends_on=item.starts_on.replace(year=2025))
    item.edit(by=SYSTEM, reach=3)
    assert item.ends_on.isoformat() == "2026-03-10"


def test_a_move_beside_neighbours_that_were_read_is_one_statement(cast, django_assert_max_num_queries):
    a, b, c = (make_item(cast.product, title) for title in "abc")
    moved, anchor = neighbours(cast, c, a)
    with django_assert_max_num_queries(2):  # the second closes the Change within the transaction of this test
        moved.rank_between(anchor, None, by=SYSTEM)
    assert order(cast.product) == ["a", "c", "b"]
    moved, anchor = neighbours(cast, b, a)
    moved.rank_between(None, anchor, by=SYSTEM)
    assert order(cast.product) == ["b", "a", "c"]
    moved, anchor = neighbours(cast, a, c)
    moved.rank_between(anchor, None, by=SYSTEM)
    assert order(cast.product) == ["b", "c", "a"]


def test_a_move_whose_neighbours_are_others_by_now_still_ends_beside_its_anchor(cast):
    a, b, c, d = (make_item(cast.product, title) for title in "abcd")
    moved, anchor = neighbours(cast, d, a)
    c.rank_between(a, None, by=SYSTEM)
    moved.rank_between(anchor, None, by=SYSTEM)
    assert order(cast.product) == ["a", "d", "c", "b"]
    moved, anchor = neighbours(cast, b, d)
    d.rank_between(None, None, by=SYSTEM)
    moved.rank_between(anchor, None, by=SYSTEM)
    assert order(cast.product) == ["d", "b", "a", "c"]


def test_a_move_beside_an_item_that_went_to_the_bin_is_refused(cast):
    a, _b, c = (make_item(cast.product, title) for title in "abc")
    moved, anchor = neighbours(cast, c, a)
    a.delete_softly(by=SYSTEM)
    with pytest.raises(Refused):
        moved.rank_between(anchor, None, by=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_concurrent_drags_and_new_items_end_in_one_total_order():
    cast = make_cast()
    items = [make_item(cast.product, str(number)) for number in range(8)]
    failures = []

    def shuffle(seed):
        chooser = random.Random(seed)
        try:
            for _ in range(10):
                moved, anchor = neighbours(cast, *chooser.sample(items, 2))
                moved.rank_between(anchor, None, by=SYSTEM)
                if seed == 0:
                    make_item(cast.product, "new")
        except Exception as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=shuffle, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = list(Item.objects.of(cast.product).values_list("rank", flat=True))
    assert len(set(found)) == len(found) == 18
