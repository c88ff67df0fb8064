"""The portfolio roadmap: a row for each product that one sees, with what is planned and how it stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from changes.models import Change
from config import clock
from products.models import Health, Initiative, Product, ProductLine
from roadmap.models import Milestone, Release
from tests.cast import Cast
from tests.factories import SYSTEM, make_team

pytestmark = pytest.mark.django_db
ADDRESS = "/w/polarline/roadmap/"


def test_each_product_has_a_row_with_its_releases_and_milestones(cast: Cast, as_member):
    today = cast.workspace.today()
    Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM, ends_on=today + timedelta(days=20))
    Milestone.add(cast.workspace, by=SYSTEM, product=cast.product, name="Fair", day=today + timedelta(days=40))
    Release.plan(cast.secret, "Hidden", by=SYSTEM, ends_on=today + timedelta(days=20))
    page = as_member(cast.dave).get(ADDRESS)
    text = page.content.decode()
    assert [row.product.name for row in page.context["portfolio"].rows] == ["Dispatch"]
    assert "5.2 Backhaul" in text
    assert "Fair" in text
    assert "Hidden" not in text
    assert "Hidden" in as_member(cast.mona).get(ADDRESS).content.decode()


def test_stages_follow_the_days_of_the_coming_gates(cast: Cast, as_member):
    gate = cast.product.gates.get(number=1)
    day = cast.workspace.today() + timedelta(days=60)
    gate.plan(day, by=SYSTEM)
    row = next(
        one for one in as_member(cast.mona).get(ADDRESS).context["portfolio"].rows if one.product == cast.product
    )
    assert [(one.stage, one.ends_on, one.is_planned) for one in row.life.segments] == [
        ("innovation", day, False), ("analysis", None, True),
    ]  # fmt: skip
    assert [(one.kind, one.day) for one in row.life.marks] == [("gate", day)]


def test_a_product_without_a_word_of_its_own_stands_as_the_worst_below_it(cast: Cast, as_member):
    for health in (Health.ON_TRACK, Health.AT_RISK):
        initiative = Initiative.add(cast.workspace, by=SYSTEM, product=cast.product, name=f"Bet {health}")
        initiative.set_health(health, "Because", by=SYSTEM)
    rows = {row.product.key: row for row in as_member(cast.mona).get(ADDRESS).context["portfolio"].rows}
    assert (rows["DSP"].standing.health, rows["DSP"].standing.below) == (Health.AT_RISK, 1)
    cast.product.set_health(Health.ON_TRACK, "", by=SYSTEM)
    rows = {row.product.key: row for row in as_member(cast.mona).get(ADDRESS).context["portfolio"].rows}
    assert (rows["DSP"].standing.health, rows["DSP"].standing.below) == (Health.ON_TRACK, 0)


def test_one_line_can_be_shown_alone_and_other_quarters(cast: Cast, as_member):
    line = ProductLine.add(cast.workspace, by=SYSTEM, name="Transport")
    cast.product.edit(by=SYSTEM, line=line)
    mona = as_member(cast.mona)
    page = mona.get(f"{ADDRESS}?line={line.public_id}&at=2030-05-17")
    assert [row.product.key for row in page.context["portfolio"].rows] == ["DSP"]
    assert (page.context["portfolio"].first, page.context["portfolio"].last) == (date(2030, 4, 1), date(2031, 6, 30))
    assert mona.get(f"{ADDRESS}?at=yesterday&line=nowhere").status_code == 200


def test_it_asks_as_much_for_thirty_products_as_for_three(cast: Cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while Product.objects.filter(workspace=cast.workspace).count() < target:
            n = Product.objects.count()
            product = Product.introduce(cast.workspace, f"P{n}", f"Product {n}", by=SYSTEM)
            Release.plan(product, "1.0", by=SYSTEM, ends_on=cast.workspace.today())
        counts.append(count_queries(lambda: mona.get(ADDRESS)))
    assert counts[0] == counts[1] <= 10


@pytest.fixture
def old(cast: Cast) -> Product:
    """Introduced forty days ago with a release, and how it stood. Today both are otherwise, and the products of the cast are there."""
    now = clock.now()
    with Change.open("told", by=SYSTEM, workspace=cast.workspace, at=now - timedelta(days=40)) as change:
        product = Product.introduce(cast.workspace, "OLD", "Waybill", by=change)
        release = Release.plan(product, "5.2", by=change, ends_on=(now + timedelta(days=20)).date())
        product.set_health(Health.AT_RISK, "Late", by=change)
    release.edit(by=SYSTEM, name="5.2 Backhaul", ends_on=(now + timedelta(days=50)).date())
    product.set_health(Health.ON_TRACK, "", by=SYSTEM)
    product.gates.get(number=1).plan(cast.workspace.today() + timedelta(days=60), by=SYSTEM)
    return product


def test_it_is_shown_as_it_stood_at_the_end_of_a_past_day(cast: Cast, as_member, old: Product):
    mona, day = as_member(cast.mona), cast.workspace.today() - timedelta(days=30)
    page = mona.get(f"{ADDRESS}?as_of={day}")
    [row] = page.context["portfolio"].rows
    assert [one.name for one in row.events] == ["5.2"]
    assert (row.product.key, row.standing.health, row.life.marks) == ("OLD", Health.AT_RISK, [])
    assert [one.stage for one in row.life.segments] == ["innovation"]
    assert page.context["portfolio"].today == day
    assert "As it stood at the end of" in page.content.decode()
    now = {row.product.key: row for row in mona.get(ADDRESS).context["portfolio"].rows}
    assert ([one.name for one in now["OLD"].events], now["OLD"].standing.health, len(now["OLD"].life.marks)) == (
        ["5.2 Backhaul"],
        Health.ON_TRACK,
        1,
    )
    assert {"OLD", "DSP", "SEC"} <= now.keys()


def test_the_past_shows_no_product_that_one_does_not_see_today(cast: Cast, as_member, old: Product):
    old.limit_to([make_team(cast.workspace, "Few", cast.mona)], by=SYSTEM)
    day = cast.workspace.today() - timedelta(days=30)
    assert len(as_member(cast.mona).get(f"{ADDRESS}?as_of={day}").context["portfolio"].rows) == 1
    assert as_member(cast.dave).get(f"{ADDRESS}?as_of={day}").context["portfolio"].rows == []


def test_before_there_were_products_there_is_no_row_and_a_wrong_day_gets_a_sentence(cast: Cast, as_member):
    mona = as_member(cast.mona)
    page = mona.get(f"{ADDRESS}?as_of=2001-01-01")
    assert page.context["portfolio"].rows == []
    assert "No products yet on that day" in page.content.decode()
    page = mona.get(f"{ADDRESS}?as_of=yesterday")
    assert "is no day" in page.content.decode()
    assert 'name="as_of"' in page.content.decode(), "The menu asks for a day."


def test_the_past_asks_as_much_for_thirty_products_as_for_three(cast: Cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    then, day = clock.now() - timedelta(days=40), cast.workspace.today() - timedelta(days=30)
    for target in (3, 30):
        while Product.objects.filter(workspace=cast.workspace).count() < target:
            n = Product.objects.count()
            with Change.open("told", by=SYSTEM, workspace=cast.workspace, at=then) as change:
                Product.introduce(cast.workspace, f"P{n}", f"Product {n}", by=change)
        counts.append(count_queries(lambda: mona.get(f"{ADDRESS}?as_of={day}")))
    assert counts[0] == counts[1]
