from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Member
from tests.cast import Cast, make_cast


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
