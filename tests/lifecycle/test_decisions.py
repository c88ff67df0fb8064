import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from discussion.models import Notification
from lifecycle.models import Condition, CriterionState, Decision, SignOff, Verdict
from products.models import Product, Stage
from tests.cast import make_cast
from tests.factories import SYSTEM
from tests.lifecycle.gates import decide, gate_of, go, promise, states, tick_all, track_of


def test_a_go_ends_the_stage_before_and_starts_the_one_after(cast):
    decision = go(cast.product, 1)
    assert states(cast.product) == {"innovation": "done", "analysis": "active"}
    assert Product.objects.get(pk=cast.product.pk).stage == Stage.ANALYSIS
    assert decision.evidence["criteria"][0] == {
        "text": "Problem statement", "weight": "must", "state": "met", "note": "",
    }  # fmt: skip


def test_unmet_must_criteria_refuse_a_go_and_are_named(cast):
    gate = gate_of(cast.product)
    tick_all(gate)
    gate.criteria.get(text="Sponsor").judge(CriterionState.UNMET, by=SYSTEM)
    gate.criteria.get(text="Draft proposition").judge(CriterionState.OPEN, by=SYSTEM)
    with pytest.raises(Refused, match="while 2 must-criteria are not met: Draft proposition; Sponsor"):
        decide(gate)
    assert states(cast.product) == {"innovation": "active"}
    assert not Decision.objects.exists()


def test_should_criteria_stand_in_no_way_and_a_waived_one_neither(cast):
    gate = gate_of(cast.product)
    tick_all(gate)
    gate.criteria.get(text="Idea shortlist").judge(CriterionState.UNMET, by=SYSTEM)
    sponsor = gate.criteria.get(text="Sponsor")
    with pytest.raises(Refused, match="why “Sponsor” is waived"):
        sponsor.judge(CriterionState.WAIVED, "", by=SYSTEM)
    gate.criteria.get(text="Sponsor").judge(CriterionState.WAIVED, "The founder pays", by=SYSTEM)
    assert decide(gate).pk


def test_a_criterion_says_who_ticked_it_and_when(cast):
    criterion = gate_of(cast.product).criteria.first()
    criterion.judge(CriterionState.MET, "Six letters", by=cast.actor("mona"))
    criterion.refresh_from_db()
    assert (criterion.judged_by, criterion.note) == (cast.mona, "Six letters")
    assert criterion.judged_at == Change.objects.get(pk=criterion.change_id).at
    criterion.judge(CriterionState.OPEN, by=cast.actor("mona"))
    assert (criterion.judged_by, criterion.judged_at) == (None, None)


@pytest.mark.parametrize("kind", list(Verdict))
def test_every_decision_needs_a_reason(cast, kind):
    with pytest.raises(Refused, match="Write down why"):
        decide(gate_of(cast.product), kind, "  ", conditions=[promise()])


def test_a_gate_whose_stage_has_not_started_decides_nothing(cast):
    with pytest.raises(Refused, match="Analysis has not started"):
        decide(gate_of(cast.product, 2), "hold")


def test_a_conditional_go_needs_conditions_and_holds_the_next_gate_back_until_they_are_met(cast):
    with pytest.raises(Refused, match="at least one condition"):
        decide(gate_of(cast.product), Verdict.CONDITIONAL)
    with pytest.raises(Refused, match="Only a go with conditions"):
        decide(gate_of(cast.product), Verdict.HOLD, conditions=[promise()])
    decide(gate_of(cast.product), Verdict.CONDITIONAL, conditions=[promise("Sponsor named")])
    assert states(cast.product) == {"innovation": "done", "analysis": "active"}
    for kind, conditions in ((Verdict.GO, []), (Verdict.CONDITIONAL, [promise()])):
        tick_all(gate_of(cast.product, 2))
        with pytest.raises(Refused, match="waits for a condition of an earlier gate: Sponsor named"):
            decide(gate_of(cast.product, 2), kind, conditions=conditions)
    Condition.objects.get().meet(by=cast.actor("mona"))
    assert decide(gate_of(cast.product, 2)).pk
    assert Condition.objects.get().met_by == cast.mona


def test_a_later_plain_go_at_the_same_gate_releases_its_conditions(cast):
    decide(gate_of(cast.product), Verdict.CONDITIONAL, conditions=[promise()])
    go(cast.product, 1)
    assert go(cast.product, 2).pk


@pytest.mark.parametrize("kind", [Verdict.HOLD, Verdict.REDO])
def test_hold_and_redo_leave_the_stage_active(cast, kind):
    decide(gate_of(cast.product), kind)
    assert states(cast.product) == {"innovation": "active"}
    assert go(cast.product, 1).pk


def test_a_kill_stops_the_product_until_the_same_gate_decides_again(cast):
    go(cast.product, 1)
    decide(gate_of(cast.product, 2), Verdict.KILL, "Nobody would pay")
    assert track_of(cast.product).stopped_at is not None
    with pytest.raises(Refused, match="stopped at another gate"):
        decide(gate_of(cast.product, 1), Verdict.HOLD)
    go(cast.product, 2)
    assert track_of(cast.product).stopped_at is None
    assert states(cast.product)["development"] == "active"


def test_a_decision_may_be_followed_by_another_that_steps_back_while_the_next_gate_is_open(cast):
    go(cast.product, 1)
    decide(gate_of(cast.product, 1), Verdict.REDO, "The problem was another one")
    assert states(cast.product) == {"innovation": "active"}
    assert Product.objects.get(pk=cast.product.pk).stage == Stage.INNOVATION
    go(cast.product, 1)
    go(cast.product, 2)
    with pytest.raises(Refused, match="has decided since"):
        decide(gate_of(cast.product, 1), Verdict.HOLD)
    assert [one.kind for one in gate_of(cast.product, 1).decisions.order_by("pk")] == ["go", "redo", "go"]


@pytest.mark.parametrize("statement", ["UPDATE lifecycle_decision SET reason = 'x'", "DELETE FROM lifecycle_decision"])
def test_the_database_refuses_to_change_or_delete_a_decision(cast, statement):
    decision = go(cast.product, 1)
    with (
        pytest.raises(DatabaseError, match="never edited, only followed"),
        transaction.atomic(),
        Change.open("sneaky", by=SYSTEM, workspace=cast.workspace),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Decision.objects.get(pk=decision.pk).reason == "Because"


def test_a_decision_cannot_be_undone(cast):
    go(cast.product, 1)
    with pytest.raises(Refused, match="cannot be undone"):
        undo(Change.objects.filter(verb="gate.decided").latest("pk"), by=SYSTEM)


def test_meeting_a_condition_can_be_undone(cast):
    decide(gate_of(cast.product), Verdict.CONDITIONAL, conditions=[promise()])
    condition = Condition.objects.get()
    condition.meet(by=SYSTEM)
    undo(Change.objects.get(pk=condition.change_id), by=SYSTEM)
    assert Condition.objects.open().count() == 1


def test_named_approvers_sign_a_viewer_too_and_a_go_waits_for_them(cast):
    gate = gate_of(cast.product)
    tick_all(gate)
    for member in (cast.carol, cast.bob):
        gate.ask(member, by=cast.actor("mona"))
    gate.ask(cast.bob, by=cast.actor("mona"))
    with pytest.raises(Refused, match="not signed yet: Carol, Bob"):
        decide(gate)
    signature = SignOff.objects.get(member=cast.carol)
    signature.sign(Verdict.GO, "Fine with finance", by=cast.actor("carol"))
    SignOff.objects.get(member=cast.bob).withdraw(by=cast.actor("mona"))
    decision = decide(gate)
    assert decision.evidence["sign_offs"] == [{"name": "Carol", "verdict": "go", "comment": "Fine with finance"}]
    signature.refresh_from_db()
    assert signature.decision == decision
    with pytest.raises(Refused, match="has decided"):
        signature.sign(Verdict.KILL, by=cast.actor("carol"))


def test_nobody_signs_for_another(cast):
    signature = gate_of(cast.product).ask(cast.carol, by=SYSTEM)
    for actor in (cast.actor("alice"), SYSTEM):
        with pytest.raises(PermissionDenied):
            signature.sign(Verdict.GO, by=actor)


def test_a_hold_does_not_wait_for_signatures(cast):
    gate = gate_of(cast.product)
    gate.ask(cast.carol, by=SYSTEM)
    assert decide(gate, Verdict.HOLD).pk


def test_who_does_not_see_the_product_is_no_approver(cast):
    for member in (cast.dave, cast.mallory):
        with pytest.raises(Refused, match="does not see"):
            gate_of(cast.secret).ask(member, by=SYSTEM)
    assert gate_of(cast.secret).ask(cast.alice, by=SYSTEM).pk


def test_the_day_of_a_review_is_planned_and_over_once_the_gate_has_decided(cast):
    gate = gate_of(cast.product)
    gate.plan(cast.workspace.today(), by=SYSTEM)
    go(cast.product, 1)
    assert gate_of(cast.product).review_on is None


@pytest.mark.django_db(transaction=True)
def test_two_chairs_who_decide_at_once_make_two_decisions_in_one_order():
    cast = make_cast()
    tick_all(gate_of(cast.product))
    failures = []

    def chair(kind):
        try:
            decide(gate_of(cast.product), kind)
        except Exception as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=chair, args=(kind,)) for kind in (Verdict.GO, Verdict.HOLD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    last = Decision.objects.latest("pk")
    expected = {"innovation": "done", "analysis": "active"} if last.is_go else {"innovation": "active"}
    assert states(cast.product) == expected


def test_an_approver_is_told_once_and_who_asks_is_not(cast):
    gate = gate_of(cast.product)
    for _ in range(2):
        gate.ask(cast.carol, by=cast.actor("mona"))
    gate.ask(cast.mona, by=cast.actor("mona"))
    told = Notification.objects.get()
    assert (told.member, told.kind, told.actor) == (cast.carol, "sign_off", cast.mona)
    assert told in Notification.objects.visible_to(cast.carol)
