"""What open browsers are told: noun, public id, version and change, never content. They refetch through guarded URLs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cache
from threading import Lock
from time import sleep
from typing import NamedTuple

import redis
import structlog
from django.conf import settings

from config import clock

GATHERED = 0.03  # seconds that what was said first waits for more
REMEMBERED = 600  # seconds; a page that is older when its stream opens was away, and reloads anyway
_LAST = "live-last:"
log = structlog.get_logger()
_client: redis.Redis | None = None


class Message(NamedTuple):
    noun: str
    public_id: str
    change_id: int
    product_id: int | None
    member_id: int | None
    workspace_id: int

    @property
    def channel(self) -> str:
        if self.member_id is not None:
            return f"live:member:{self.member_id}"
        if self.product_id is not None:
            return f"live:product:{self.product_id}"
        return f"live:workspace:{self.workspace_id}"

    def body(self) -> str:
        return json.dumps({"noun": self.noun, "id": self.public_id, "change": self.change_id})


def client() -> redis.Redis:
    global _client  # noqa: PLW0603 - one connection pool per process
    if _client is None:
        _client = redis.Redis.from_url(settings.REDIS_URL)
    return _client


def publish(messages: Iterable[Message]) -> None:
    """Send after the commit, in the order in which it is called, by a thread of its own: whoever wrote does not wait for Valkey. What is not
    sent when the process ends is sent first. The stream is a convenience: when Valkey is away the write stands and a line is logged."""
    if messages:
        _sender(os.getpid()).add(messages)


class Sender:
    """Gathers what is said within a moment: the answer to whoever wrote goes out first, and many writes cost one way to Valkey."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self.waiting: dict[Message, int] = {}  # what to say → when it was said last, in milliseconds
        self.lock = Lock()

    def add(self, messages: Iterable[Message]) -> None:
        at = _milliseconds(clock.now())
        with self.lock:
            is_first = not self.waiting
            self.waiting.update(
                dict.fromkeys(messages, at)
            )  # a page that was drawn between the first time and this knows not of this
        if is_first:
            self.thread.submit(self._send_gathered).add_done_callback(_log_failure)

    def _send_gathered(self) -> None:
        sleep(GATHERED)
        with self.lock:
            messages, self.waiting = self.waiting, {}
        _send(messages)


@cache
def _sender(_process: int) -> Sender:
    """One for each process: a forked one has no threads of its parent's."""
    return Sender()


def _send(messages: Mapping[Message, int]) -> None:
    try:
        pipe = client().pipeline(transaction=False)
        for message in messages:
            pipe.publish(message.channel, message.body())
        for channel in {message.channel for message in messages}:
            last = max(at for message, at in messages.items() if message.channel == channel)
            pipe.set(_LAST + channel, last, ex=REMEMBERED)
        pipe.execute()
    except redis.RedisError as error:
        log.warning("live_publish_failed", error=str(error))


def _log_failure(sent: Future[None]) -> None:
    """What `_send` does not expect would be seen by nobody: no one asks for what it gives."""
    error = None if sent.cancelled() else sent.exception()
    if error is not None:
        log.error("live_publish_broke", exc_info=error)


def last_said(channels: Iterable[str]) -> int:
    """When the last message went to any of these channels, in milliseconds; 0 if none did lately. For a stream that
    opens a moment after its page was drawn: what was said in between would be lost."""
    try:
        return max((int(at) for at in client().mget([_LAST + channel for channel in channels]) if at), default=0)
    except redis.RedisError as error:
        log.warning("live_last_said_failed", error=str(error))
        return 0


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def close_streams(member_id: int) -> None:
    """Tell every web process to end this member's streams now: a role, a team, a membership has changed."""
    _close(str(member_id))


def close_streams_of_workspace(workspace_id: int) -> None:
    """The same for everybody in a workspace: who may see one of its products has changed."""
    _close(f"workspace:{workspace_id}")


def _close(whose: str) -> None:
    try:
        client().publish("live:close", whose)
    except redis.RedisError as error:
        log.warning("live_close_failed", error=str(error))
