from datetime import timedelta

import pytest
from django.db import transaction

from config import clock
from jobs import registry, running
from jobs.models import ClaimLost, Job, State, Stopped
from jobs.sweeping import due_to_be_woken, park_the_hopeless
from tests.factories import SYSTEM
from tests.jobs import trial
from tests.jobs.trial import lines


@pytest.fixture(autouse=True)
def calls(monkeypatch):
    """The workers that were called."""
    called = []
    monkeypatch.setattr("jobs.waking.wake", called.append)
    return called


def ask(cast, kind="trial.steps", **arguments):
    return Job.enqueue(kind, by=cast.actor("mona"), workspace=cast.workspace, **arguments)


def test_a_worker_is_called_after_the_commit_only(cast, calls, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(cast, folder="", count=0)
        assert calls == []
    assert calls == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_verb_that_fails_is_never_there(cast, calls):
    with transaction.atomic():
        ask(cast, folder="", count=0)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert calls == []


def test_an_unknown_kind_cannot_be_enqueued(cast):
    with pytest.raises(registry.UnknownKind, match="register one"):
        ask(cast, "no such kind")


def test_a_job_is_done_once_however_often_it_is_performed(cast, tmp_path):
    job = ask(cast, folder=str(tmp_path), count=3, pause=0)
    running.perform(job.pk)
    running.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == (State.DONE, {"files": 3}, 1)
    assert (job.progress_done, job.progress_total, job.percent) == (3, 3, 100)
    assert len(lines(tmp_path)) == 3


def test_a_job_of_tomorrow_is_not_done_today(cast, tmp_path):
    job = ask(cast, run_at=clock.now() + timedelta(days=1), folder=str(tmp_path), count=1)
    running.perform(job.pk)
    assert due_to_be_woken() == []
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_an_unexpected_failure_is_tried_five_times_and_then_parked(cast, tmp_path):
    job = ask(cast, "trial.fails", folder=str(tmp_path))
    for _ in range(7):
        running.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.PARKED, 5)
    assert lines(tmp_path) == ["tried"] * 5
    assert "no such luck" in job.details
    assert "no such luck" not in job.error


def test_a_failed_try_waits_before_the_next(cast, tmp_path, monkeypatch):
    monkeypatch.setitem(registry._kinds, "trial.fails", registry.Kind("", "", trial.fail, "", False, False, (60,)))
    job = ask(cast, "trial.fails", folder=str(tmp_path))
    running.perform(job.pk)
    running.perform(job.pk)
    job.refresh_from_db()
    assert job.state == State.QUEUED
    assert job.run_at > clock.now() + timedelta(seconds=50)
    assert lines(tmp_path) == ["tried"]


def test_a_refusal_is_final_and_says_why(cast, tmp_path):
    job = ask(cast, "trial.refuses", folder=str(tmp_path))
    running.perform(job.pk)
    running.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.FAILED, 1)
    assert job.error == "The file has no title column. Add one and import it again."


def test_a_job_left_by_a_dead_worker_is_taken_up_again_after_its_lease(cast, tmp_path):
    job = ask(cast, folder=str(tmp_path), count=1, pause=0)
    assert Job.claimed(job.pk) is not None
    assert Job.claimed(job.pk) is None
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1), woken_at=None)
    assert due_to_be_woken() == [job.pk]
    assert due_to_be_woken() == []
    running.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)


def test_a_worker_that_lost_its_claim_can_write_no_more(cast):
    job = ask(cast, folder="", count=1)
    slow = Job.claimed(job.pk)
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    fresh = Job.claimed(job.pk)
    with pytest.raises(ClaimLost):
        slow.check_stop()
    with pytest.raises(ClaimLost), transaction.atomic():
        slow.hold()
    assert not slow.renew_lease()
    slow.finish({"by": "the slow one"})
    fresh.finish({"by": "the fresh one"})
    job.refresh_from_db()
    assert job.result == {"by": "the fresh one"}


def test_a_job_whose_worker_died_five_times_is_parked(cast):
    job = ask(cast, folder="", count=1)
    for _ in range(5):
        assert Job.claimed(job.pk) is not None
        Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert Job.claimed(job.pk) is None
    park_the_hopeless()
    job.refresh_from_db()
    assert job.state == State.PARKED
    assert job.error == "The program ended while it worked on this."


def test_a_parked_job_gets_five_new_tries(cast, calls, tmp_path, django_capture_on_commit_callbacks):
    job = ask(cast, "trial.fails", folder=str(tmp_path))
    for _ in range(5):
        running.perform(job.pk)
    job.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        job.retry(by=SYSTEM)
        job.retry(by=SYSTEM)
    assert calls == [job.pk]
    for _ in range(7):
        running.perform(job.pk)
    assert lines(tmp_path) == ["tried"] * 10


def test_a_waiting_job_stops_at_once(cast, tmp_path):
    job = ask(cast, folder=str(tmp_path), count=3)
    job.stop(by=cast.actor("mona"))
    running.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, lines(tmp_path)) == (State.STOPPED, [])


def test_a_running_job_hears_of_the_stop_at_its_next_report(cast):
    job = Job.claimed(ask(cast, folder="", count=3).pk)
    job.report(done=1, total=3)
    Job.objects.get(pk=job.pk).stop(by=cast.actor("mona"))
    with pytest.raises(Stopped):
        job.check_stop()


def test_work_that_cleans_up_may_do_so_before_it_stops(cast, tmp_path):
    job = ask(cast, "trial.slow_to_stop", folder=str(tmp_path))
    Job.objects.update(stop_asked_at=clock.now())
    running.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, lines(tmp_path)) == (State.STOPPED, ["cleaned up"])


def test_jobs_with_one_key_wait_once_but_another_may_wait_while_one_runs(cast):
    first = ask(cast, unique_key="DSP", folder="", count=1)
    assert ask(cast, unique_key="DSP", folder="", count=1) == first
    assert ask(cast, unique_key="SEC", folder="", count=1) != first
    Job.claimed(first.pk)
    second = ask(cast, unique_key="DSP", folder="", count=1)
    assert second != first


def test_jobs_of_the_installation_share_keys_too(db):
    jobs = {Job.enqueue("trial.steps", by=SYSTEM, workspace=None, unique_key="one") for _ in range(2)}
    assert len(jobs) == 1


def test_a_job_that_failed_gives_way_to_a_younger_one_with_its_key(cast, tmp_path):
    first = ask(cast, "trial.fails", unique_key="DSP", folder=str(tmp_path))
    claimed = Job.claimed(first.pk)
    ask(cast, "trial.fails", unique_key="DSP", folder=str(tmp_path))
    claimed.fail("Traceback", delay=0)
    first.refresh_from_db()
    assert (first.state, first.error) == (State.STOPPED, "A later job does the same work.")


def test_steps_are_kept_with_what_came_of_them(cast, tmp_path):
    job = ask(cast, "trial.planned", folder=str(tmp_path))
    running.perform(job.pk)
    job.refresh_from_db()
    assert job.steps == [["Read the file", "3 rows"], ["Match people", "2 people"], ["Create items", ""]]
    assert job.step == 3


def test_those_who_listen_hear_of_every_end_once(cast, tmp_path, monkeypatch):
    heard = []
    monkeypatch.setattr(Job, "on_end", [lambda job: heard.append((job.kind, job.state))])
    for kind in ("trial.steps", "trial.refuses"):
        arguments = {"count": 1, "pause": 0} if kind == "trial.steps" else {}
        job = ask(cast, kind, folder=str(tmp_path), **arguments)
        running.perform(job.pk)
        running.perform(job.pk)
    ask(cast, folder="", count=1).stop(by=SYSTEM)
    assert heard == [("trial.steps", "done"), ("trial.refuses", "failed"), ("trial.steps", "stopped")]


def test_one_sees_ones_own_jobs_at_products_one_sees_and_admins_see_all(cast):
    open_job = ask(cast, product=cast.product, folder="", count=1)
    hidden = ask(cast, product=cast.secret, folder="", count=1)
    daves = Job.enqueue("trial.steps", by=cast.actor("dave"), workspace=cast.workspace, product=cast.secret)
    assert set(Job.objects.visible_to(cast.mona)) == {open_job, hidden}
    assert set(Job.objects.visible_to(cast.dave)) == set()
    assert set(Job.objects.visible_to(cast.anton)) == {open_job, hidden, daves}
    assert not Job.objects.visible_to(cast.mallory).exists()
