from config.logs import configure
from jobs.models import Job, State
from jobs.running import perform


def test_a_failing_job_leaves_a_traceback_without_the_values_of_variables(cast, tmp_path, capfd):
    configure()
    secret = tmp_path / "s3cret"
    secret.mkdir()
    job = Job.enqueue("trial.fails", by=cast.actor("mona"), workspace=cast.workspace, folder=str(secret))
    perform(job.pk)
    assert Job.objects.get().state == State.QUEUED
    written = "".join(capfd.readouterr())
    assert "no such luck" in written
    assert "s3cret" not in written
