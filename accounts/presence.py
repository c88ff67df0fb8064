"""When a member was last here. Kept in the cache: being here is no change of the workspace, and may be forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache

from accounts.models import Member
from config import clock

EVERY = 60.0
_noted: dict[int, float] = {}


def note(member: Member) -> None:
    """Remember that `member` is here; this process tells the cache once a minute at most."""
    tick = time.monotonic()
    if tick - _noted.get(member.pk, -EVERY) >= EVERY:
        _noted[member.pk] = tick
        cache.set(_key(member.pk), clock.now(), timeout=None)


def last_seen(members: Iterable[Member]) -> dict[int, datetime | None]:
    """Member id → when they were last here, else when they last signed in. One look into the cache for all."""
    members = list(members)
    seen = cache.get_many([_key(member.pk) for member in members])
    return {member.pk: seen.get(_key(member.pk)) or member.user.last_login for member in members}


def _key(member_id: int) -> str:
    return f"seen:{member_id}"
