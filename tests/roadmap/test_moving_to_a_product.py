"""Items go to another product: what is theirs goes along, what belongs to the product stays, and one undo brings all back."""

from __future__ import annotations

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from discussion.models import Comment
from feedback.models import Insight
from products.models import Objective
from roadmap.items.moving import foresee, move
from roadmap.models import Component, Item, ItemAlias, ItemLink, ParkedItem, Release, Requirement, TypeKind
from roadmap.releases.scope import scope_changes, steps_of
from tests.factories import SYSTEM, make_conversation, make_customer, make_item
from tests.roadmap.moved import rows, state, titles
from usage.models import UsageKey, UsageKeyItem

PAGE = "/w/polarline/p/DSP/items/product/"


@pytest.fixture
def full(cast):
    """An item with all that can hang on one."""
    release = Release.plan(cast.product, "5.2", by=SYSTEM)
    component = Component.add(cast.workspace, by=SYSTEM, product=cast.product, name="Radar")
    own = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Own goal")
    item = make_item(cast.product, "Full", release=release, component=component, objective=own, reach=7)
    Comment.post(item.thread, "Hello", by=cast.actor("mona"))
    Requirement.add_to(item, "It works", by=SYSTEM)
    ItemLink.add(item, "needs", make_item(cast.product, "Needed"), by=SYSTEM)
    Insight.highlight(
        make_conversation(make_customer(cast.workspace), "It is slow"), "It is slow", importance=3, by=SYSTEM, item=item
    )
    ParkedItem.park(Release.plan(cast.product, "5.3", by=SYSTEM), item, "", by=SYSTEM)
    UsageKey.measure(cast.product, "radar", [item], by=SYSTEM)
    return item


def hanging(item):
    found = [
        Comment.objects.get(thread=item.thread),
        Requirement.objects.get(item=item),
        ItemLink.objects.get(item=item),
    ]
    return {
        one.product_id
        for one in [*found, Insight.objects.get(item=item), type(item.thread).objects.get(pk=item.thread_id)]
    }


def test_what_is_its_own_goes_along_and_what_is_the_products_stays(cast, full):
    make_item(cast.secret, "There already")
    outcome = move(rows(full), cast.product, cast.secret, along=True, by=SYSTEM)
    now = Item.objects.get(pk=full.pk)
    assert [one.pk for one in outcome.moved] == [full.pk]
    assert (now.key, now.reach, now.change_id) == ("SEC-2", 7, outcome.change)
    assert titles(cast.secret) == ["There already", "Full"]
    assert (now.release, now.component, now.objective) == (None, None, None)
    assert hanging(now) == {cast.secret.pk}
    assert not ParkedItem.objects.exists()
    assert not UsageKeyItem.objects.exists()


def test_a_goal_of_the_workspace_is_kept(cast):
    goal = Objective.add(cast.workspace, by=SYSTEM, name="For all")
    item = make_item(cast.product, objective=goal)
    move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    assert Item.objects.get(pk=item.pk).objective == goal


def test_one_undo_brings_all_of_it_back_and_another_does_it_again(cast, full):
    before = state(full)
    outcome = move(rows(full), cast.product, cast.secret, along=True, by=SYSTEM)
    moved = state(full)
    Requirement.add_to(Item.objects.get(pk=full.pk), "Added there", by=SYSTEM)
    back = undo(Change.objects.get(pk=outcome.change), by=SYSTEM)
    assert state(full) == before
    assert set(Requirement.objects.filter(item=full).values_list("product", flat=True)) == {cast.product.pk}
    Requirement.objects.get(text="Added there").delete_softly(by=SYSTEM)
    assert hanging(full) == {cast.product.pk}
    assert ParkedItem.objects.filter(item=full).count() == 1
    assert UsageKeyItem.objects.filter(item=full).count() == 1
    undo(back, by=SYSTEM)
    assert state(full) == moved
    assert not UsageKeyItem.objects.exists()


def test_what_somebody_ranked_there_since_is_not_brought_back(cast):
    make_item(cast.secret)
    items = [make_item(cast.product) for _ in range(2)]
    outcome = move(rows(*items), cast.product, cast.secret, along=True, by=SYSTEM)
    first, second = (Item.objects.get(pk=item.pk) for item in items)
    first.rank_between(second, None, by=SYSTEM)
    with pytest.raises(Refused):
        undo(Change.objects.get(pk=outcome.change), by=SYSTEM)


def test_many_keep_their_order_and_take_as_many_statements_as_few(cast, count_queries):
    counted = []
    for count in (3, 30):
        items = [make_item(cast.product, f"{count}-{place:02}") for place in range(count)]
        for item in items:
            Requirement.add_to(item, "It works", by=SYSTEM)
        chosen = rows(*items)
        counted.append(
            (
                count_queries(lambda chosen=chosen: foresee(chosen, along=True)),
                count_queries(lambda chosen=chosen: move(chosen, cast.product, cast.secret, along=True, by=SYSTEM)),
            )
        )
    assert counted[0] == counted[1]
    assert titles(cast.secret) == [f"{count}-{place:02}" for count in (3, 30) for place in range(count)]


def test_what_stands_under_it_goes_along_or_stays_under_nothing(cast):
    epic = make_item(cast.product, "Epic", type=TypeKind.EPIC)
    child = make_item(cast.product, "Child", parent=epic)
    binned = make_item(cast.product, "Binned", parent=epic)
    binned.delete_softly(by=SYSTEM)
    assert foresee(rows(epic), along=True).under == 1
    assert ("Epic above", 1) in foresee(rows(epic), along=False).lost
    assert foresee(rows(epic), along=True).lost == []
    first = move(rows(epic), cast.product, cast.secret, along=True, by=SYSTEM)
    assert titles(cast.secret) == ["Epic", "Child"]
    assert state(child)["parent_id"] == epic.pk
    assert (state(binned)["product_id"], state(binned)["parent_id"]) == (cast.product.pk, None)
    undo(Change.objects.get(pk=first.change), by=SYSTEM)
    move(rows(epic), cast.product, cast.secret, along=False, by=SYSTEM)
    assert (state(child)["product_id"], state(child)["parent_id"]) == (cast.product.pk, None)


def test_a_child_that_goes_without_its_epic_stands_under_nothing(cast):
    epic = make_item(cast.product, "Epic", type=TypeKind.EPIC)
    child = make_item(cast.product, "Child", parent=epic)
    move(rows(child), cast.product, cast.secret, along=True, by=SYSTEM)
    assert state(child)["parent_id"] is None
    assert state(epic)["product_id"] == cast.product.pk


def test_what_is_let_go_is_said_before(cast, full, as_member):
    page = as_member(cast.mona).get(PAGE, {"numbers": full.number}).content.decode()
    for words in ("Release: 1", "Component: 1", "Goal: 1", "Place in a parking lot: 1", "Measured usage: 1"):
        assert words in page
    assert "Epic above" not in page
    assert Item.objects.get(pk=full.pk).product == cast.product


def test_a_number_that_was_left_is_never_given_again(cast):
    item = make_item(cast.product)
    move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    assert make_item(cast.product).number == item.number + 1
    with (
        pytest.raises(Exception, match="leads to an item that was moved"),
        Change.open("item.added", by=SYSTEM, workspace=cast.workspace) as change,
    ):
        Item.add_many(cast.product, [{"title": "Taken", "number": item.number}], by=change)


def test_coming_back_under_a_new_number_keeps_all_its_keys(cast):
    item = make_item(cast.product)
    move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    move(rows(item), cast.secret, cast.product, along=True, by=SYSTEM)
    assert state(item)["number"] == item.number + 1
    found = ItemAlias.objects.order_by("pk").values_list("product", "number", "is_elsewhere")
    assert set(found) == {(cast.product.pk, item.number, False), (cast.secret.pk, 1, True)}


def test_a_frozen_scope_tells_that_something_went_and_not_what(cast):
    release = Release.plan(cast.product, "5.2", by=SYSTEM)
    item = make_item(cast.product, "Wanderer", release=release)
    make_item(cast.secret)
    release.freeze(by=SYSTEM)
    move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    Item.objects.get(pk=item.pk).edit(by=SYSTEM, title="Renamed there")
    release.refresh_from_db()
    found = scope_changes(steps_of(release), release.frozen_at)
    assert [(one.kind, one.number, one.title) for one in found] == [
        ("dropped", item.number, "An item that is in another product now")
    ]


def test_who_read_it_before_it_was_moved_writes_nothing(cast):
    release = Release.plan(cast.product, "5.2", by=SYSTEM)
    stale, other = make_item(cast.product), make_item(cast.product)
    move(rows(stale), cast.product, cast.secret, along=True, by=SYSTEM)
    for write in (
        lambda: stale.edit(by=SYSTEM, release=release),
        lambda: stale.rank_between(other, None, by=SYSTEM),
        lambda: Requirement.add_to(stale, "Late", by=SYSTEM),
    ):
        with pytest.raises(Refused):
            write()
    assert state(stale)["release_id"] is None
