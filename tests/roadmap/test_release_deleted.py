"""A release that is deleted lets its items go: else they stood on no board, and were found under no release."""

from __future__ import annotations

import pytest

from changes.models import Change
from changes.undo import undo
from roadmap.models import Dating, Item, Iteration, Release
from tests.cast import SYSTEM, Cast
from tests.factories import make_item

BOARDS = ("/w/polarline/p/DSP/roadmap/?layout=release", "/w/polarline/p/DSP/backlog/?release.empty=1")


@pytest.fixture
def release(cast: Cast) -> Release:
    return Release.plan(cast.product, "5.2", by=SYSTEM, dating=Dating.ITEMS)


def test_its_items_are_not_planned_and_undo_plans_them_again(cast: Cast, as_member, release: Release):
    iteration = Iteration.add(cast.workspace, by=SYSTEM, product=cast.product, release=release, name="One")
    item = make_item(cast.product, "Orphan", release=release, iteration=iteration, ends_on=cast.workspace.today())
    binned = make_item(cast.product, "Binned", release=release)
    binned.delete_softly(by=SYSTEM)
    mona = as_member(cast.mona)
    mona.post(f"/w/polarline/p/DSP/releases/{release.public_id}/delete/")
    for board in BOARDS:
        assert "Orphan" in mona.get(board).content.decode()
    assert Item.objects.with_deleted().get(pk=binned.pk).release_id is None
    undo(Change.objects.get(verb="release.deleted"), by=cast.actor("mona"))
    item.refresh_from_db()
    release.refresh_from_db()
    assert (item.release, item.iteration, release.deleted_at) == (release, iteration, None)
    assert release.ends_on == cast.workspace.today()


def test_undoing_that_it_was_added_lets_them_go_too_and_doing_it_again_brings_them_back(cast: Cast, release: Release):
    item = make_item(cast.product, release=release)
    gone = undo(Change.objects.get(verb="release.added"), by=SYSTEM)
    item.refresh_from_db()
    assert item.release is None
    undo(gone, by=SYSTEM)
    item.refresh_from_db()
    assert item.release == release


def test_an_iteration_that_is_deleted_lets_its_items_go(cast: Cast, release: Release):
    iteration = Iteration.add(cast.workspace, by=SYSTEM, product=cast.product, release=release, name="One")
    item = make_item(cast.product, release=release, iteration=iteration)
    iteration.delete_softly(by=SYSTEM)
    item.refresh_from_db()
    assert (item.release, item.iteration) == (release, None)
    undo(Change.objects.get(verb="iteration.deleted"), by=SYSTEM)
    item.refresh_from_db()
    assert item.iteration == iteration
