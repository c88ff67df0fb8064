"""A key result may read a figure of the product's use: then it follows the rollup, and nobody types over it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from products.models import KeyResult, Objective
from tests.factories import SYSTEM
from tests.usage.brute import Brute
from tests.usage.test_insights_pages import used
from usage.models import MetricDay
from usage.readings import refresh, refresh_all
from usage.tasks import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def objective(cast):
    return Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Loved by dispatchers")


def measured(objective, reads="active_28_accounts", **fields):
    return KeyResult.add_to(objective, by=SYSTEM, name="Active accounts", target=50, reads=reads, **fields)


def test_it_reads_the_figure_at_once_with_its_period_and_population(cast, objective):
    brute = Brute(used(cast.product, 4))
    result = measured(objective)
    who = brute.who("*", 1, brute.last - timedelta(27), brute.last)
    assert result.now == len(who)
    assert result.reading == f"accounts, 28 days to {brute.last:%-d %b %Y}"
    users = measured(objective, "active_7_users")
    assert users.now == len(brute.who("*", 0, brute.last - timedelta(6), brute.last))


def test_before_there_is_usage_it_waits(cast, objective):
    result = measured(objective)
    assert (result.now, result.reading) == (0, "")
    assert refresh(cast.product.pk) == 1
    used(cast.product, 4)
    refresh_all()
    result.refresh_from_db()
    assert result.now > 0
    assert result.progress > 0


def test_the_sweep_reads_anew_and_writes_nothing_twice(cast, objective, django_capture_on_commit_callbacks):
    used(cast.product, 4)
    result = measured(objective)
    MetricDay.objects.filter(product=cast.product, scope=0).update(maa28=7)
    changes = Change.objects.filter(verb="key_result.read")
    plan()
    assert changes.filter(versions__noun="products_keyresult").distinct().count() == 1
    plan()
    assert changes.filter(versions__noun="products_keyresult").distinct().count() == 1
    result.refresh_from_db()
    assert result.now == 7
    assert changes.first().quiet


def test_nobody_types_over_a_reading_until_it_is_by_hand_again(cast, objective, as_member):
    used(cast.product, 4)
    result = measured(objective)
    with pytest.raises(Refused, match="measured"):
        result.edit(by=cast.actor("mona"), now=999)
    mona = as_member(cast.mona)
    page = mona.get("/w/polarline/p/DSP/strategy/").content.decode()
    assert result.reading in page
    assert f'{result.public_id}-now"' not in page
    url = f"/w/polarline/p/DSP/results/{result.public_id}/edit/"
    whole = {"name": "Active accounts", "unit": "", "start": "0", "target": "60", "now": "", "reads": result.reads}
    assert mona.post(url, whole).status_code == 302
    result.refresh_from_db()
    assert (result.target, result.now > 0) == (60, True)
    assert mona.post(url, {**whole, "now": "3", "reads": ""}).status_code == 302
    result.refresh_from_db()
    assert (result.now, result.reads, result.reading) == (3, "", "")
    refresh(cast.product.pk)
    result.refresh_from_db()
    assert result.now == 3


def test_a_figure_that_is_none_and_a_goal_of_the_workspace_are_refused(cast, objective):
    with pytest.raises(Refused, match="no such figure"):
        measured(objective, "adoption")
    with pytest.raises(Refused, match="no such figure"):
        measured(objective, "nonsense")
    shared = Objective.add(cast.workspace, by=SYSTEM, name="Grow")
    with pytest.raises(Refused, match="by hand"):
        measured(shared)


def test_the_api_says_what_it_reads(cast, objective, api):
    used(cast.product, 4)
    body = {"objective": objective.public_id, "name": "Sticky", "target": "40", "reads": "stickiness_users"}
    made = api(cast.mona, "post", "/api/v1/key-results/", body)
    assert made.status_code == 201
    assert made.json()["reading"].startswith("users, 28 days to")
    path = f"/api/v1/key-results/{made.json()['id']}/"
    assert api(cast.mona, "patch", path, {"now": "999"}, **{"If-Match": "*"}).status_code == 422
    assert api(cast.mona, "patch", path, {"reading": "made up"}, **{"If-Match": "*"}).status_code == 400
    assert api(cast.mona, "post", "/api/v1/key-results/", {**body, "reads": "x"}).status_code == 422


def test_choosing_a_measure_is_undone_with_the_value(cast, objective):
    used(cast.product, 4)
    result = KeyResult.add_to(objective, by=SYSTEM, name="Active accounts", target=50, now=12)
    result.edit(by=cast.actor("mona"), reads="active_28_accounts")
    assert result.now != 12
    undo(Change.objects.get(pk=result.change_id), by=cast.actor("mona"))
    result.refresh_from_db()
    assert (result.now, result.reads, result.reading) == (12, "", "")
