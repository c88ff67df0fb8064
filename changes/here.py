"""Who has a product open at this moment. A browser is here while its stream is open: it says so in Valkey when the stream
opens, again with each look at its rights, and takes it back at the end; what a killed process left behind runs out.

One sorted set per product: `{stream}|{member's public id}|{name}` by the second at which it runs out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import redis
import structlog

from accounts.models import Member
from changes.live import client
from config import clock
from ui.drawn.faces import hue, initials

KEPT = 150  # seconds; more than twice the time between two looks
MOST = 20  # people told of
CHANNEL = "live:here:"
_SET = "here:"
log = structlog.get_logger()


def come(stream: str, member: Member, products: Iterable[int]) -> None:
    """This stream's person is at these products, for the next while. Says so to the others."""
    _write(products, lambda pipe, key: pipe.zadd(key, {_entry(stream, member): _now() + KEPT}))


def leave(stream: str, member: Member, products: Iterable[int]) -> None:
    """Take it back. Says so to the others."""
    _write(products, lambda pipe, key: pipe.zrem(key, _entry(stream, member)))


def people_at(product_id: int) -> list[dict[str, Any]]:
    """Those who are here, once each, by name, with what their face needs. Empty when Valkey is away."""
    try:
        entries = client().zrangebyscore(f"{_SET}{product_id}", _now(), "+inf")
    except redis.RedisError as error:
        log.warning("here_read_failed", error=str(error))
        return []
    people = {tuple(entry.decode().split("|", 2)[1:]) for entry in entries}
    ordered = sorted(people, key=lambda person: (person[1], person[0]))[:MOST]
    return [{"id": one, "name": name, "initials": initials(name), "hue": hue(name)} for one, name in ordered]


def event(place: str, people: list[dict[str, Any]]) -> bytes:
    """As a server-sent event. `place` is the channel that a page asks for: polarline/DSP."""
    return b"event: here\ndata: " + json.dumps({"place": place, "people": people}).encode() + b"\n\n"


def _now() -> float:
    return clock.now().timestamp()


def _entry(stream: str, member: Member) -> str:
    return f"{stream}|{member.public_id}|{member.name}"


def _write(products: Iterable[int], write: Any) -> None:
    try:
        pipe = client().pipeline(transaction=False)
        for product_id in products:
            key = f"{_SET}{product_id}"
            write(pipe, key)
            pipe.zremrangebyscore(key, "-inf", _now())
            pipe.expire(key, KEPT)
            pipe.publish(f"{CHANNEL}{product_id}", "")
        pipe.execute()
    except redis.RedisError as error:
        log.warning("here_write_failed", error=str(error))
