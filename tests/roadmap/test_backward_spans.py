"""A span that ends before it starts is said to do so at its end, in words, wherever a form asks for one."""

from __future__ import annotations

import pytest

from roadmap.models import Release
from tests.factories import SYSTEM

SAID = "The end lies before the start. Choose an end on or after the start."
DAYS = {"name": "Sprint 14", "starts_on": "2026-11-30", "ends_on": "2026-11-20"}


@pytest.fixture
def addresses(cast) -> list[str]:
    at = "/w/polarline/p/DSP/releases/"
    release = Release.plan(cast.product, "5.2", by=SYSTEM)
    return [f"{at}add/", f"{at}{release.public_id}/iterations/add/"]


def test_the_end_says_so_and_no_constraint_is_named(addresses, cast, as_member):
    for address in addresses:
        answer = as_member(cast.mona).post(address, DAYS)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"ends_on": [SAID]}


def test_what_a_field_was_refused_for_is_said_once(addresses, cast, as_member):
    answer = as_member(cast.mona).post(addresses[1], {**DAYS, "ends_on": "2026-12-11", "capacity": "-3"})
    assert list(answer.context["form"].errors) == ["capacity"]
    assert "onstraint" not in answer.content.decode()
