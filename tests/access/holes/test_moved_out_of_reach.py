"""What somebody moved into a product that one may not change is not changed by undoing what was done before."""

from __future__ import annotations

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from jobs.models import Job
from roadmap.items.moving import move
from roadmap.models import BacklogImport, Component, Item, Release, TypeKind
from roadmap.tasks import import_backlog
from tests.factories import SYSTEM, make_item


def moved_to_secret(cast, item: Item) -> None:
    move(Item.objects.filter(pk=item.pk), cast.product, cast.secret, along=True, by=cast.actor("mona"))


def stored(item: Item) -> Item:
    return Item.objects.with_deleted().select_related("product").get(pk=item.pk)


def test_an_edit_is_not_undone_where_one_does_not_see_the_item_any_more(cast, as_member):
    item = make_item(cast.product, "Before")
    change = item.edit(by=cast.actor("dave"), title="After")
    moved_to_secret(cast, item)
    assert as_member(cast.dave).post(f"/w/polarline/changes/{change}/undo/").status_code == 404
    assert stored(item).title == "After"


def test_adding_an_item_is_not_undone_in_a_product_that_one_does_not_see(cast, as_member):
    item = Item.add(cast.product, "Mine", by=cast.actor("dave"))
    moved_to_secret(cast, item)
    assert as_member(cast.dave).post(f"/w/polarline/changes/{item.change_id}/undo/").status_code == 404
    assert stored(item).deleted_at is None


def test_nor_where_one_only_reads_it(cast, as_member):
    item = make_item(cast.product, "Before")
    change = item.edit(by=cast.actor("mona"), title="After")
    moved_to_secret(cast, item)
    cast.secret.give_role(cast.mona, cast.carol.role, by=SYSTEM)
    assert as_member(cast.mona).post(f"/w/polarline/changes/{change}/undo/").status_code == 403
    assert stored(item).title == "After"


def test_who_may_change_it_there_undoes_what_is_its_own(cast, as_member):
    item = make_item(cast.product, "Before")
    change = item.edit(by=cast.actor("mona"), title="After")
    moved_to_secret(cast, item)
    assert as_member(cast.mona).post(f"/w/polarline/changes/{change}/undo/").status_code == 302
    assert stored(item).title == "Before"


@pytest.mark.parametrize("name", ["release", "component", "parent"])
def test_nothing_of_the_product_that_it_left_comes_back(cast, as_member, name):
    """Mona may change both: an item of SEC would be in a release of DSP, under an epic of DSP."""
    given = {
        "release": lambda: Release.plan(cast.product, "5.2", by=SYSTEM),
        "component": lambda: Component.add(cast.workspace, by=SYSTEM, product=cast.product, name="Radar"),
        "parent": lambda: make_item(cast.product, "Epic", type=TypeKind.EPIC),
    }[name]()
    item = make_item(cast.product, **{name: given})
    change = item.edit(by=cast.actor("mona"), **{name: None})
    moved_to_secret(cast, item)
    with pytest.raises(Refused, match="moved to another product"):
        undo(Change.objects.get(pk=change), by=cast.actor("mona"))
    assert (
        as_member(cast.mona).post(f"/w/polarline/changes/{change}/undo/", headers={"HX-Request": "true"}).status_code
        == 422
    )
    assert getattr(stored(item), f"{name}_id") is None


def test_an_import_is_not_undone_where_its_items_are_out_of_reach_now(cast, as_member):
    batch = BacklogImport.prepare(cast.product, b"Title,Key\nOne,X-1\nTwo,X-2\n", "x.csv", by=cast.actor("dave"))
    job = batch.begin(by=cast.actor("dave"))
    import_backlog(Job.claimed(job.pk), **job.arguments)
    one, two = Item.objects.of(cast.product).order_by("number")
    moved_to_secret(cast, one)
    page = f"/w/polarline/p/DSP/import/{batch.public_id}/undo/"
    answer = as_member(cast.dave).post(page, follow=True)
    assert "cannot be undone: something of it is in another product now" in answer.content.decode()
    assert stored(one).deleted_at is None
    assert stored(two).deleted_at is None


def test_an_import_does_nothing_for_who_may_not_change_the_product_when_it_runs(cast):
    batch = BacklogImport.prepare(cast.product, b"Title,Key\nOne,X-1\n", "x.csv", by=cast.actor("dave"))
    job = batch.begin(by=cast.actor("dave"))
    cast.product.give_role(cast.dave, cast.carol.role, by=SYSTEM)
    with pytest.raises(Refused):
        import_backlog(Job.claimed(job.pk), **job.arguments)
    assert not Item.objects.of(cast.product).exists()
