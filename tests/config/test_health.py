"""What load balancers and supervisors ask."""

import pytest
from redis import ConnectionError as NoAnswer

from config import health


def test_healthz_answers_without_touching_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_says_ready_when_database_and_cache_answer(client):
    assert client.get("/readyz").content == b"ready"


@pytest.mark.django_db
def test_readyz_names_who_does_not_answer(client, monkeypatch):
    def silent(key):
        raise NoAnswer

    monkeypatch.setattr(health.cache, "get", silent)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"no answer from: cache")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_allowed(client, path):
    assert client.post(path).status_code == 405
