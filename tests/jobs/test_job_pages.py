import pytest

from jobs.models import Job, State
from jobs.running import perform
from tests.factories import SYSTEM


@pytest.fixture(autouse=True)
def no_wake(monkeypatch):
    monkeypatch.setattr("jobs.waking.wake", lambda job_id: None)


def ask(cast, by="mona", kind="trial.steps", **arguments):
    return Job.enqueue(kind, by=cast.actor(by), workspace=cast.workspace, folder="", count=2418, **arguments)


def page(cast, job):
    return f"/w/{cast.workspace.slug}/jobs/{job.public_id}/"


def test_a_running_job_shows_how_far_it_is_and_asks_for_itself_again(cast, as_member):
    job = Job.claimed(ask(cast, title="Importing 2,418 items into Dispatch").pk)
    job.report(done=1548, total=2418, text="creating items")
    shown = as_member(cast.mona).get(page(cast, job)).content.decode()
    assert "Importing 2,418 items into Dispatch" in shown
    assert "64%" in shown
    assert "1,548 of 2,418 · creating items" in shown
    assert 'hx-trigger="every 1s"' in shown


def test_the_part_that_asks_for_itself_comes_without_the_frame(cast, as_member):
    job = ask(cast)
    shown = as_member(cast.mona).get(page(cast, job), headers={"HX-Request": "true"}).content.decode()
    assert shown.strip().startswith('<div id="job"')
    assert "<html" not in shown


def test_a_job_that_is_over_asks_no_more(cast, as_member, tmp_path):
    job = Job.enqueue("trial.planned", by=cast.actor("mona"), workspace=cast.workspace, folder=str(tmp_path))
    perform(job.pk)
    shown = as_member(cast.mona).get(page(cast, job)).content.decode()
    assert "hx-trigger" not in shown.split('id="job"')[1].split("</section>")[0]
    assert "2 people" in shown
    assert "Finished in 1 second." in shown


def test_a_refused_job_shows_its_sentence(cast, as_member, tmp_path):
    job = Job.enqueue("trial.refuses", by=cast.actor("mona"), workspace=cast.workspace, folder=str(tmp_path))
    perform(job.pk)
    assert "The file has no title column." in as_member(cast.mona).get(page(cast, job)).content.decode()


@pytest.mark.parametrize("who", ["bob", "carol", "dave", "mallory"])
def test_the_jobs_of_others_do_not_exist(cast, as_member, who):
    client = as_member(getattr(cast, who))
    job = ask(cast)
    assert client.get(page(cast, job)).status_code == 404
    assert client.post(page(cast, job) + "stop/").status_code == 404
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_a_job_at_a_product_that_one_sees_no_more_does_not_exist(cast, as_member):
    job = ask(cast, by="dave", product=cast.secret)
    assert as_member(cast.dave).get(page(cast, job)).status_code == 404


def test_an_admin_sees_and_stops_the_jobs_of_all(cast, as_member):
    job = ask(cast)
    client = as_member(cast.anton)
    assert client.get(page(cast, job)).status_code == 200
    assert client.post(page(cast, job) + "stop/").status_code == 302
    job.refresh_from_db()
    assert job.state == State.STOPPED


def test_what_cannot_be_stopped_says_so(cast, as_member):
    job = ask(cast, kind="trial.refuses")
    response = as_member(cast.mona).post(page(cast, job) + "stop/")
    assert response.status_code == 422
    assert "cannot be stopped" in response.content.decode()


def parked(cast, tmp_path):
    job = Job.enqueue("trial.fails", by=cast.actor("mona"), workspace=cast.workspace, folder=str(tmp_path))
    for _ in range(5):
        perform(job.pk)
    job.refresh_from_db()
    return job


def test_an_admin_sees_parked_jobs_and_retries_them(cast, as_member, tmp_path):
    job = parked(cast, tmp_path)
    client = as_member(cast.anton)
    shown = client.get("/w/polarline/settings/jobs/").content.decode()
    assert "Trial that fails" in shown
    assert "no such luck" in shown
    client.post(f"/w/polarline/settings/jobs/{job.public_id}/retry/")
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.QUEUED, 0)


@pytest.mark.parametrize(("who", "status"), [("mona", 403), ("bob", 403), ("carol", 403), ("mallory", 404)])
def test_others_neither_see_nor_retry_them(cast, as_member, tmp_path, who, status):
    job = parked(cast, tmp_path)
    client = as_member(getattr(cast, who))
    assert client.get("/w/polarline/settings/jobs/").status_code == status
    assert client.post(f"/w/polarline/settings/jobs/{job.public_id}/retry/").status_code == status


def test_only_the_installations_administrator_sees_jobs_of_no_workspace(cast, as_member, tmp_path):
    job = Job.enqueue("trial.refuses", by=SYSTEM, workspace=None, title="Cradle's own", folder=str(tmp_path))
    perform(job.pk)
    assert "Cradle&#x27;s own" in as_member(cast.alice).get("/w/polarline/settings/jobs/").content.decode()
    assert "Cradle&#x27;s own" not in as_member(cast.anton).get("/w/polarline/settings/jobs/").content.decode()
    assert "Cradle&#x27;s own" not in as_member(cast.mallory).get("/w/elsewhere/settings/jobs/").content.decode()
    refused = as_member(cast.anton).post(f"/w/polarline/settings/jobs/{job.public_id}/retry/")
    assert refused.status_code == 404


def test_the_list_costs_the_same_with_many_jobs(cast, as_member, django_assert_max_num_queries):
    client = as_member(cast.anton)

    def count():
        with django_assert_max_num_queries(100) as captured:
            client.get("/w/polarline/settings/jobs/")
        return len(captured)

    for _ in range(3):
        ask(cast)
    few = count()
    for _ in range(27):
        ask(cast, by="bob")
    assert count() == few
