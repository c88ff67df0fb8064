"""What differs between two moments as the database finds it, scopes too, held to a naive reading of both, on random histories."""

from __future__ import annotations

import random
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from changes.models import Change
from config import clock
from roadmap.models import Item, Milestone, Release
from roadmap.time_machine.compared import Compared
from roadmap.time_machine.comparing import HORIZONS, Kind
from roadmap.time_machine.differing import differing
from roadmap.time_machine.states import Asked
from tests.factories import SYSTEM, make_item, status
from tests.roadmap.second_reading import naive

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
        items = [make_item(cast.product, f"Item {n}", by=change, horizon=HORIZONS[n % 3]) for n in range(6)]
    for step in range(1, STEPS):
        with on(cast, step) as change:
            if chance.random() < 0.3:
                items.append(
                    make_item(cast.product, f"Later {step}", by=change, release=chance.choice([None, *releases]))
                )
            if chance.random() < 0.4:
                Milestone.add(cast.workspace, by=change, product=cast.product, name=f"M{step}", day=DAYS["ends_on"])
            for item in chance.sample(items, 3):
                item = Item.objects.with_deleted().get(pk=item.pk)
                if item.deleted_at:
                    item.restore(by=change)
                elif chance.random() < 0.2:
                    item.delete_softly(by=change)
                else:
                    item.edit(
                        by=change, release=chance.choice([None, *releases]), parent=chance.choice([None, *epics]),
                        **chance.choice([{}, {"title": f"{item.title}!"}, {"effort": Decimal(step)}]), **moved(cast, chance),
                    )  # fmt: skip
            release = chance.choice(releases)
            release.refresh_from_db()
            release.edit(by=change, ends_on=DAYS["ends_on"] + timedelta(days=chance.randrange(-20, 20)))


def moved(cast, chance: random.Random) -> dict[str, Any]:
    """Nothing, other days, none, a horizon, or another status."""
    first = DAYS["starts_on"] + timedelta(days=chance.randrange(-30, 30))
    return chance.choice(
        [
            {},
            {"starts_on": first, "ends_on": first + timedelta(days=chance.randrange(40))},
            {"starts_on": None, "ends_on": None},
            {"horizon": chance.choice(["", *HORIZONS])},
            {"status": status(cast.workspace, chance.choice(["Idea", "In build", "Shipped", "Won't do"]))},
        ]
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("by_horizon", [False, True])
def test_what_differs_is_what_a_naive_reading_says(cast, seed, by_horizon):
    history(cast, random.Random(seed))  # noqa: S311 - a history, no secret
    asked, told = Asked(cast.mona, (cast.product.pk,), by_horizon=by_horizon), set()
    moments = [BEGIN + timedelta(days=20 * step + 1) for step in (0, 3, 6, STEPS - 1)]
    for since, until in combinations(moments, 2):
        result = Compared(differing(asked, since, until, NOW, most_same=100))
        expected = naive(asked, cast.product, since, until)
        found = {one.key: one for one in result.comparison}
        assert found.keys() == {one.key for one in expected}
        for one in expected:
            other = found[one.key]
            assert (other.kinds, other.came_in, other.went_out) == (one.kinds, one.came_in, one.went_out)
            assert [
                plan and (plan.title, plan.starts_on, plan.ends_on, plan.horizon, plan.effort)
                for plan in (one.before, one.after)
            ] == [
                plan and (plan.title, plan.starts_on, plan.ends_on, plan.horizon, plan.effort)
                for plan in (other.before, other.after)
            ]
            assert one.key in result.deeds
            told |= {one.kind}
        assert result.found.counts == result.found.shown == expected.counts()
        assert result.found.same == expected.same
        assert len(result.found.unchanged) == result.found.same_items
        assert not {one.key for one in result.found.unchanged} & found.keys()
        for kind in expected.counts():
            few = Compared(differing(asked, since, until, NOW, kinds=[kind], most=2))
            assert len(few.comparison) <= 2
            listed = few.comparison.listed(kind)
            assert listed
            assert listed == [found[one.key] for one in expected.listed(kind)][: len(listed)]
            assert sum(few.found.shown.values()) == sum(kind in one.kinds for one in expected)
            assert few.found.counts == expected.counts()
    assert len(told) >= 3


def test_of_many_differences_each_kind_has_its_share(cast):
    with on(cast, 0) as change:
        items = [make_item(cast.product, f"Item {n}", by=change, **DAYS) for n in range(12)]
    with on(cast, 1) as change:
        for n, item in enumerate(items):
            item.edit(by=change, ends_on=DAYS["ends_on"] + timedelta(days=n - 1 if n else -5))
    asked = Asked(cast.mona, (cast.product.pk,))
    result = Compared(differing(asked, BEGIN + timedelta(days=1), None, NOW, most=6))
    assert result.found.counts == result.found.shown == {Kind.SLIPPED: 10, Kind.PULLED: 1}
    assert result.comparison.counts() == {Kind.SLIPPED: 5, Kind.PULLED: 1}
    assert [one.end_moved for one in result.comparison.listed(Kind.SLIPPED)] == [10, 9, 8, 7, 6]
    assert (result.changed, result.total) == (11, 12)
