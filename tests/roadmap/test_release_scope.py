"""What changed of a frozen release's scope, and what is parked beside it: from history, with who, when and why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.actors import Actor
from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from config import clock
from roadmap.models import ParkedItem, Release, ScopeReason
from roadmap.releases.scope import scope_changes, steps_of, touched_scope
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(cast: Cast) -> Release:
    return Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM)


def told(release: Release) -> list[tuple[str, str, str]]:
    release.refresh_from_db()
    assert release.frozen_at is not None
    return [(one.kind, one.title, one.detail) for one in reversed(scope_changes(steps_of(release), release.frozen_at))]


def test_what_comes_goes_and_is_estimated_anew_is_listed(cast: Cast, release: Release):
    other = Release.plan(cast.product, "5.3", by=SYSTEM)
    stays = make_item(cast.product, "Stays", release=release, effort="2")
    goes = make_item(cast.product, "Goes", release=release, effort="3")
    comes = make_item(cast.product, "Comes", release=other)
    release.freeze(by=SYSTEM)
    stays.edit(by=SYSTEM, title="Stays", effort=Decimal("5"))
    goes.edit(by=SYSTEM, release=None)
    comes.edit(by=SYSTEM, release=release)
    make_item(cast.product, "Fresh", release=release)
    assert told(release) == [
        ("estimated", "Stays", ""), ("dropped", "Goes", "not planned now"), ("added", "Comes", "was in 5.3"),
        ("added", "Fresh", "new"),
    ]  # fmt: skip


def test_deleting_restoring_and_dropping_change_the_scope_shipping_does_not(cast: Cast, release: Release):
    item = make_item(cast.product, "It", release=release)
    release.freeze(by=SYSTEM)
    item.edit(by=SYSTEM, status=status(cast.workspace, "Shipped"))
    item.edit(by=SYSTEM, title="It", reach=5)
    assert told(release) == []
    item.delete_softly(by=SYSTEM)
    item.restore(by=SYSTEM)
    item.edit(by=SYSTEM, status=status(cast.workspace, "Won't do"))
    item.edit(by=SYSTEM, status=status(cast.workspace, "Ready"))
    assert [(kind, detail) for kind, _title, detail in told(release)] == [
        ("dropped", "deleted"), ("added", "back from the bin"), ("dropped", "will not be done"),
        ("added", "taken up again"),
    ]  # fmt: skip


def test_an_undo_is_a_change_of_scope_like_any_other(cast: Cast, release: Release):
    item = make_item(cast.product, "It", release=release)
    release.freeze(by=SYSTEM)
    item.edit(by=SYSTEM, release=None)
    undo(Change.objects.get(pk=item.change_id), by=SYSTEM)
    assert [kind for kind, *_rest in told(release)] == ["dropped", "added"]


def test_freezing_twice_keeps_the_first_moment_and_opening_takes_a_reason(cast: Cast, release: Release):
    release.freeze(by=SYSTEM)
    first = release.frozen_at
    release.freeze(by=SYSTEM)
    assert release.frozen_at == first
    with pytest.raises(Refused, match="why"):
        release.unfreeze("  ", by=SYSTEM)
    release.unfreeze("A partner joined", by=SYSTEM)
    assert (release.frozen_at, release.reopened_because) == (None, "A partner joined")
    release.freeze(by=SYSTEM)
    assert release.reopened_because == ""


def test_what_is_out_is_frozen_no_more(cast: Cast, release: Release):
    release.ship(by=SYSTEM)
    with pytest.raises(Refused, match="is out"):
        release.freeze(by=SYSTEM)


def test_who_when_and_why_stand_beside_each_change(cast: Cast, release: Release):
    item = make_item(cast.product, "It")
    release.freeze(by=SYSTEM)
    at = clock.now() + timedelta(hours=1)
    with Change.open("item.edited", by=Actor.of(cast.mona), workspace=cast.workspace, at=at) as change:
        item.edit(by=change, release=release)
    assert touched_scope(release, change.pk)
    ScopeReason.give(release, change.pk, "A customer waits for it", by=SYSTEM)
    ScopeReason.give(release, change.pk, "Two customers wait for it", by=SYSTEM)
    assert release.frozen_at is not None
    [one] = scope_changes(steps_of(release), release.frozen_at)
    assert (one.who, one.at, one.why) == ("Mona", at, "Two customers wait for it")


def test_a_change_that_touched_nothing_of_it_takes_no_reason(cast: Cast, release: Release):
    release.freeze(by=SYSTEM)
    elsewhere = make_item(cast.product, "Elsewhere")
    assert not touched_scope(release, elsewhere.change_id)


# --- parking lot


def test_an_item_is_set_aside_and_taken_in_again(cast: Cast, release: Release):
    item = make_item(cast.product, "It", release=release)
    parked = ParkedItem.park(release, item, "No room", by=SYSTEM)
    item.refresh_from_db()
    assert item.release is None
    with pytest.raises(Refused, match="already"):
        ParkedItem.park(release, item, "", by=SYSTEM)
    parked.take_in(by=SYSTEM)
    item.refresh_from_db()
    assert item.release == release
    assert not ParkedItem.objects.filter(release=release).exists()


def test_setting_aside_is_undone_as_one(cast: Cast, release: Release):
    item = make_item(cast.product, "It", release=release)
    parked = ParkedItem.park(release, item, "No room", by=SYSTEM)
    undo(Change.objects.get(pk=parked.change_id), by=SYSTEM)
    item.refresh_from_db()
    assert item.release == release
    assert not ParkedItem.objects.filter(release=release).exists()


def test_an_item_of_another_product_is_not_parked(cast: Cast, release: Release):
    with pytest.raises(Refused, match="another product"):
        ParkedItem.park(release, make_item(cast.secret), "", by=SYSTEM)
