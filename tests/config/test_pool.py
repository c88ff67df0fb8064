"""Of the connections to the database, the one that was given back last is taken first."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import connections

from config.postgres.base import DatabaseWrapper, LastFirst

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool():
    settings = deepcopy(connections["default"].settings_dict)
    settings["OPTIONS"]["pool"] = {"min_size": 0, "max_size": 3}
    wrapper = DatabaseWrapper(settings, alias="pooled")
    wrapper.pool.open()
    yield wrapper.pool
    wrapper.close_pool()


def test_what_was_given_back_last_is_taken_first(pool):
    assert isinstance(pool, LastFirst)
    one, two, three = pool.getconn(), pool.getconn(), pool.getconn()
    for given_back in (one, three, two):
        pool.putconn(given_back)
    assert [pool.getconn() for _ in range(3)] == [two, three, one]
