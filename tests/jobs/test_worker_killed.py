"""What must happen happens, whatever is killed: a real Celery worker on the test's database, ended by `kill -9`."""

import os

import pytest

from config.celery import app
from jobs.models import Job, State
from jobs.tasks import run
from tests.jobs.trial import lines
from tests.workers import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture(autouse=True)
def empty_broker(transactional_db):
    app.control.purge()
    yield
    app.control.purge()


def ask(cast, kind="trial.steps", **arguments):
    return Job.enqueue(kind, by=cast.actor("mona"), workspace=cast.workspace, **arguments)


def ended(job):
    def is_over():
        job.refresh_from_db()
        return job.is_over

    return is_over


def test_a_worker_does_what_a_verb_asked_for_and_shows_how_far_it_is(cast, worker, tmp_path):
    worker()
    job = ask(cast, folder=str(tmp_path), count=60)
    seen = set()

    def is_over():
        job.refresh_from_db()
        seen.add(job.progress_done)
        return job.is_over

    until(is_over)
    assert (job.state, job.result) == (State.DONE, {"files": 60})
    assert seen & set(range(1, 60))


def test_a_job_whose_worker_is_killed_halfway_is_finished_by_the_next(cast, worker, tmp_path):
    first = worker()
    job = ask(cast, folder=str(tmp_path), count=30, pause=0.1)
    until(lambda: len(lines(tmp_path)) >= 10)
    first.kill()
    job.refresh_from_db()
    assert job.state == State.RUNNING
    worker()
    until(ended(job))
    assert (job.state, job.attempts) == (State.DONE, 2)
    assert len(list(tmp_path.glob("*.done"))) == 30
    assert len({line.split()[2] for line in lines(tmp_path)}) == 2


def test_a_wake_up_that_was_lost_costs_seconds_only(cast, worker, tmp_path):
    job = ask(cast, folder=str(tmp_path), count=1)
    app.control.purge()
    Job.objects.update(woken_at=None)
    worker()
    until(ended(job))
    assert job.state == State.DONE


def test_a_task_that_is_delivered_twice_does_its_work_once(cast, worker, tmp_path):
    worker(processes=2)
    job = ask(cast, folder=str(tmp_path), count=5)
    for _ in range(5):
        run.delay(job.pk)
    until(ended(job))
    assert (len(lines(tmp_path)), job.attempts) == (5, 1)


def test_work_without_reports_keeps_its_claim(cast, worker, tmp_path):
    worker(processes=2)
    job = ask(cast, "trial.silent", folder=str(tmp_path), seconds=6)
    until(ended(job))
    assert (lines(tmp_path), job.attempts) == (["began", "ended"], 1)


def test_a_poisonous_job_is_parked_and_the_others_go_on(cast, worker, tmp_path):
    worker(JOB_LEASE="0.4")
    poison = ask(cast, "trial.poison", folder=str(tmp_path))
    until(ended(poison), 90)
    assert (poison.state, lines(tmp_path)) == (State.PARKED, ["died"] * 5)
    job = ask(cast, folder=str(tmp_path), count=1)
    until(ended(job))
    assert job.state == State.DONE


def test_a_running_job_is_stopped_by_a_person(cast, worker, tmp_path):
    worker()
    job = ask(cast, "trial.slow_to_stop", folder=str(tmp_path))
    until(lambda: Job.objects.filter(state=State.RUNNING).exists())
    job.stop(by=cast.actor("mona"))
    until(ended(job))
    assert (job.state, lines(tmp_path)) == (State.STOPPED, ["cleaned up"])


def test_the_worker_is_not_this_process(cast, worker, tmp_path):
    worker()
    job = ask(cast, folder=str(tmp_path), count=1)
    until(ended(job))
    assert lines(tmp_path) != [f"0 by {os.getpid()}"]
