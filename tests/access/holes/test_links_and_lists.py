"""What links and lists told whom they should not: new addresses to old readers, and by filters what rows do not say."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.models import Mail
from roadmap.models import Roadmap, ShareLink, Subscription
from roadmap.sharing import moves
from tests.cast import Cast
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("end", ["rotated", "given another password"])
def test_who_subscribed_at_the_old_address_is_told_neither_the_new_one_nor_what_moves(cast: Cast, end: str):
    item = make_item(cast.product, "Live ETA link", horizon="now", ends_on=date(2027, 2, 8))
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=["dates"])
    Subscription.ask(link, "leaked@example.com")
    Subscription.ask(link, "asked@example.com")
    row = Subscription.objects.get(email="leaked@example.com")
    row.confirm()
    moves.notice(link)
    if end == "rotated":
        link.rotate(by=cast.actor("mona"))
    else:
        link.edit(by=cast.actor("mona"), password="polar-night-42")
    moves.notice(link)
    item.edit(by=SYSTEM, ends_on=date(2027, 5, 30))
    update = moves.notice(link)
    assert update is not None
    arguments = {"subscription": row.pk, "after": 0, "until": update.pk}
    assert moves.letter(**arguments) is None
    assert moves.mail_all() == 0
    assert not Subscription.objects.exists()
    assert not Mail.objects.filter(writer="share_moves").exists()


def test_a_kept_roadmap_is_not_found_by_a_product_that_is_out_of_sight(cast: Cast, api):
    Roadmap.keep(cast.workspace, "Both", [cast.product, cast.secret], by=SYSTEM, owner=cast.mona, is_shared=True)

    def found(member, key):
        return api(member, "get", f"/api/v1/roadmaps/?product={key}").json()["results"]

    assert len(found(cast.mona, "SEC")) == len(found(cast.dave, "DSP")) == 1
    assert found(cast.dave, "SEC") == found(cast.dave, "NOPE") == []
    assert len(api(cast.dave, "get", "/api/v1/roadmaps/?product.not=SEC").json()["results"]) == 1
    assert len(found(cast.mona, "DSP,SEC")) == 1
