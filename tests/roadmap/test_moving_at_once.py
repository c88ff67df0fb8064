"""Items go to another product while others move them too, or put something under them: all of it ends, and nothing is torn apart."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.refusals import Refused
from roadmap.items.moving import move
from roadmap.models import Item, TypeKind
from tests.cast import make_cast
from tests.factories import SYSTEM, make_item
from tests.roadmap.moved import rows, titles


@pytest.mark.django_db(transaction=True)
def test_moves_in_both_directions_at_once_end():
    cast = make_cast()
    here = [make_item(cast.product) for _ in range(6)]
    there = [make_item(cast.secret) for _ in range(6)]
    failures = []

    def act(item, source, target):
        try:
            move(rows(item), source, target, along=True, by=Actor.system())
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    ways = [(one, cast.product, cast.secret) for one in here] + [(one, cast.secret, cast.product) for one in there]
    threads = [threading.Thread(target=act, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Item.objects.of(cast.secret).count() == Item.objects.of(cast.product).count() == 6
    assert set(Item.objects.of(cast.secret).values_list("number", flat=True)) == set(range(7, 13))


def _meanwhile(act, then):
    """Begin `act` in a transaction of another connection, do `then` in this one while that is open, and let it end."""
    begun, go_on, failures = threading.Event(), threading.Event(), []

    def other():
        try:
            with transaction.atomic():
                act()
                begun.set()
                go_on.wait(20)
        except Exception as failure:
            failures.append(failure)
        finally:
            begun.set()
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    begun.wait(20)
    ending = threading.Timer(0.5, go_on.set)
    ending.start()
    try:
        then()
    finally:
        thread.join(30)
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_who_puts_something_under_an_epic_that_is_moved_at_this_moment_hears_so():
    cast = make_cast()
    epic, child = make_item(cast.product, "Epic", type=TypeKind.EPIC), make_item(cast.product, "Child")

    def put_under():
        with pytest.raises(Refused, match="moved “Epic” to another product"):
            child.edit(by=SYSTEM, parent=epic)
        with pytest.raises(Refused, match="another product"):
            Item.add(cast.product, "New", by=SYSTEM, parent=epic)

    _meanwhile(lambda: move(rows(epic), cast.product, cast.secret, along=True, by=SYSTEM), put_under)
    assert Item.objects.get(pk=child.pk).parent is None


@pytest.mark.django_db(transaction=True)
def test_what_is_put_under_an_epic_at_the_moment_of_its_move_goes_along():
    cast = make_cast()
    epic, child = make_item(cast.product, "Epic", type=TypeKind.EPIC), make_item(cast.product, "Child")
    _meanwhile(
        lambda: child.edit(by=SYSTEM, parent=epic),
        lambda: move(rows(epic), cast.product, cast.secret, along=True, by=SYSTEM),
    )
    assert titles(cast.secret) == ["Epic", "Child"]
