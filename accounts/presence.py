"""When a member was last here, and a token last used. Kept in the cache: it is no change, and may be forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache

from accounts.models import ApiToken, Member
from config import clock

EVERY = 60.0
_noted: dict[str, float] = {}


def note(who: Member | ApiToken) -> None:
    """Remember that `who` is here; this process tells the cache once a minute at most."""
    key, tick = _key(who), time.monotonic()
    if tick - _noted.get(key, -EVERY) >= EVERY:
        _noted[key] = tick
        cache.set(key, clock.now(), timeout=None)


def last_seen(members: Iterable[Member]) -> dict[int, datetime | None]:
    """Member id → when they were last here, else when they last signed in. One look into the cache for all."""
    members = list(members)
    seen = cache.get_many([_key(member) for member in members])
    return {member.pk: seen.get(_key(member)) or member.user.last_login for member in members}


def last_used(tokens: Iterable[ApiToken]) -> dict[int, datetime | None]:
    """Token id → when it was last used, None for never. One look into the cache for all."""
    tokens = list(tokens)
    used = cache.get_many([_key(token) for token in tokens])
    return {token.pk: used.get(_key(token)) for token in tokens}


def _key(who: Member | ApiToken) -> str:
    return f"seen:{type(who).__name__.lower()}:{who.pk}"
