"""Items go to another product: what is theirs goes along, what belongs to the product stays, and one undo brings all back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from config import clock
from discussion.models import Comment
from feedback.models import Insight
from jobs.models import Job
from products.models import Objective
from roadmap.items.moving import foresee, move
from roadmap.models import Component, Item, ItemAlias, ItemLink, ParkedItem, Release, Requirement, TypeKind
from roadmap.releases.scope import scope_changes, steps_of
from roadmap.tasks import items_to_product
from tests.cast import make_cast
from tests.factories import SYSTEM, make_conversation, make_customer, make_item
from usage.models import UsageKey, UsageKeyItem

PAGE = "/w/polarline/p/DSP/items/product/"


def rows(*items):
    return Item.objects.filter(pk__in=[item.pk for item in items])


def state(item):
    found = Item.objects.with_deleted().get(pk=item.pk)
    names = (
        "product_id", "number", "rank", "release_id", "component_id", "objective_id", "parent_id", "thread_id", "title",
        "score", "source_id",
    )  # fmt: skip
    return {name: getattr(found, name) for name in names}


def titles(product):
    return list(Item.objects.of(product).ranked().values_list("title", flat=True))


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


def test_the_old_address_leads_to_the_new_one_for_who_sees_both(cast, as_member, api):
    item = make_item(cast.product, "Wanderer")
    old = f"/w/polarline/p/DSP/items/{item.number}/"
    move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    answer = as_member(cast.mona).get(old, {"as": "page"})
    assert (answer.status_code, answer["Location"]) == (302, "/w/polarline/p/SEC/items/1/?as=page")
    assert as_member(cast.dave).get(old).status_code == 404
    assert as_member(cast.mallory).get(old).status_code == 404
    assert api(cast.mona, "get", f"/api/v1/items/DSP-{item.number}/").json()["key"] == "SEC-1"
    assert api(cast.dave, "get", f"/api/v1/items/DSP-{item.number}/").status_code == 404
    link = {"item": make_item(cast.secret).key, "kind": "needs", "other": item.key}
    assert api(cast.mona, "post", "/api/v1/item-links/", link).json()["other"] == "SEC-1"


def test_who_does_not_see_the_product_that_it_left_learns_nothing_of_it(cast, as_member, api):
    release = Release.plan(cast.secret, "Hidden release", by=SYSTEM)
    item = make_item(cast.secret, "Released to all")
    item.edit(by=cast.actor("mona"), release=release)
    old = item.key
    move(rows(item), cast.secret, cast.product, along=True, by=cast.actor("mona"))
    now = Item.objects.select_related("product").get(pk=item.pk)
    dave = as_member(cast.dave)
    for address in (f"/w/polarline/p/DSP/items/{now.number}/", f"/w/polarline/p/DSP/items/{now.number}/history/"):
        page = dave.get(address).content.decode()
        assert now.key in page
        for word in ("Hidden release", "Secret product", "SEC"):
            assert word not in page
    assert api(cast.dave, "get", f"/api/v1/items/{old}/").status_code == 404
    assert dave.get(f"/w/polarline/p/SEC/items/{item.number}/").status_code == 404


def test_undo_by_who_does_not_see_both_is_refused(cast, as_member):
    item = make_item(cast.product)
    outcome = move(rows(item), cast.product, cast.secret, along=True, by=cast.actor("dave"))
    assert as_member(cast.dave).post(f"/w/polarline/changes/{outcome.change}/undo/").status_code == 404


def test_coming_back_under_a_new_number_keeps_all_its_keys(cast):
    item = make_item(cast.product)
    move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    move(rows(item), cast.secret, cast.product, along=True, by=SYSTEM)
    assert state(item)["number"] == item.number + 1
    found = ItemAlias.objects.order_by("pk").values_list("product", "number", "is_elsewhere")
    assert set(found) == {(cast.product.pk, item.number, False), (cast.secret.pk, 1, True)}


@pytest.mark.parametrize("layout", ["timeline", "nnl", "list"])
def test_the_past_of_a_product_does_not_show_what_is_in_an_unseen_one_today(cast, as_member, layout):
    before, day = clock.now() - timedelta(days=60), clock.now().date()
    with Change.open("told", by=cast.actor("mona"), workspace=cast.workspace, at=before) as change:
        dates = {"starts_on": day - timedelta(days=30), "ends_on": day + timedelta(days=5), "horizon": "now"}
        item = make_item(cast.product, "Wanderer", by=change, **dates)
        make_item(cast.product, "Settler", by=change, **dates)
    address = f"/w/polarline/p/DSP/roadmap/?layout={layout}&as_of={day - timedelta(days=40)}"
    assert "Wanderer" in as_member(cast.dave).get(address).content.decode()
    outcome = move(rows(item), cast.product, cast.secret, along=True, by=SYSTEM)
    page = as_member(cast.dave).get(address).content.decode()
    assert "Settler" in page
    assert "Wanderer" not in page
    assert "Wanderer" in as_member(cast.mona).get(address).content.decode()
    assert "Wanderer" not in as_member(cast.mona).get(address.replace("DSP", "SEC")).content.decode()
    undo(Change.objects.get(pk=outcome.change), by=SYSTEM)
    assert "Wanderer" in as_member(cast.dave).get(address).content.decode()


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


def test_contributors_may_not_and_managers_need_both(cast, as_member, api):
    item = make_item(cast.product)
    assert as_member(cast.bob).post(PAGE, {"numbers": item.number, "to": "SEC"}).status_code == 403
    assert as_member(cast.dave).post(PAGE, {"numbers": item.number, "to": "SEC"}).status_code == 422
    assert api(cast.dave, "post", f"/api/v1/items/{item.key}/move/", {"product": "SEC"}).status_code in (400, 422)
    cast.secret.give_role(cast.mona, cast.bob.role, by=SYSTEM)
    assert as_member(cast.mona).post(PAGE, {"numbers": item.number, "to": "SEC"}).status_code == 422
    assert api(cast.mona, "post", f"/api/v1/items/{item.key}/move/", {"product": "SEC"}).status_code == 403
    assert state(item)["product_id"] == cast.product.pk


def test_moving_one_by_its_page_and_undoing_it(cast, as_member):
    item, mona = make_item(cast.product, "Wanderer"), as_member(cast.mona)
    answer = mona.post(PAGE, {"numbers": item.number, "to": "SEC"})
    assert (answer.status_code, answer["Location"]) == (302, "/w/polarline/p/SEC/items/1/")
    change = Item.objects.get(pk=item.pk).change_id
    assert mona.post(f"/w/polarline/changes/{change}/undo/").status_code == 302
    assert state(item)["product_id"] == cast.product.pk


def test_the_bar_leads_to_the_page_and_what_is_under_has_to_be_said(cast, as_member):
    epic = make_item(cast.product, "Epic", type=TypeKind.EPIC)
    child = make_item(cast.product, "Child", parent=epic)
    mona = as_member(cast.mona)
    answer = mona.post(PAGE, {"numbers": [epic.number]}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{PAGE}?numbers={epic.number}"
    assert "1 item stands under these" in mona.get(answer["HX-Redirect"]).content.decode()
    assert mona.post(PAGE, {"numbers": epic.number, "to": "SEC"}).status_code == 422
    mona.post(PAGE, {"numbers": epic.number, "to": "SEC", "children": "stay"})
    assert (state(epic)["product_id"], state(child)["product_id"]) == (cast.secret.pk, cast.product.pk)


def test_more_than_two_hundred_are_moved_by_a_job_that_may_run_twice(cast, as_member, monkeypatch):
    monkeypatch.setattr("roadmap.backlog.bulk.AT_ONCE", 2)
    for _ in range(3):
        make_item(cast.product)
    answer = as_member(cast.mona).post(PAGE, {"matching": "", "to": "SEC"})
    job = Job.objects.get(kind="items_to_product")
    assert str(job.public_id) in answer["Location"]
    claimed = Job.claimed(job.pk)
    for changed in (3, 0):
        assert items_to_product(claimed, **job.arguments)["changed"] == changed
    assert Item.objects.of(cast.secret).count() == 3


def test_the_api_moves_one_and_asks_what_becomes_of_those_under_it(cast, api):
    epic = make_item(cast.product, "Epic", type=TypeKind.EPIC)
    make_item(cast.product, "Child", parent=epic)
    path = f"/api/v1/items/{epic.key}/move/"
    assert api(cast.mona, "post", path, {"product": "SEC"}).status_code in (400, 422)
    answer = api(cast.mona, "post", path, {"product": "SEC", "children": "along"})
    assert (answer.status_code, answer.json()["key"]) == (200, "SEC-1")
    assert titles(cast.secret) == ["Epic", "Child"]


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
