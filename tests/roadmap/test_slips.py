"""A planned end that moves later by more than the product allows: somebody says why."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import unquote

import pytest

from changes.history import history_of
from changes.models import Change
from changes.undo import undo
from roadmap.models import Item, Release
from roadmap.models.dates import Certainty
from roadmap.plans.slips import ReasonWanted
from tests.factories import SYSTEM, make_item, status

END = date(2026, 9, 30)
FAR = END + timedelta(days=15)
BASE = "/w/polarline/p/DSP/"


@pytest.fixture
def item(cast):
    return make_item(cast.product, "Live ETA", starts_on=date(2026, 9, 1), ends_on=END)


def test_a_far_slip_asks_for_a_reason_and_keeps_it_with_the_change(cast, item):
    with pytest.raises(ReasonWanted, match="15 days later"):
        item.edit(by=cast.actor("mona"), reason="", ends_on=FAR)
    assert Item.objects.get().ends_on == END
    item.edit(by=cast.actor("mona"), reason="The supplier is late.", ends_on=FAR)
    change = Change.objects.get(pk=item.change_id)
    assert change.reason == "The supplier is late."
    assert history_of(item)[0].change.reason == "The supplier is late."


def test_within_the_threshold_nobody_is_asked(cast, item):
    item.edit(by=cast.actor("mona"), reason="", ends_on=END + timedelta(days=14))
    item.edit(by=cast.actor("mona"), reason="", ends_on=END)
    assert Item.objects.get().ends_on == END


def test_where_nobody_can_be_asked_the_plan_moves(cast, item):
    item.edit(by=SYSTEM, ends_on=FAR)
    assert Item.objects.get().ends_on == FAR


def test_the_product_has_its_own_number_and_else_the_workspace(cast, item):
    cast.product.edit(by=cast.actor("mona"), slip_days=3)
    with pytest.raises(ReasonWanted):
        item.edit(by=cast.actor("mona"), reason="", ends_on=END + timedelta(days=4))
    cast.product.edit(by=cast.actor("mona"), slip_days=None)
    cast.workspace.edit(by=cast.actor("alice"), slip_days=30)
    item.product.workspace.refresh_from_db()
    item.edit(by=cast.actor("mona"), reason="", ends_on=END + timedelta(days=30))
    assert Item.objects.get().ends_on == END + timedelta(days=30)


def test_what_is_shipped_slips_without_a_word(cast, item):
    item.move_to(status(cast.workspace, "Shipped"), by=SYSTEM)
    item.edit(by=cast.actor("mona"), reason="", ends_on=FAR)
    assert Item.objects.get().ends_on == FAR


def test_days_that_are_not_firm_slip_without_a_word(cast, item):
    item.edit(by=SYSTEM, certainty=Certainty.RANGE)
    item.edit(by=cast.actor("mona"), reason="", ends_on=FAR)
    assert Item.objects.get().ends_on == FAR


def test_undo_is_never_asked(cast, item):
    item.edit(by=cast.actor("mona"), reason="", ends_on=END - timedelta(days=20))
    undo(Change.objects.get(pk=item.change_id), by=cast.actor("mona"))
    assert Item.objects.get().ends_on == END


def test_a_release_asks_too(cast):
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=END)
    with pytest.raises(ReasonWanted):
        release.edit(by=cast.actor("mona"), reason="", ends_on=FAR)
    release.edit(by=cast.actor("mona"), reason="The audit moved.", ends_on=FAR)
    assert Change.objects.get(pk=release.change_id).reason == "The audit moved."


def test_a_drag_is_refused_with_the_question_and_goes_through_with_the_answer(cast, item, as_member):
    mona = as_member(cast.mona)
    values = {"starts_on": "2026-09-16", "ends_on": FAR.isoformat()}
    answer = mona.post(f"{BASE}items/{item.number}/schedule/", values, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "15 days later" in unquote(answer["X-Reason-Wanted"])
    assert Item.objects.get().ends_on == END
    answer = mona.post(
        f"{BASE}items/{item.number}/schedule/", {**values, "reason": "Late"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert Change.objects.order_by("-pk")[0].reason == "Late"


def test_a_form_asks_in_place_and_keeps_what_was_typed(cast, item, as_member):
    mona = as_member(cast.mona)
    answer = mona.post(f"{BASE}items/{item.number}/edit/", {"ends_on": FAR.isoformat()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'name="reason"' in page
    assert FAR.isoformat() in page
    answer = mona.post(
        f"{BASE}items/{item.number}/edit/", {"ends_on": FAR.isoformat(), "reason": "The depot is closed."}
    )
    assert answer.status_code == 302
    assert "The depot is closed." in mona.get(f"{BASE}items/{item.number}/history/").content.decode()


def test_a_field_and_a_cell_answer_with_the_question(cast, item, as_member):
    mona = as_member(cast.mona)
    for part in ("field", "row"):
        values = {"ends_on": FAR.isoformat(), "as": part, "field": "ends_on"}
        answer = mona.post(f"{BASE}items/{item.number}/edit/", values, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert "15 days later" in unquote(answer["X-Reason-Wanted"])
        assert FAR.isoformat() in answer.content.decode()


def test_pasted_days_ask_for_all_of_them_at_once(cast, item, as_member):
    other = make_item(cast.product, "Bulk re-plan", starts_on=date(2026, 9, 1), ends_on=END)
    mona, path = as_member(cast.mona), f"{BASE}items/paste/"
    values = {"numbers": [item.number, other.number], "seen": ["", ""], "column": "ends_on", "values": FAR.isoformat()}
    answer = mona.post(path, values, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "15 days later" in unquote(answer["X-Reason-Wanted"])
    assert set(Item.objects.values_list("ends_on", flat=True)) == {END}
    answer = mona.post(path, {**values, "reason": "Both wait for the depot."}, headers={"HX-Request": "true"})
    assert answer.status_code in (200, 204)
    assert set(Item.objects.values_list("ends_on", flat=True)) == {FAR}
    assert Change.objects.order_by("-pk")[0].reason == "Both wait for the depot."


def test_the_form_of_a_release_asks_in_place(cast, as_member):
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=END)
    mona, path = as_member(cast.mona), f"{BASE}releases/{release.public_id}/edit/"
    answer = mona.post(path, {"name": "5.2", "ends_on": FAR.isoformat()})
    assert answer.status_code == 422
    assert 'name="reason"' in answer.content.decode()
    assert 'name="reason"' not in mona.get(path).content.decode()
    assert mona.post(path, {"name": "5.2", "ends_on": FAR.isoformat(), "reason": "Audit"}).status_code == 302
    assert Release.objects.get().ends_on == FAR


def test_the_api_takes_a_reason_and_asks_for_one(cast, item, api):
    path = f"/api/v1/items/DSP-{item.number}/"
    answer = api(cast.mona, "patch", path, {"ends_on": FAR.isoformat()}, **{"If-Match": "*"})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    body = {"ends_on": FAR.isoformat(), "reason": "Late"}
    answer = api(cast.mona, "patch", path, body, **{"If-Match": "*"})
    assert answer.status_code == 200
    assert "reason" not in answer.json()
    assert Change.objects.order_by("-pk").filter(verb="item.edited")[0].reason == "Late"


def test_the_settings_say_how_far(cast, as_member):
    page = as_member(cast.alice).get("/w/polarline/settings/workspace/").content.decode()
    assert 'name="slip_days"' in page
