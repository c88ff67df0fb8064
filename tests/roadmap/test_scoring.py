"""A product's scorecard: choosing it, filling factors in, scores that are right at once and after many."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.refusals import Refused
from changes import live
from changes.concurrency import Conflict
from changes.models import Change
from changes.undo import undo
from jobs import registry
from jobs.models import Job, State
from roadmap.models import Item, ProductScoring, Scorecard
from roadmap.scores import scoring
from tests.cast import make_cast
from tests.factories import SYSTEM, make_item
from tests.workers import until

RICE = {"reach": 100, "impact": 2, "confidence": 50, "effort": 5}


def card(workspace, method):
    return Scorecard.objects.get(workspace=workspace, method=method)


def again(item):
    return Item.objects.with_deleted().get(pk=item.pk)


def choose(cast, method, second=None):
    return ProductScoring.choose(
        cast.product, card(cast.workspace, method), card(cast.workspace, second) if second else None,
        by=cast.actor("mona"),
    )  # fmt: skip


@pytest.fixture
def own(cast):
    return Scorecard.add(
        cast.workspace, by=cast.actor("anton"), name="Ours",
        factors=[{"name": "Fit", "kind": "scale", "weight": 3}, {"name": "Legal", "kind": "yesno"}],
    )  # fmt: skip


def test_a_workspace_begins_with_the_ready_made_scorecards_and_a_product_with_rice(cast):
    names = set(Scorecard.objects.filter(workspace=cast.workspace).values_list("method", flat=True))
    assert names == {"rice", "ice", "wsjf", "value_effort", "moscow", "kano"}
    assert make_item(cast.product, **RICE).score == 20


def test_an_edit_answers_with_its_score_in_the_same_statement(cast, django_assert_max_num_queries):
    choose(cast, "ice")
    item = make_item(cast.product)
    assert item.score is None
    item.edit(by=SYSTEM, factors={"ice_impact": 8, "ice_confidence": 5, "ice_ease": 3})
    assert item.score == 120
    item.edit(by=SYSTEM, factors={"ice_ease": None})
    assert item.score is None
    assert item.factors == {"ice_impact": 8, "ice_confidence": 5}


def test_whoever_writes_an_input_the_score_follows(cast):
    item = make_item(cast.product, **RICE)
    with Change.open("item.edited", by=SYSTEM, workspace=cast.workspace):
        Item.objects.filter(pk=item.pk).update(effort=Decimal(10))
        Item.objects.filter(pk=item.pk).update(score=Decimal(999))
    assert again(item).score == 10


def test_choosing_a_scorecard_scores_all_items_anew_and_shows_a_second_one(cast):
    items = [make_item(cast.product, **RICE, factors={"value": 10 * n}) for n in range(1, 4)]
    gone = make_item(cast.product, **RICE, factors={"value": 50})
    gone.delete_softly(by=SYSTEM)
    choose(cast, "value_effort", "rice")
    assert [again(item).score for item in items] == [2, 4, 6]
    assert {again(item).second_score for item in items} == {20}
    assert again(gone).score == 10
    choose(cast, "rice")
    assert [(again(item).score, again(item).second_score) for item in items] == [(20, None)] * 3


def test_the_second_scorecard_is_another_one(cast):
    with pytest.raises(Refused):
        choose(cast, "rice", "rice")


def test_changing_the_factors_of_a_scorecard_scores_its_products_anew(cast, own):
    fit, legal = (one["key"] for one in own.factors)
    ProductScoring.choose(cast.product, own, by=cast.actor("mona"))
    item = make_item(cast.product, factors={fit: 5, legal: True})
    assert item.score == Decimal("62.50")
    own.edit(by=cast.actor("anton"), factors=[{**own.factors[0], "weight": 1}, own.factors[1]])
    assert again(item).score == 75
    own.edit(by=cast.actor("anton"), factors=[own.factors[0]])
    assert again(item).score == 50


def test_undoing_a_change_of_factors_scores_the_products_anew(cast, own):
    fit, legal = (one["key"] for one in own.factors)
    ProductScoring.choose(cast.product, own, by=cast.actor("mona"))
    item = make_item(cast.product, factors={fit: 5, legal: True})
    own.edit(by=cast.actor("anton"), factors=[{**own.factors[0], "weight": 1}, own.factors[1]])
    turned_back = undo(Change.objects.get(pk=own.change_id), by=cast.actor("anton"))
    assert again(item).score == Decimal("62.50")
    undo(turned_back, by=cast.actor("anton"))
    assert again(item).score == 75


def test_a_scorecard_in_use_does_not_go_by_undo_either(cast, own):
    made = own.change_id
    ProductScoring.choose(cast.product, own, by=cast.actor("mona"))
    with pytest.raises(Refused, match="Dispatch"):
        undo(Change.objects.get(pk=made), by=cast.actor("anton"))


def test_scoring_again_changes_nothing_and_writes_no_history(cast):
    item = make_item(cast.product, **RICE)
    choose(cast, "value_effort", "rice")
    version = again(item).change_id
    assert scoring.score_again(cast.product, by=SYSTEM) == 1
    assert again(item).change_id == version


def test_many_items_are_scored_by_a_job_that_may_run_twice(cast, monkeypatch):
    monkeypatch.setattr(scoring, "AT_ONCE", 2)
    monkeypatch.setattr(scoring, "AT_A_TIME", 2)
    items = [make_item(cast.product, effort=2, factors={"value": 10 * n}) for n in range(5)]
    choose(cast, "value_effort")
    choose(cast, "value_effort", "rice")
    job = Job.objects.get(kind="score_items")
    assert {again(item).score for item in items} == {None}
    make_item(cast.product)
    for _time in range(2):
        work = Job.claimed(job.pk)
        if work is None:
            Job.objects.filter(pk=job.pk).update(state=State.QUEUED)
            work = Job.claimed(job.pk)
        work.finish(registry.kind("score_items").work(work))
        assert [again(item).score for item in items] == [0, 5, 10, 15, 20]
    job.refresh_from_db()
    assert job.result == {"key": "DSP", "scored": 6}
    assert (job.progress_done, job.progress_total) == (6, 6)


def test_a_ready_made_scorecard_keeps_its_factors_and_stays(cast):
    rice = card(cast.workspace, "rice")
    with pytest.raises(Refused):
        rice.edit(by=cast.actor("anton"), factors=[{"name": "Only"}])
    with pytest.raises(Refused):
        rice.delete_softly(by=cast.actor("anton"))


def test_a_scorecard_in_use_is_not_deleted(cast, own):
    ProductScoring.choose(cast.product, own, by=cast.actor("mona"))
    with pytest.raises(Refused, match="Dispatch"):
        own.delete_softly(by=cast.actor("anton"))
    choose(cast, "rice")
    own.delete_softly(by=cast.actor("anton"))
    assert not Scorecard.objects.filter(pk=own.pk).exists()


def test_open_pages_hear_of_scores_that_a_job_changed_and_of_nothing_else(transactional_db, monkeypatch):
    committed = make_cast()
    said: list[tuple[str, str]] = []
    make_item(committed.product, effort=2, factors={"value": 10})
    monkeypatch.setattr(scoring, "AT_ONCE", 0)
    choose(committed, "value_effort")
    monkeypatch.setattr(live, "publish", lambda told: said.extend((one.noun, one.public_id) for one in told))
    scoring.score_again(committed.product, by=SYSTEM)
    assert said == [("item", "*")]
    scoring.score_again(committed.product, by=SYSTEM)
    assert said == [("item", "*")]


# ---- Two people


def test_two_people_set_different_factors_and_both_win_but_not_the_same(cast):
    choose(cast, "ice")
    item = make_item(cast.product, factors={"ice_impact": 8, "ice_confidence": 5, "ice_ease": 3})
    seen = item.change_id
    again(item).edit(by=cast.actor("mona"), seen=seen, factors={"ice_impact": 9})
    again(item).edit(by=cast.actor("anton"), seen=seen, factors={"ice_ease": 4})
    assert again(item).score == 180
    with pytest.raises(Conflict) as met:
        again(item).edit(by=cast.actor("anton"), seen=seen, factors={"ice_impact": 7})
    assert (met.value.field, met.value.theirs, met.value.yours) == ("ice_impact", 9, 7)


def test_a_factor_is_undone_although_another_one_was_changed_since(cast):
    choose(cast, "ice")
    item = make_item(cast.product, factors={"ice_impact": 8, "ice_confidence": 5, "ice_ease": 3})
    mine = again(item)
    mine.edit(by=cast.actor("mona"), factors={"ice_impact": 2, "ice_confidence": None})
    again(item).edit(by=cast.actor("anton"), factors={"ice_ease": 4})
    undo(Change.objects.get(pk=mine.change_id), by=cast.actor("mona"))
    assert again(item).factors == {"ice_impact": 8, "ice_confidence": 5, "ice_ease": 4}
    assert again(item).score == 160


def test_a_factor_that_another_changed_since_is_not_undone(cast):
    choose(cast, "ice")
    item = make_item(cast.product, factors={"ice_impact": 8})
    mine = again(item)
    mine.edit(by=cast.actor("mona"), factors={"ice_impact": 2})
    again(item).edit(by=cast.actor("anton"), factors={"ice_impact": 4})
    with pytest.raises(Refused):
        undo(Change.objects.get(pk=mine.change_id), by=cast.actor("mona"))


def test_an_edit_is_undone_after_the_items_were_scored_anew(cast):
    item = make_item(cast.product, **RICE)
    item.edit(by=cast.actor("mona"), effort=Decimal(10))
    choose(cast, "value_effort", "rice")
    undo(Change.objects.get(pk=item.change_id), by=cast.actor("mona"))
    assert (again(item).effort, again(item).second_score) == (5, 20)


@pytest.mark.django_db(transaction=True)
def test_of_two_first_choices_at_once_the_later_one_waits_and_holds():
    cast, failed = make_cast(), []

    def choose_another() -> None:
        try:
            choose(cast, "ice")
        except Exception as error:  # whatever it is, the test tells
            failed.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=choose_another)
    with transaction.atomic():
        choose(cast, "wsjf")
        other.start()
        until(lambda: _waiting_for_a_lock() or not other.is_alive())
    other.join(30)
    assert not failed
    assert ProductScoring.objects.get().scorecard.method == "ice"


def _waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
