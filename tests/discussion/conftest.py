import pytest

import tests.jobs.trial  # noqa: F401  registers kinds of jobs
from discussion.models import Comment
from jobs.models import Job
from jobs.running import perform
from tests.factories import make_item


@pytest.fixture(autouse=True)
def no_wake(monkeypatch):
    monkeypatch.setattr("jobs.waking.wake", lambda job_id: None)


@pytest.fixture
def item(cast):
    return make_item(cast.product, "Live ETA link")


@pytest.fixture
def secret_item(cast):
    return make_item(cast.secret, "Secret plan")


@pytest.fixture
def say(cast):
    """say("bob", item, "…") → the comment."""

    def post(who, item, body):
        return Comment.post(item.thread, body, by=cast.actor(who))

    return post


@pytest.fixture
def do_all_jobs():
    def do():
        for pk in Job.objects.unfinished().values_list("pk", flat=True):
            perform(pk)

    return do
