import random

import pytest

from products.models import Product
from tests.factories import make_product, make_workspace
from tests.usage.brute import Brute, Happening, random_log
from usage.figures import FIGURES
from usage.intake import Bounds
from usage.models import Adoption, KeyKind, KnownKey, LifeWeek, Population, RetentionTriangle, TimeToAdopt
from usage.rollup.plan import roll_up
from usage.writer import EventWriter

pytestmark = pytest.mark.django_db

CALENDARS = [
    ("UTC", 1),
    ("Europe/Berlin", 1),
    ("America/New_York", 7),
    ("Asia/Kathmandu", 6),
    ("Australia/Lord_Howe", 1),
    ("Pacific/Apia", 7),
]


def product_in(zone: str, week_start: int) -> Product:
    return make_product(make_workspace(time_zone=zone, week_start=week_start))


def take_in(product: Product, log: list[Happening]) -> None:
    lines = [(number, happening.values) for number, happening in enumerate(log, start=1)]
    taken = EventWriter(product).write(lines, bounds=Bounds.of_file)
    assert not taken.rejections


def agree(product: Product, brute: Brute) -> None:
    """Every figure that is told or stored equals that of the sets."""
    for name, figure in FIGURES.items():
        assert figure.rows(product) == getattr(brute, name)(), name
    names = {0: "*", **dict(KnownKey.objects.filter(product=product, kind=KeyKind.FEATURE).values_list("id", "key"))}
    accounts = {"product": product, "kind": Population.ACCOUNTS}
    life = LifeWeek.objects.filter(**accounts).values_list(
        "scope", "week", "active", "new", "retained", "resurrected", "lapsed"
    )
    assert sorted((names[scope], *rest) for scope, *rest in life) == brute.lifecycle_week(kind=1)
    triangles = RetentionTriangle.objects.filter(**accounts).values_list(
        "scope", "cohort", "size", "bounded", "unbounded"
    )
    assert (
        sorted((names[scope], *rest, k, *kept) for scope, *rest, bounded, unbounded in triangles for k, kept in enumerate(zip(bounded, unbounded, strict=True)))
        == sorted((scope, cohort, size, k, bounded, unbounded) for scope, cohort, k, size, bounded, unbounded in brute.triangle_week(kind=1))
    )  # fmt: skip
    for row in Adoption.objects.filter(product=product).exclude(scope=0):
        low = brute.last - 27 * (brute.last.resolution)
        assert (row.period, row.since, row.through) == (Adoption.Period.TRAILING, low, brute.last)
        assert row.eligible == len(brute.who("*", row.kind, low, brute.last))
        assert row.tried == len(brute.who(names[row.scope], row.kind, low, brute.last))
        assert row.adopted == len(brute.adopted(names[row.scope], row.kind, low, brute.last))
    for row in TimeToAdopt.objects.filter(product=product):
        began, waiting = brute.waits(names[row.scope], row.kind)
        assert spelled(row.days, row.adopted) == sorted(began)
        assert spelled(row.days, row.waiting) == sorted(waiting)


def spelled(days: list[int], counts: list[int]) -> list[int]:
    return [day for day, count in zip(days, counts, strict=True) for _ in range(count)]


@pytest.mark.parametrize(("zone", "week_start"), CALENDARS)
@pytest.mark.parametrize("seed", range(3))
def test_all_figures_equal_those_of_sets(zone, week_start, seed):
    product, log = product_in(zone, week_start), random_log(seed)
    take_in(product, log)
    roll_up(product.pk)
    agree(product, Brute(log, zone, week_start))


@pytest.mark.parametrize("seed", range(6))
def test_day_by_day_ends_where_a_full_rebuild_does(seed):
    draw = random.Random(seed)
    zone, week_start = CALENDARS[seed % len(CALENDARS)]
    product, log = product_in(zone, week_start), random_log(100 + seed, events=250)
    log.sort(key=lambda happening: happening.ts)
    arrived: list[Happening] = []
    while log:
        part, log = log[: draw.randint(1, 60)], log[60:]
        late = [
            draw.choice(arrived).again(event_id=f"late-{draw.random()}")
            for _ in range(draw.choice([0, 0, 2]))
            if arrived
        ]
        take_in(product, part + late)
        arrived += part + late
        roll_up(product.pk)
        agree(product, Brute(arrived, zone, week_start))
