"""Replaces pytest-django's way of making the test database; registered by pytest_plugin once pytest-django is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from .test_database import TestDatabase


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    database = TestDatabase(os.environ["DATABASE_URL"])
    with django_db_blocker.unblock():
        database.create()
    yield
    with django_db_blocker.unblock():
        database.drop()
