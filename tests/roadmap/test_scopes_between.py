"""What went into and out of releases and epics between two moments, held to a naive reading of both, on random histories."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import combinations

import pytest

from changes.models import Change
from changes.past import as_of
from config import clock
from roadmap.models import Item, Release
from roadmap.time_machine.compared import compared
from roadmap.time_machine.comparing import Kind, Noun
from roadmap.time_machine.states import Asked
from tests.factories import SYSTEM, make_item

DAYS = {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 6, 30)}
NOW = clock.now()
BEGIN = NOW - timedelta(days=300)
STEPS = 12


@contextmanager
def on(cast, step):
    with Change.open("told", by=SYSTEM, workspace=cast.workspace, at=BEGIN + timedelta(days=20 * step)) as change:
        yield change


def history(cast, chance: random.Random) -> None:
    """Items that come, go, come back and change release and epic at each of STEPS moments."""
    with on(cast, 0) as change:
        releases = [Release.plan(cast.product, f"R{n}", by=change, ends_on=DAYS["ends_on"]) for n in range(3)]
        epics = [make_item(cast.product, f"Epic {n}", by=change, type="epic", **DAYS) for n in range(2)]
        items = [make_item(cast.product, f"Item {n}", by=change) for n in range(6)]
    for step in range(1, STEPS):
        with on(cast, step) as change:
            if chance.random() < 0.3:
                items.append(
                    make_item(cast.product, f"Later {step}", by=change, release=chance.choice([None, *releases]))
                )
            for item in chance.sample(items, 3):
                item = Item.objects.with_deleted().get(pk=item.pk)
                if item.deleted_at:
                    item.restore(by=change)
                elif chance.random() < 0.2:
                    item.delete_softly(by=change)
                else:
                    item.edit(
                        by=change, release=chance.choice([None, *releases]), parent=chance.choice([None, *epics]),
                        title=f"{item.title}!",
                    )  # fmt: skip


def scopes_at(cast, moment) -> dict[tuple[Noun, int], set[str]]:
    """Release or epic → keys of what was in it, read item by item."""
    found: dict[tuple[Noun, int], set[str]] = {}
    with as_of(moment, Item):
        rows = list(Item.objects.of(cast.product).values_list("number", "release_id", "parent_id"))
    for number, release, parent in rows:
        for noun, place in ((Noun.RELEASE, release), (Noun.ITEM, parent)):
            if place is not None:
                found.setdefault((noun, place), set()).add(f"{cast.product.key}-{number}")
    return found


@pytest.mark.parametrize("seed", range(3))
def test_what_came_in_and_went_out_is_what_a_naive_reading_says(cast, seed):
    history(cast, random.Random(seed))  # noqa: S311 - a history, no secret
    asked, told = Asked(cast.mona, (cast.product.pk,)), 0
    moments = [BEGIN + timedelta(days=20 * step + 1) for step in (0, 3, 6, STEPS - 1)]
    for since, until in combinations(moments, 2):
        result = compared(asked, since, until, NOW)
        before, after = scopes_at(cast, since), scopes_at(cast, until)
        differing = {(one.there.noun, one.there.row): one for one in result.comparison}
        for plan in result.after.values():
            place = plan.noun, plan.row
            came = after.get(place, set()) - before.get(place, set())
            went = before.get(place, set()) - after.get(place, set())
            one = differing.get(place)
            assert (one.came_in if one else set()) == came
            assert (one.went_out if one else set()) == went
            assert (Kind.RESCOPED in one.kinds if one else False) == bool(came or went)
            told += len(came) + len(went)
            if came or went:
                assert plan.key in result.deeds
    assert told > 20


def test_of_many_differences_each_kind_has_its_share(cast):
    with on(cast, 0) as change:
        items = [make_item(cast.product, f"Item {n}", by=change, **DAYS) for n in range(12)]
    with on(cast, 1) as change:
        for n, item in enumerate(items):
            item.edit(by=change, ends_on=DAYS["ends_on"] + timedelta(days=n - 1 if n else -5))
    comparison = compared(Asked(cast.mona, (cast.product.pk,)), BEGIN + timedelta(days=1), None, NOW).comparison
    shortened = comparison.shortened(6)
    assert comparison.counts() == {Kind.SLIPPED: 10, Kind.PULLED: 1}
    assert shortened.counts() == {Kind.SLIPPED: 5, Kind.PULLED: 1}
    assert [one.end_moved for one in shortened.listed(Kind.SLIPPED)] == [10, 9, 8, 7, 6]
    assert len(shortened) + shortened.same == len(comparison) + comparison.same
    assert comparison.shortened(100).by_kind == comparison.by_kind
