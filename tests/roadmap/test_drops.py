"""Cards and bars that are dropped: three statements where nobody else has a say, and the same outcome where somebody has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from changes.models import Change
from products.models import Objective
from roadmap.models import Item, Release
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.django_db
AT = "/w/polarline/p/DSP"
DAY = date(2026, 11, 19)
HTMX = {"HX-Request": "true"}


def release(product, name="5.2", **fields) -> Release:
    return Release.plan(product, name, by=SYSTEM, **{"ends_on": date(2027, 1, 8), **fields})


def drop(client, item, column, layout="release", **beside):
    body = {"moved": f"DSP-{item.number}", "list": column, **beside}
    return client.post(f"{AT}/roadmap/move/?layout={layout}", body, headers=HTMX)


def schedule(client, item, start=DAY, days=3, **more):
    body = {"starts_on": start, "ends_on": start + timedelta(days=days - 1), "query": "layout=timeline", **more}
    return client.post(f"{AT}/items/{item.number}/schedule/", body, headers=HTMX)


def order(product) -> str:
    return "".join(Item.objects.of(product).ranked().values_list("title", flat=True))


# Within the transaction of a test each of them closes its Change by one statement more.


def test_a_card_that_goes_into_a_release_is_three_statements(cast, as_member, django_assert_max_num_queries):
    target, item, mona = release(cast.product), make_item(cast.product, "a", effort="2"), as_member(cast.mona)
    drop(mona, item, target.public_id)
    drop(mona, item, "")
    with django_assert_max_num_queries(4):
        answer = drop(mona, item, target.public_id)
    assert "DSP-1: 5.2" in answer.headers["HX-Trigger"]
    assert "2 pw" in answer.text
    assert answer.text.count('hx-swap-oob="true"') == 2
    change = Change.objects.get(pk=answer["X-Change"])
    assert (change.verb, change.member) == ("item.arranged", cast.mona)
    assert [version.columns for version in change.versions.all()] == [["release_id"]]
    assert Item.objects.get(pk=item.pk).release == target


def test_a_card_between_two_others_is_one_statement_more(cast, as_member, django_assert_max_num_queries):
    target, mona = release(cast.product), as_member(cast.mona)
    a, b, c, d = (make_item(cast.product, title, release=target) for title in "abcd")
    drop(mona, d, "", after=f"DSP-{c.number}")
    with django_assert_max_num_queries(5):
        answer = drop(mona, d, target.public_id, after=f"DSP-{a.number}", before=f"DSP-{b.number}")
    assert order(cast.product) == "adbc"
    [version] = Change.objects.get(pk=answer["X-Change"]).versions.all()
    assert version.columns == ["rank", "release_id"]
    drop(mona, d, target.public_id, before=f"DSP-{a.number}")
    assert order(cast.product) == "dabc"
    drop(mona, a, target.public_id, layout="release", before=f"DSP-{c.number}")
    assert order(cast.product) == "dbac"


def test_a_card_goes_into_no_release_that_is_gone_hidden_or_of_another_product(cast, as_member):
    gone, other = release(cast.product, "gone"), release(cast.secret, "secret")
    gone.delete_softly(by=SYSTEM)
    item, mona, dave = make_item(cast.product, "a"), as_member(cast.mona), as_member(cast.dave)
    before = Change.objects.count()
    assert drop(mona, item, gone.public_id).status_code == 422
    assert "of another product" in drop(mona, item, other.public_id).text
    assert "There is no such column" in drop(dave, item, other.public_id).text
    assert drop(mona, item, "nowhere").status_code == 422
    assert Change.objects.count() == before
    item.delete_softly(by=SYSTEM)
    assert drop(mona, item, "").status_code == 404


def test_a_card_is_refused_beside_one_that_is_gone(cast, as_member):
    a, b = (make_item(cast.product, title) for title in "ab")
    b.delete_softly(by=SYSTEM)
    answer = drop(as_member(cast.mona), a, "next", layout="nnl", after=f"DSP-{b.number}")
    assert "The item beside that place is gone" in answer.text
    assert Item.objects.get(pk=a.pk).horizon == ""


def test_who_only_looks_moves_nothing(cast, as_member):
    item, carol = make_item(cast.product, "a", starts_on=DAY, ends_on=DAY), as_member(cast.carol)
    assert drop(carol, item, "next", layout="nnl").status_code == 403
    assert schedule(carol, item).status_code == 403


def test_a_bar_that_moves_is_three_statements(cast, as_member, django_assert_max_num_queries):
    item, mona = make_item(cast.product, "Bar", starts_on=DAY, ends_on=DAY), as_member(cast.mona)
    schedule(mona, item, days=2)
    with django_assert_max_num_queries(4):
        answer = schedule(mona, item, days=3, reason="Late.")
    assert f'data-bar="DSP-{item.number}"' in answer.text
    assert 'data-part="tray"' not in answer.text
    change = Change.objects.get(pk=answer["X-Change"])
    assert (change.verb, change.member, change.reason) == ("item.edited", cast.mona, "Late.")
    assert [version.columns for version in change.versions.all()] == [["ends_on"]]


def test_an_item_that_had_no_days_leaves_the_tray_and_takes_its_lane(cast, as_member):
    goal = Objective.add(cast.workspace, by=SYSTEM, name="Grow", product=cast.product)
    item, mona = make_item(cast.product, "Bar"), as_member(cast.mona)
    answer = schedule(mona, item, objective=goal.public_id)
    assert 'data-part="tray"' in answer.text
    item.refresh_from_db()
    assert (item.objective, item.starts_on) == (goal, DAY)
    body = {"starts_on": "", "ends_on": "", "query": "layout=timeline"}
    answer = mona.post(f"{AT}/items/{item.number}/schedule/", body, headers=HTMX)
    assert "is not scheduled now" in answer.headers["HX-Trigger"]
    assert Item.objects.get(pk=item.pk).ends_on is None


@pytest.mark.parametrize("own", [True, False])
def test_a_firm_end_that_slips_far_asks_for_a_reason(cast, as_member, own):
    days = 5
    if own:
        cast.product.edit(by=SYSTEM, slip_days=days)
    else:
        cast.workspace.edit(by=SYSTEM, slip_days=days)
    item, mona = make_item(cast.product, "Bar", starts_on=DAY, ends_on=DAY), as_member(cast.mona)
    assert schedule(mona, item, days=days + 1).status_code == 200
    asked = schedule(mona, item, days=2 * days + 2)
    assert (asked.status_code, "X-Reason-Wanted" in asked) == (422, True)
    assert schedule(mona, item, days=2 * days + 2, reason="The supplier.").status_code == 200
    item.edit(by=SYSTEM, certainty="range")
    assert schedule(mona, item, days=90).status_code == 200


def test_a_bar_of_quarters_keeps_to_them_and_one_that_ends_before_it_starts_is_refused(cast, as_member):
    item, mona = make_item(cast.product, "Bar", certainty="quarter"), as_member(cast.mona)
    schedule(mona, item)
    item.refresh_from_db()
    assert (item.starts_on, item.ends_on) == (date(2026, 10, 1), date(2026, 12, 31))
    firm = make_item(cast.product, "Firm")
    assert "before the start" in schedule(mona, firm, days=-3).text


def test_a_bar_that_somebody_moved_since_it_was_seen_is_told_of(cast, as_member):
    item, mona = make_item(cast.product, "Bar", starts_on=DAY, ends_on=DAY), as_member(cast.mona)
    seen = item.change_id
    item.edit(by=cast.actor("bob"), starts_on=DAY - timedelta(days=3))
    answer = schedule(mona, item, seen=seen)
    assert answer.status_code == 409
    assert "moved this meanwhile" in answer.text
    item.edit(by=cast.actor("bob"), title="Another title")
    assert schedule(mona, item, seen=item.change_id).status_code == 200
    assert schedule(mona, item, seen=2**70).status_code in (200, 409, 422)
