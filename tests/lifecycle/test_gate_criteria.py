"""What a gate asks for: ticking, waiving and writing criteria."""

from changes.models import Change
from lifecycle.models import CriterionState
from tests.factories import SYSTEM
from tests.lifecycle.gates import at, gate_of, tick_all

HTMX = {"HX-Request": "true"}


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
