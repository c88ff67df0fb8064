"""The days of a release are set by hand, or follow its items, whoever moves them."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from roadmap.models import Dating, Item, Release, Status
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db


def days(release: Release) -> tuple[date | None, date | None]:
    release.refresh_from_db()
    return release.starts_on, release.ends_on


@pytest.fixture
def release(cast: Cast) -> Release:
    return Release.plan(cast.product, "5.2", by=SYSTEM, dating=Dating.ITEMS)


def test_days_set_by_hand_stay_whatever_its_items_do(cast: Cast):
    release = Release.plan(cast.product, "5.1", by=SYSTEM, ends_on=date(2026, 12, 8))
    make_item(cast.product, release=release, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))
    assert days(release) == (None, date(2026, 12, 8))


def test_computed_days_go_from_the_first_to_the_last_of_its_items(cast: Cast, release: Release):
    make_item(cast.product, release=release, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 5))
    late = make_item(cast.product, release=release, ends_on=date(2027, 2, 1))
    assert days(release) == (date(2027, 1, 1), date(2027, 2, 1))
    late.edit(by=SYSTEM, ends_on=date(2027, 1, 20))
    assert days(release) == (date(2027, 1, 1), date(2027, 1, 20))
    late.edit(by=SYSTEM, release=None)
    assert days(release) == (date(2027, 1, 1), date(2027, 1, 5))


def test_an_item_that_has_only_a_start_after_all_ends_is_no_trouble(cast: Cast, release: Release):
    make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    make_item(cast.product, release=release, starts_on=date(2027, 3, 1))
    assert days(release) == (date(2027, 1, 5), date(2027, 3, 1))


def test_what_is_deleted_or_dropped_holds_no_day(cast: Cast, release: Release):
    make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    late = make_item(cast.product, release=release, ends_on=date(2027, 2, 1))
    late.delete_softly(by=SYSTEM)
    assert days(release)[1] == date(2027, 1, 5)
    late.restore(by=SYSTEM)
    assert days(release)[1] == date(2027, 2, 1)
    late.edit(by=SYSTEM, status=status(cast.workspace, "Won't do"))
    assert days(release)[1] == date(2027, 1, 5)


def test_a_status_that_becomes_one_for_what_is_dropped_lets_go_of_the_days_and_undo_brings_them_back(
    cast: Cast, release: Release
):
    parked = Status.add(cast.workspace, by=SYSTEM, name="Parked", category="shaping", public_name="Not now")
    make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    make_item(cast.product, release=release, ends_on=date(2027, 2, 1), status=parked)
    parked.edit(by=SYSTEM, category="dropped")
    assert days(release)[1] == date(2027, 1, 5)
    undo(Change.objects.get(pk=release.change_id), by=SYSTEM)
    assert days(release)[1] == date(2027, 2, 1)
    Status.objects.get(pk=parked.pk).edit(by=SYSTEM, category="ready")
    assert days(release)[1] == date(2027, 2, 1)


def test_a_bulk_write_moves_the_days_too_and_is_in_history(cast: Cast, release: Release):
    make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    with Change.open("item.edited", by=SYSTEM, workspace=cast.workspace) as change:
        Item.objects.of(cast.product).update(ends_on=date(2027, 4, 1))
    assert days(release)[1] == date(2027, 4, 1)
    assert change.versions.filter(noun="roadmap_release").count() == 1


def test_computed_days_cannot_be_typed(cast: Cast, release: Release):
    make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    release.refresh_from_db()
    with pytest.raises(Refused, match="follow its items"):
        release.edit(by=SYSTEM, ends_on=date(2027, 5, 5))


def test_the_choice_is_made_and_turned_back(cast: Cast):
    release = Release.plan(cast.product, "5.1", by=SYSTEM, ends_on=date(2026, 12, 8))
    make_item(cast.product, release=release, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1))
    release.edit(by=SYSTEM, dating=Dating.ITEMS)
    assert (release.starts_on, release.ends_on) == (date(2027, 1, 1), date(2027, 2, 1))
    undo(Change.objects.get(pk=release.change_id), by=SYSTEM)
    assert days(release) == (None, date(2026, 12, 8))
    assert release.dating == Dating.SET


def test_moving_an_item_is_undone_although_another_moved_the_release_since(cast: Cast, release: Release):
    one = make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    two = make_item(cast.product, release=release, ends_on=date(2027, 1, 6))
    one.edit(by=SYSTEM, ends_on=date(2027, 2, 1))
    moved = one.change_id
    two.edit(by=SYSTEM, ends_on=date(2027, 3, 1))
    undo(Change.objects.get(pk=moved), by=SYSTEM)
    assert days(release)[1] == date(2027, 3, 1)
    two.edit(by=SYSTEM, ends_on=date(2027, 1, 7))
    assert days(release)[1] == date(2027, 1, 7)


def test_once_it_is_out_its_days_stay(cast: Cast, release: Release):
    item = make_item(cast.product, release=release, ends_on=date(2027, 1, 5))
    release.ship(by=SYSTEM)
    item.edit(by=SYSTEM, ends_on=date(2027, 9, 9))
    assert days(release)[1] == date(2027, 1, 5)
