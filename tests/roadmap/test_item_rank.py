import random
import threading

import pytest
from django.db import connection

from changes.models import Change
from changes.undo import undo
from roadmap.backlog import ranks
from roadmap.models import Item
from tests.cast import make_cast
from tests.factories import SYSTEM, make_item


def order(product):
    return [item.title for item in Item.objects.of(product).ranked()]


def test_new_items_come_last_and_a_move_puts_one_between_two(cast):
    first, second, third = (make_item(cast.product, title) for title in "abc")
    third.rank_between(first, None, by=SYSTEM)
    assert order(cast.product) == ["a", "c", "b"]
    second.rank_between(None, None, by=SYSTEM)
    assert order(cast.product) == ["b", "a", "c"]
    first.rank_between(None, third, by=SYSTEM)
    assert order(cast.product) == ["b", "a", "c"]


def test_a_move_writes_one_row_and_its_history(cast, django_assert_max_num_queries):
    items = [make_item(cast.product) for _ in range(5)]
    before = dict(Item.objects.values_list("pk", "rank"))
    items[4].rank_between(items[0], None, by=SYSTEM)
    after = dict(Item.objects.values_list("pk", "rank"))
    assert [pk for pk in before if before[pk] != after[pk]] == [items[4].pk]


def test_ranks_that_grow_long_are_spread_out_in_the_same_order(cast, monkeypatch):
    monkeypatch.setattr(ranks, "LONGEST", 4)
    first = make_item(cast.product, "first")
    for number in range(40):
        make_item(cast.product, str(number)).rank_between(first, None, by=SYSTEM)
    assert order(cast.product) == ["first", *(str(number) for number in reversed(range(40)))]


def test_undoing_a_move_whose_place_was_taken_keeps_a_total_order(cast):
    a, b, c, d = (make_item(cast.product, title) for title in "abcd")
    b.rank_between(d, None, by=SYSTEM)
    move = Change.objects.get(pk=b.change_id)
    c.rank_between(a, None, by=SYSTEM)
    d.rank_between(a, c, by=SYSTEM)
    undo(move, by=SYSTEM)
    assert len(set(Item.objects.of(cast.product).values_list("rank", flat=True))) == 4
    assert sorted(order(cast.product)) == list("abcd")


@pytest.mark.django_db(transaction=True)
def test_fifty_concurrent_moves_end_in_one_total_order():
    cast = make_cast()
    items = [make_item(cast.product, str(number)) for number in range(20)]
    failures = []

    def shuffle(seed):
        chooser = random.Random(seed)
        try:
            for _ in range(10):
                item, anchor = chooser.sample(items, 2)
                Item.objects.get(pk=item.pk).rank_between(anchor, None, by=SYSTEM)
        except Exception as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=shuffle, args=(seed,)) for seed in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = Item.objects.of(cast.product).values_list("rank", flat=True)
    assert len(set(found)) == 20
