from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import ApiToken, Member
from tests.cast import Cast, make_cast
from tests.workers import Worker


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no process is left with a file of minutes when the others are done."""
    items.sort(key=lambda item: not any(map(item.get_closest_marker, ("services", "browser"))))


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def as_member():
    """as_member(cast.mona) → a browser in which Mona is signed in."""

    def sign_in(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return sign_in


@pytest.fixture
def api():
    """api(cast.mona, "patch", "/api/v1/items/DSP-1/", {…}, scope="write", **headers): a request with a fresh token."""

    def call(member: Member, method: str, path: str, body: object = None, *, scope: str = "write", **headers: str):
        _token, secret = ApiToken.issue(member, "test", scope, by=Actor.of(member))
        headers["Authorization"] = f"Bearer {secret}"
        if method == "get":
            return Client().get(path, headers=headers)
        return getattr(Client(), method)(path, body, content_type="application/json", headers=headers)

    return call


@pytest.fixture
def count_queries():
    """count_queries(lambda: client.get(…)) → how many statements it took."""

    def count(act) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    return count


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """worker() → a running Celery worker with beat on the test's database; it ends with the test."""
    started: list[Worker] = []

    def start(**options: object) -> Worker:
        folder = tmp_path / f"worker{len(started)}"
        folder.mkdir()
        started.append(Worker(folder, **options).start())
        return started[-1]

    yield start
    for one in started:
        one.stop()
