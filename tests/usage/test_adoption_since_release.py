from datetime import UTC, date, datetime, timedelta

import pytest

from changes.models import Change
from roadmap.models import Item
from tests.factories import SYSTEM, make_item, make_product, make_workspace, status
from tests.usage.brute import Brute, random_log
from tests.usage.test_figures_equal_brute_force import spelled, take_in
from usage.models import Adoption, KnownKey, TimeToAdopt, UsageKey
from usage.rollup.plan import roll_up

pytestmark = pytest.mark.django_db
ZONE = "America/New_York"


@pytest.fixture
def product():
    return make_product(make_workspace(time_zone=ZONE, week_start=7), "DSP")


def ship(product, title: str, at: datetime) -> Item:
    item = make_item(product, title)
    with Change.open("item.edited", by=SYSTEM, workspace=product.workspace, at=at) as change:
        item.edit(by=change, status=status(product.workspace, "Shipped"))
    return item


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("after", [-5, 20, 43, 70, 200])
def test_adoption_and_time_to_adopt_count_from_the_release(product, seed, after):
    log = random_log(300 + seed)
    released = (datetime(2026, 3, 9, 3, tzinfo=UTC) + timedelta(days=after)).astimezone(product.workspace.zone)
    item = ship(product, "Map", released)
    key = log[0].feature
    UsageKey.measure(product, key, [item], by=SYSTEM)
    take_in(product, log[:200])
    roll_up(product.pk)
    take_in(product, log[200:])
    roll_up(product.pk)
    brute = Brute(log, ZONE, 7)
    scope = KnownKey.objects.get(product=product, key=key).pk
    since = released.date()
    for kind in (0, 1):
        row = Adoption.objects.filter(
            product=product, scope=scope, kind=kind, period=Adoption.Period.SINCE_RELEASE
        ).first()
        if since > brute.last:
            assert row is None
        else:
            assert (row.since, row.through) == (since, brute.last)
            assert row.eligible == len(brute.who("*", kind, since, brute.last))
            assert row.tried == len(brute.who(key, kind, since, brute.last))
            assert row.adopted == len(brute.adopted(key, kind, since, brute.last))
        began, waiting = brute.waits(key, kind, since)
        time = TimeToAdopt.objects.get(product=product, scope=scope, kind=kind)
        assert time.released_on == since
        assert spelled(time.days, time.adopted) == sorted(began)
        assert spelled(time.days, time.waiting) == sorted(waiting)


def test_a_release_after_the_rollup_is_noticed_without_new_events(product):
    log = random_log(5)
    item = make_item(product, "Map")
    UsageKey.measure(product, log[0].feature, [item], by=SYSTEM)
    take_in(product, log)
    roll_up(product.pk)
    assert not Adoption.objects.filter(period=Adoption.Period.SINCE_RELEASE).exists()
    with Change.open(
        "item.edited", by=SYSTEM, workspace=product.workspace, at=datetime(2026, 4, 1, 12, tzinfo=UTC)
    ) as change:
        item.edit(by=change, status=status(product.workspace, "Shipped"))
    roll_up(product.pk)
    assert {row.since for row in Adoption.objects.filter(period=Adoption.Period.SINCE_RELEASE)} == {date(2026, 4, 1)}
    item.edit(by=SYSTEM, status=status(product.workspace, "In build"))
    roll_up(product.pk)
    assert not Adoption.objects.filter(period=Adoption.Period.SINCE_RELEASE).exists()
