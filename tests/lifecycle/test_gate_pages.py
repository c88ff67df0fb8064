"""The review of a gate: deciding, planning, asking people, and who sees it."""

import pytest

from lifecycle.models import Condition, Criterion, CriterionState, Decision, SignOff, Verdict
from products.models import Product
from tests.factories import SYSTEM
from tests.lifecycle.gates import at, decide, gate_of, promise

HTMX = {"HX-Request": "true"}


def test_a_manager_ticks_criteria_and_decides_a_go(cast, as_member):
    mona = as_member(cast.mona)
    gate = gate_of(cast.product)
    for criterion in gate.criteria.all():
        answer = mona.post(
            at(cast.product, f"gates/1/criteria/{criterion.public_id}/edit/"),
            {"state": "met", "seen": criterion.change_id},
        )
        assert answer.status_code == 302
    answer = mona.post(at(cast.product, "gates/1/decide/"), {"kind": "go", "reason": "Six letters", "seen": ""})
    assert answer.status_code == 302
    decision = Decision.objects.get()
    assert (decision.decided_by, decision.reason) == (cast.mona, "Six letters")
    page = mona.get(at(cast.product, "gates/1/")).content.decode()
    assert "Six letters" in page
    assert Product.objects.get(pk=cast.product.pk).stage == "analysis"


def test_a_refused_go_names_what_is_missing_and_keeps_what_was_typed(cast, as_member):
    answer = as_member(cast.mona).post(
        at(cast.product, "gates/1/decide/"), {"kind": "go", "reason": "Feels right", "seen": ""}, headers=HTMX
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "3 must-criteria are not met: Problem statement; Draft proposition; Sponsor" in page
    assert "Feels right" in page
    assert 'value="go" checked' in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "hold", "reason": ""}, "Write down why"),
        ({"kind": "", "reason": "x"}, "Choose one of the five"),
        ({"kind": "nonsense", "reason": "x"}, "not there any more"),
        ({"kind": "conditional", "reason": "x"}, "at least one condition"),
        ({"kind": "conditional", "reason": "x", "condition_text": ["Retest"], "condition_due": [""]}, "needs a day"),
        ({"kind": "conditional", "reason": "x", "condition_text": [""], "condition_due": ["2030-01-01"]}, "200 characters"),
        ({"kind": "hold", "reason": "a\0b"}, "cannot be stored"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(cast, as_member, typed, sentence):
    answer = as_member(cast.mona).post(at(cast.product, "gates/1/decide/"), {**typed, "seen": ""})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_conditional_go_is_recorded_with_its_conditions_and_they_are_met_by_who_sees_to_them(cast, as_member):
    answer = as_member(cast.mona).post(
        at(cast.product, "gates/1/decide/"),
        {
            "kind": "conditional", "reason": "Nearly there", "seen": "",
            "condition_text": ["Retest clean", "Runbook complete", ""],
            "condition_due": ["2030-01-01", "2030-02-01", ""],
            "condition_lead": [cast.carol.public_id, "", ""],
        },
    )  # fmt: skip
    assert answer.status_code == 302
    retest, runbook = Condition.objects.all()
    assert retest.lead == cast.carol
    carol = as_member(cast.carol)
    assert carol.post(at(cast.product, f"gates/1/conditions/{retest.public_id}/meet/")).status_code == 302
    assert carol.post(at(cast.product, f"gates/1/conditions/{runbook.public_id}/meet/")).status_code == 403
    retest.refresh_from_db()
    assert retest.met_by == cast.carol


def test_nobody_decides_over_a_decision_unread(cast, as_member):
    decide(gate_of(cast.product), Verdict.HOLD, by=cast.actor("alice"))
    answer = as_member(cast.mona).post(
        at(cast.product, "gates/1/decide/"), {"kind": "kill", "reason": "No market", "seen": ""}
    )
    assert answer.status_code == 422
    assert "Alice has decided here in the meantime: Hold" in answer.content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_contributors_and_viewers_see_the_review_and_chair_nothing(cast, as_member, name):
    person = as_member(getattr(cast, name))
    criterion = gate_of(cast.product).criteria.first()
    page = person.get(at(cast.product, "gates/1/"))
    assert page.status_code == 200
    assert "Record decision" not in page.content.decode()
    for path in (
        "decide/", "plan/", "ask/", "criteria/add/", f"criteria/{criterion.public_id}/edit/",
        f"criteria/{criterion.public_id}/delete/",
    ):  # fmt: skip
        assert person.post(at(cast.product, f"gates/1/{path}"), {"kind": "go", "reason": "x"}).status_code == 403
    assert person.get(at(cast.product, "stage/adopt/")).status_code == 403


def test_a_viewer_who_is_named_signs_and_one_who_is_not_finds_nothing_to_sign(cast, as_member):
    mona, carol, bob = as_member(cast.mona), as_member(cast.carol), as_member(cast.bob)
    assert mona.post(at(cast.product, "gates/1/ask/"), {"member": cast.carol.public_id}).status_code == 302
    assert "Waiting for you" in carol.get(at(cast.product, "gates/1/")).content.decode()
    typed = {"verdict": "go", "comment": "Fine with finance"}
    assert bob.post(at(cast.product, "gates/1/sign/"), typed).status_code == 404
    assert carol.post(at(cast.product, "gates/1/sign/"), typed).status_code == 302
    assert "Fine with finance" in mona.get(at(cast.product, "gates/1/")).content.decode()
    signature = SignOff.objects.get()
    assert mona.post(at(cast.product, f"gates/1/sign-offs/{signature.public_id}/withdraw/")).status_code == 302
    assert not SignOff.objects.exists()


def test_only_who_sees_the_product_can_be_asked(cast, as_member):
    for member in (cast.dave, cast.mallory):
        answer = as_member(cast.mona).post(at(cast.secret, "gates/1/ask/"), {"member": member.public_id})
        assert answer.status_code == 422
        assert "does not see the product" in answer.content.decode()


def test_a_review_gets_a_day_and_two_who_set_it_at_once_see_each_other(cast, as_member):
    gate = gate_of(cast.product)
    mona = as_member(cast.mona)
    assert mona.post(at(cast.product, "gates/1/plan/"), {"review_on": "2030-03-01"}).status_code == 302
    stale = as_member(cast.alice).post(
        at(cast.product, "gates/1/plan/"), {"review_on": "2030-04-01", "seen": gate.change_id}
    )
    assert stale.status_code == 409
    assert str(gate_of(cast.product).review_on) == "2030-03-01"
    assert mona.post(at(cast.product, "gates/1/plan/"), {"review_on": "soon"}).status_code == 422


def test_the_review_escapes_what_people_write(cast, as_member):
    gate = gate_of(cast.product)
    gate.criteria.get(text="Sponsor").edit(by=SYSTEM, text="<b>Board</b>")
    gate.criteria.get(text="<b>Board</b>").judge(CriterionState.MET, "<i>letter</i>", by=cast.actor("bob"))
    cast.bob.user.introduce_yourself('<em>"Bob"</em>', "")
    answer = as_member(cast.mona).post(
        at(cast.product, "gates/1/decide/"),
        {"kind": "conditional", "reason": "<u>x</u>", "condition_text": ['"><s>'], "condition_due": ['"><q>'],
         "condition_lead": ['"><dfn>']},
    )  # fmt: skip
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "&lt;b&gt;Board&lt;/b&gt;" in text
    assert "&lt;i&gt;letter&lt;/i&gt;" in text
    for tag in ("<b>Board", "<i>letter", "<em>", "<u>x", "<s>", "<q>", "<dfn>"):
        assert tag not in text, tag


def test_the_lead_of_a_condition_that_was_refused_stays_chosen(cast, as_member):
    answer = as_member(cast.mona).post(
        at(cast.product, "gates/1/decide/"),
        {"kind": "conditional", "reason": "x", "condition_text": ["Retest"], "condition_due": [""],
         "condition_lead": [cast.bob.public_id]},
    )  # fmt: skip
    assert answer.content.decode().count(f'<option value="{cast.bob.public_id}" selected>') == 1


def test_only_who_sees_a_limited_product_is_offered_as_approver_or_lead(cast, as_member):
    mona = as_member(cast.mona)
    assert cast.dave.public_id in mona.get(at(cast.product, "gates/1/")).content.decode()
    limited = mona.get(at(cast.secret, "gates/1/")).content.decode()
    assert cast.mona.public_id in limited
    assert cast.dave.public_id not in limited
    gate_of(cast.product).ask(cast.bob, by=SYSTEM)
    page = mona.get(at(cast.product, "gates/1/")).content.decode()
    assert f'value="{cast.bob.public_id}"' not in page.split('name="member"')[1].split("</select>")[0]


def test_a_review_asks_as_much_for_thirty_rows_as_for_three(cast, as_member, count_queries):
    mona, gate = as_member(cast.mona), gate_of(cast.product)

    def grow(number):
        for n in range(number):
            Criterion.add(cast.workspace, by=SYSTEM, product=cast.product, gate=gate, text=f"Paper {n}")
            decide(gate, Verdict.CONDITIONAL, conditions=[promise(), promise()])
            decide(gate, Verdict.HOLD)

    def ask():
        assert mona.get(at(cast.product, "gates/1/")).status_code == 200

    grow(3)
    ask()
    few = count_queries(ask)
    grow(27)
    assert count_queries(ask) == few


def test_a_wrong_team_and_a_stranger_get_404(cast, as_member):
    for person in (cast.dave, cast.mallory):
        assert as_member(person).get(at(cast.secret, "gates/1/")).status_code == 404
        assert as_member(person).post(at(cast.secret, "gates/1/decide/"), {"kind": "go"}).status_code == 404


def test_a_gate_that_is_not_one_of_five_is_not_there(cast, as_member):
    for number in (0, 6, 77):
        assert as_member(cast.mona).get(at(cast.product, f"gates/{number}/")).status_code == 404
