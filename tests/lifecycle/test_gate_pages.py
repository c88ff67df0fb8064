import re

import pytest

from changes.models import Change
from lifecycle.models import Condition, Criterion, CriterionState, Decision, SignOff, Verdict
from products.models import Product
from tests.factories import SYSTEM, make_product
from tests.lifecycle.gates import decide, gate_of, go, promise, states, tick_all, track_of

HTMX = {"HX-Request": "true"}


def at(product, path=""):
    return f"/w/{product.workspace.slug}/p/{product.key}/{path}"


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
        ({"kind": "nonsense", "reason": "x"}, "valid choice"),
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


def test_a_tick_can_be_undone_and_a_conflict_shows_both_values(cast, as_member):
    mona = as_member(cast.mona)
    criterion = gate_of(cast.product).criteria.first()
    seen = criterion.change_id
    url = at(cast.product, f"gates/1/criteria/{criterion.public_id}/edit/")
    answer = mona.post(url, {"state": "met", "seen": seen}, headers=HTMX)
    assert answer.status_code == 200
    change = Change.objects.latest("pk")
    assert f"/changes/{change.pk}/undo/" in answer["HX-Trigger"]
    stale = as_member(cast.alice).post(url, {"state": "unmet", "seen": seen}, headers=HTMX)
    assert stale.status_code == 409
    assert "Theirs: met. Yours: unmet." in stale.content.decode()
    assert mona.post(f"/w/{cast.workspace.slug}/changes/{change.pk}/undo/").status_code == 302
    criterion.refresh_from_db()
    assert (criterion.state, criterion.judged_by) == ("open", None)


def test_waiving_without_a_reason_is_asked_for_one(cast, as_member):
    criterion = gate_of(cast.product).criteria.first()
    url = at(cast.product, f"gates/1/criteria/{criterion.public_id}/edit/")
    answer = as_member(cast.mona).post(url, {"state": "waived", "note": "", "text": "Another wording"})
    assert answer.status_code == 422
    assert "is waived" in answer.content.decode()
    assert "Another wording" in answer.content.decode()


def test_the_form_of_a_criterion_is_fetched_when_it_is_opened_and_a_page_without_scripts(cast, as_member):
    criterion = gate_of(cast.product).criteria.first()
    criterion.judge(CriterionState.MET, "The letter of June", by=SYSTEM)
    mona, url = as_member(cast.mona), at(cast.product, f"gates/1/criteria/{criterion.public_id}/edit/")
    review = mona.get(at(cast.product, "gates/1/")).content.decode()
    assert "<textarea class" not in review.split('id="criterion-add"')[0]
    assert f'hx-get="{url}"' in review
    for page, whole in ((mona.get(url, headers=HTMX), False), (mona.get(url), True)):
        text = page.content.decode()
        assert ("<html" in text) == whole
        assert "The letter of June</textarea>" in text
        assert '<option value="met" selected>' in text
        assert f'name="seen" value="{criterion.change_id}"' in text
    for name in ("bob", "carol"):
        assert as_member(getattr(cast, name)).get(url).status_code == 403


def test_a_refused_edit_is_shown_open_and_keeps_what_was_not_sent(cast, as_member):
    criterion = gate_of(cast.product).criteria.get(text="Sponsor")
    url = at(cast.product, f"gates/1/criteria/{criterion.public_id}/edit/")
    text = as_member(cast.mona).post(url, {"state": "waived"}, headers=HTMX).content.decode()
    more = text.split(f'id="more-{criterion.public_id}')[1].split("</details>")[0]
    assert " data-answer open" in more
    assert '<option value="waived" selected>' in more
    assert 'name="text" maxlength="200" value="Sponsor"' in more


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


def test_a_gate_asks_for_what_people_add(cast, as_member):
    mona = as_member(cast.mona)
    path = at(cast.product, "gates/1/criteria/add/")
    assert mona.post(path, {"text": "Letter of the board", "weight": "must"}).status_code == 302
    refused = mona.post(path, {"text": "", "weight": "must"})
    assert refused.status_code == 422
    tick_all(gate_of(cast.product))
    gate_of(cast.product).criteria.get(text="Letter of the board").judge(CriterionState.OPEN, by=SYSTEM)
    answer = mona.post(at(cast.product, "gates/1/decide/"), {"kind": "go", "reason": "x", "seen": ""})
    assert "Letter of the board" in str(answer.context["decision_form"].errors)


def test_a_product_that_sells_already_enters_its_stage_when_it_is_made(cast, as_member):
    answer = as_member(cast.mona).post(
        f"/w/{cast.workspace.slug}/products/add/",
        {"name": "Coldwatch", "key": "CLD", "kind": "physical", "stage": "in_life"},
    )
    assert answer.status_code == 302
    product = Product.objects.get(key="CLD")
    assert product.stage == "in_life"
    assert track_of(product).adopted_by == cast.mona
    page = as_member(cast.carol).get(at(product)).content.decode()
    assert "Entered In-life before Cradle, said Mona" in page


def test_where_a_product_stands_is_said_once(cast, as_member):
    mona = as_member(cast.mona)
    assert "Already further?" in mona.get(at(cast.product)).content.decode()
    typed = {"stage": "development", "since": "2026-01-05", "reason": "The team builds it"}
    assert mona.post(at(cast.product, "stage/adopt/"), {**typed, "reason": ""}).status_code == 422
    assert mona.post(at(cast.product, "stage/adopt/"), typed).status_code == 302
    again = mona.post(at(cast.product, "stage/adopt/"), typed)
    assert again.status_code == 422
    assert "once already" in again.content.decode()
    assert "Already further?" not in mona.get(at(cast.product)).content.decode()


def test_a_finished_stage_is_opened_again_beside_the_later_one(cast, as_member):
    go(cast.product, 1)
    mona = as_member(cast.mona)
    typed = {"stage": "innovation", "reason": "The next version"}
    assert mona.post(at(cast.product, "stage/reopen/"), {**typed, "stage": "in_life"}).status_code == 422
    assert mona.post(at(cast.product, "stage/reopen/"), typed).status_code == 302
    assert states(cast.product) == {"innovation": "active", "analysis": "active"}
    assert "Also in Innovation" in mona.get(f"/w/{cast.workspace.slug}/lifecycle/").content.decode()


def test_a_wrong_team_and_a_stranger_get_404(cast, as_member):
    for person in (cast.dave, cast.mallory):
        assert as_member(person).get(at(cast.secret, "gates/1/")).status_code == 404
        assert as_member(person).post(at(cast.secret, "gates/1/decide/"), {"kind": "go"}).status_code == 404


def test_a_gate_that_is_not_one_of_five_is_not_there(cast, as_member):
    for number in (0, 6, 77):
        assert as_member(cast.mona).get(at(cast.product, f"gates/{number}/")).status_code == 404


def test_the_board_shows_products_reviews_and_decisions_of_what_one_sees(cast, as_member):
    go(cast.product, 1)
    gate_of(cast.product, 2).plan(cast.workspace.today(), by=SYSTEM)
    go(cast.secret, 1)
    page = as_member(cast.dave).get(f"/w/{cast.workspace.slug}/lifecycle/")
    text = page.content.decode()
    gates = re.findall(r"/p/(\w+)/gates/(\d)/", text)
    assert gates == [(cast.product.key, "2"), (cast.product.key, "2"), (cast.product.key, "1")], "card, review, log"
    assert "Secret" not in text
    assert cast.secret.key not in text
    assert "Review gate" in text


def test_the_board_and_the_home_escape_what_people_write(cast, as_member):
    product = make_product(cast.workspace, name="<b>Bold</b> & Co", tagline="<i>line</i>", lead=cast.bob)
    decide(
        gate_of(product), Verdict.CONDITIONAL, "<u>why</u>", conditions=[promise("<s>then</s>", cast.workspace.today())]
    )
    gate_of(product, 2).plan(cast.workspace.today(), by=SYSTEM)
    cast.bob.user.introduce_yourself("<em>Bob</em>", "")
    product.set_health("off_track", "<q>bad</q>", by=SYSTEM)
    for path in ("lifecycle/", "", "?layout=table"):
        text = as_member(cast.mona).get(f"/w/{cast.workspace.slug}/{path}").content.decode()
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in text
        for tag in ("<b>Bold", "<i>line", "<u>why", "<s>then", "<em>Bob", "<q>bad"):
            assert tag not in text, (path, tag)


def test_the_board_and_the_home_ask_as_much_for_thirty_products_as_for_three(cast, as_member, count_queries):
    mona = as_member(cast.mona)

    def grow(number):
        for _ in range(number):
            product = make_product(cast.workspace, lead=cast.bob)
            decide(gate_of(product), Verdict.CONDITIONAL, conditions=[promise(due_on=cast.workspace.today())])
            gate = gate_of(product, 2)
            gate.plan(cast.workspace.today(), by=SYSTEM)
            gate.ask(cast.mona, by=SYSTEM)

    def ask():
        for path in ("lifecycle/", "", "?layout=table"):
            assert mona.get(f"/w/{cast.workspace.slug}/{path}").status_code == 200

    grow(3)
    ask()
    few = count_queries(ask)
    grow(27)
    assert count_queries(ask) == few


def test_the_home_names_reviews_signatures_and_conditions(cast, as_member):
    decide(gate_of(cast.product), Verdict.CONDITIONAL, conditions=[promise("Retest clean", cast.workspace.today())])
    gate = gate_of(cast.product, 2)
    gate.plan(cast.workspace.today(), by=SYSTEM)
    gate.ask(cast.carol, by=SYSTEM)
    page = as_member(cast.carol).get(f"/w/{cast.workspace.slug}/")
    titles = {finding.title for finding in page.context["findings"]}
    assert titles == {"Gate 2 review today", "Condition not met: Retest clean", "Your sign-off is asked for at Gate 2"}
    days = [entry.text for _day, entries in page.context["agenda"] for entry in entries]
    assert days == ["Gate 2: Dispatch", "Retest clean"]
    others = as_member(cast.bob).get(f"/w/{cast.workspace.slug}/").context["findings"]
    assert "Your sign-off is asked for at Gate 2" not in {finding.title for finding in others}
