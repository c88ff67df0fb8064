"""Bars moved together, linked and moved along: one change each, within reach, as few statements however many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from changes.models import Change
from changes.undo import undo
from products.models import Objective
from roadmap.models import Item, ItemLink
from tests.factories import SYSTEM, make_item
from tests.factories import status as status_named

pytestmark = pytest.mark.django_db
AT = "/w/polarline/p/DSP/items/"
DAY = date(2026, 11, 19)
HTMX = {"HX-Request": "true"}


def dated(product, title="Bar", start=DAY, days=10, **fields):
    return make_item(product, title, starts_on=start, ends_on=start + timedelta(days=days - 1), **fields)


def later(item, days, seen=None):
    first, last = (day + timedelta(days=days) for day in (item.starts_on, item.ends_on))
    return f"{item.number},{first},{last},{seen or item.change_id}"


def move(client, *moves, **more):
    return client.post(f"{AT}schedule/", {"moves": ";".join(moves), **more}, headers=HTMX)


def test_many_bars_move_in_one_change_that_one_undo_turns_back(cast, as_member):
    items = [dated(cast.product, f"Bar {n}", DAY + timedelta(days=n)) for n in range(3)]
    mona = as_member(cast.mona)
    answer = move(mona, *(later(item, 5) for item in items))
    assert answer.status_code == 200
    assert answer.content.decode().count("data-bar=") == 3
    assert "3 items moved." in answer.headers["HX-Trigger"]
    change = Change.objects.get(pk=answer["X-Change"])
    assert change.versions.count() == 3
    undo(change, by=cast.actor("mona"))
    for n, item in enumerate(items):
        item.refresh_from_db()
        assert item.starts_on == DAY + timedelta(days=n)


def test_none_moves_where_one_was_moved_by_another_or_is_gone_or_ends_before_it_starts(cast, as_member):
    one, other = dated(cast.product), dated(cast.product)
    seen = other.change_id
    other.edit(by=cast.actor("bob"), starts_on=DAY - timedelta(days=3))
    hidden = dated(cast.secret)
    dave = as_member(cast.dave)
    for bad, status in (
        (later(other, 5, seen), 409), (f"{hidden.number + 900},2026-11-19,2026-11-28,", 422),
        (f"{other.number},2026-11-19,2026-11-18,", 422), ("nonsense", 422), ("1,2026-11-19,,", 422), ("1,x,y,z", 422),
    ):  # fmt: skip
        answer = move(dave, later(one, 5), bad)
        assert answer.status_code == status, bad
        assert answer.content
    one.refresh_from_db()
    assert one.starts_on == DAY
    assert move(dave).status_code == 422


def test_a_far_slip_of_many_asks_for_a_reason_which_their_change_keeps(cast, as_member):
    items = [dated(cast.product) for _n in range(2)]
    mona = as_member(cast.mona)
    answer = move(mona, *(later(item, 200) for item in items))
    assert answer.status_code == 422
    assert "X-Reason-Wanted" in answer.headers
    answer = move(mona, *(later(item, 200) for item in items), reason="The supplier is late.")
    assert answer.status_code == 200
    assert Change.objects.get(pk=answer["X-Change"]).reason == "The supplier is late."


def test_a_lane_is_given_to_all_that_move_and_only_one_that_the_member_sees(cast, as_member):
    goal = Objective.add(cast.workspace, product=cast.product, name="Cut empty kilometres", by=SYSTEM)
    foreign = Objective.add(cast.workspace, product=cast.secret, name="Hidden", by=SYSTEM)
    items = [dated(cast.product) for _n in range(2)]
    dave = as_member(cast.dave)
    assert move(dave, *(later(item, 0) for item in items), objective=foreign.public_id).status_code == 422
    assert move(dave, *(later(item, 0) for item in items), objective=goal.public_id).status_code == 200
    assert set(Item.objects.of(cast.product).values_list("objective", flat=True)) == {goal.pk}


def test_moving_thirty_asks_as_much_as_moving_three(cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for count in (3, 18):
        items = [dated(cast.product) for _n in range(count)]
        counts.append(count_queries(lambda items=items: move(mona, *(later(item, 1) for item in items))))
    assert counts[0] == counts[1]


def test_an_arrow_is_drawn_once_and_a_circle_is_refused(cast, as_member):
    first, second = dated(cast.product, "First"), dated(cast.product, "Second")
    mona = as_member(cast.mona)
    answer = mona.post(f"{AT}{second.number}/arrow/", {"needs": first.key}, headers=HTMX)
    assert answer.status_code == 200
    assert f'data-needs="{first.key}" data-item="{second.key}"' in answer.content.decode()
    assert "Second needs First." in answer.headers["HX-Trigger"]
    assert "1 dependent item was not moved." in answer.headers["HX-Trigger"]
    undo(Change.objects.get(pk=answer["X-Change"]), by=cast.actor("mona"))
    assert not ItemLink.objects.exists()
    ItemLink.add(second, "needs", first, by=SYSTEM)
    answer = mona.post(f"{AT}{first.number}/arrow/", {"needs": second.key}, headers=HTMX)
    assert answer.status_code == 422
    assert "circle" in answer.content.decode()
    assert mona.post(f"{AT}{first.number}/arrow/", {"needs": "DSP-999"}, headers=HTMX).status_code == 422
    assert as_member(cast.bob).post(f"{AT}{first.number}/arrow/", {"needs": second.key}).status_code == 403


def test_an_arrow_is_removed_and_brought_back_and_the_days_stay(cast, as_member):
    first, second = dated(cast.product, "First"), dated(cast.product, "Second")
    ItemLink.add(second, "needs", first, by=SYSTEM)
    ItemLink.add(second, "relates", first, by=SYSTEM)
    mona, address = as_member(cast.mona), f"{AT}{second.number}/arrow/remove/"
    assert as_member(cast.bob).post(address, {"needs": first.key}).status_code == 403
    assert mona.post(f"{AT}{first.number}/arrow/remove/", {"needs": second.key}, headers=HTMX).status_code == 422
    answer = mona.post(address, {"needs": first.key}, headers=HTMX)
    assert answer.status_code == 200
    assert "data-needs" not in answer.content.decode()
    assert "Second needs First no longer." in answer.headers["HX-Trigger"]
    assert list(ItemLink.objects.values_list("kind", flat=True)) == ["relates"]
    again = mona.post(address, {"needs": first.key}, headers=HTMX)
    assert "removed in the meantime" in again.content.decode()
    undo(Change.objects.get(pk=answer["X-Change"]), by=cast.actor("mona"))
    assert ItemLink.objects.filter(item=second, kind="needs", other=first).exists()


def test_who_waits_moves_along_in_one_change_also_in_other_products_and_not_out_of_sight(cast, as_member):
    first = dated(cast.product, "First")
    second, hidden = dated(cast.product, "Second", DAY + timedelta(days=5)), dated(cast.secret, "Hidden", DAY)
    for item in (second, hidden):
        ItemLink.add(item, "needs", first, by=SYSTEM)
    dave, mona = as_member(cast.dave), as_member(cast.mona)
    assert dave.post(f"{AT}{first.number}/follow/").status_code == 302
    second.refresh_from_db()
    hidden.refresh_from_db()
    assert (second.starts_on, hidden.starts_on) == (first.ends_on + timedelta(days=1), DAY)
    assert Change.objects.get(pk=second.change_id).reason == "It waits for First."
    answer = mona.post(f"{AT}{first.number}/follow/", headers=HTMX)
    assert answer.status_code == 204
    hidden.refresh_from_db()
    assert hidden.starts_on == first.ends_on + timedelta(days=1)
    answer = mona.post(f"{AT}{first.number}/follow/", headers=HTMX)
    assert answer.status_code == 422
    assert "begins too early any more" in answer.content.decode()


def test_what_is_shipped_or_dropped_waits_for_nothing_and_keeps_its_days(cast, as_member):
    first = dated(cast.product, "First")
    over = [
        dated(cast.product, name, DAY + timedelta(days=3), status=status_named(cast.workspace, name))
        for name in ("Shipped", "Won't do")
    ]
    behind = dated(cast.product, "Behind what is over", DAY + timedelta(days=4))
    for item in over:
        ItemLink.add(item, "needs", first, by=SYSTEM)
        ItemLink.add(behind, "needs", item, by=SYSTEM)
    answer = as_member(cast.mona).post(f"{AT}{first.number}/follow/", headers=HTMX)
    assert answer.status_code == 422
    assert [Item.objects.get(pk=item.pk).starts_on for item in over] == [DAY + timedelta(days=3)] * 2
