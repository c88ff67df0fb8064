from datetime import timedelta

import pytest

from accounts.refusals import Refused
from changes.models import Change
from products.models import Health, Product
from tests.factories import SYSTEM


def test_health_is_dated_and_kept_with_its_reason(cast):
    cast.product.set_health(Health.AT_RISK, "The retest is late", by=cast.actor("mona"))
    product = Product.objects.get(pk=cast.product.pk)
    assert (product.health, product.health_reason) == ("at_risk", "The retest is late")
    assert product.health_at == Change.objects.get(pk=product.change_id).at
    assert not product.health_is_stale


@pytest.mark.parametrize("health", [Health.AT_RISK, Health.OFF_TRACK])
def test_trouble_without_a_reason_is_refused(cast, health):
    with pytest.raises(Refused, match="why"):
        cast.product.set_health(health, " ", by=SYSTEM)


def test_health_goes_stale_after_thirty_days_until_it_is_said_again(cast, settings):
    with Change.open("test", by=SYSTEM, workspace=cast.workspace) as change:
        change.at -= timedelta(days=31)
        cast.product.set_health(Health.ON_TRACK, "", by=change)
    assert cast.product.health_is_stale
    cast.product.set_health(Health.ON_TRACK, "", by=SYSTEM)
    assert not cast.product.health_is_stale


def test_taking_health_back_leaves_no_date(cast):
    cast.product.set_health(Health.ON_TRACK, "", by=SYSTEM)
    cast.product.set_health(Health.NOT_SET, "", by=SYSTEM)
    assert cast.product.health_at is None


def test_the_lead_and_managers_say_how_it_stands(cast):
    cast.product.edit(by=SYSTEM, lead=cast.carol)
    says = {name: cast.product.may_be_judged_by(getattr(cast, name), cast.product) for name in ("carol", "mona", "bob")}
    assert says == {"carol": True, "mona": True, "bob": False}
