"""`/live/`: what changed, and who is here, told to open browsers as server-sent events. A plain ASGI application: an open
stream costs no thread and no database connection, only its place in the hub.

`/live/?channel=polarline&channel=polarline/DSP` hears the workspace (and the member's own messages) and the product.
What the person may not see is left out in silence; with nothing left the answer is 403. Whatever changes what a member
may see ends their streams (changes/live.py, close_streams): the browser asks again and is looked at anew. What nobody
announces, such as a session that ran out, is noticed within a minute.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import redis.asyncio
import structlog
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, close_old_connections, connection
from django.http import Http404, HttpRequest

from accounts.models import Member
from accounts.places import places
from accounts.together import Together
from changes import here
from changes.live import last_said

log = structlog.get_logger()

PING_EVERY = 15.0  # seconds; keeps proxies from closing what looks idle
AT_ONCE = 100  # messages a slow browser may be behind before it has to reload
MOST_CHANNELS = 40
LOOK_AGAIN_EVERY = 60.0  # seconds
PATIENCE = 3.0  # seconds for Valkey to answer
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


@dataclass(eq=False)
class Stream:
    """One open browser: the channels it hears, which closes end it, and what waits to be sent. None ends it.

    `places` are the products that it has open, by id: whose they are open, and as which place the page asked for them.
    """

    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    channels: set[str] = field(default_factory=set)
    places: dict[int, tuple[Member, str]] = field(default_factory=dict)
    ended_by: set[str] = field(default_factory=set)
    last: int = 0
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(AT_ONCE))

    def put(self, message: bytes | None) -> None:
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:  # it reconnects, and its pages reload what they show
            self.end()

    def end(self) -> None:
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Hub:
    """One subscription per process, fanned out to the streams of this process."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.listening: asyncio.Task[None] | None = None
        self.subscribed = asyncio.Event()
        self.telling: set[asyncio.Task[None]] = set()

    async def join(self, stream: Stream) -> None:
        """Returns once messages reach the stream, so that nothing is missed after the page was drawn."""
        loop = asyncio.get_running_loop()
        if self.listening is None or self.listening.done() or self.listening.get_loop() is not loop:
            self.streams.clear()
            self.subscribed = asyncio.Event()
            self.listening = loop.create_task(self._listen())
        self.streams.add(stream)
        await self.subscribed.wait()

    def leave(self, stream: Stream) -> None:
        self.streams.discard(stream)

    async def _listen(self) -> None:
        pause = 0.2
        while True:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL)
            try:
                async with client.pubsub() as subscription:
                    await subscription.psubscribe("live:*")
                    self._start_anew()
                    pause = 0.2
                    async for message in subscription.listen():
                        if message["type"] == "pmessage":
                            self._pass_on(message["channel"].decode(), message["data"])
            except (redis.RedisError, OSError) as error:
                log.warning("live_subscription_lost", error=str(error))
            finally:
                await client.aclose()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5)

    def _start_anew(self) -> None:
        """Whoever was connected while Valkey was away may have missed something: let them ask again."""
        if self.subscribed.is_set():
            for stream in self.streams:
                stream.end()
        self.subscribed.set()

    def _pass_on(self, channel: str, body: bytes) -> None:
        if channel == "live:close":
            whose = body.decode()
            for stream in self.streams:
                if whose in stream.ended_by:
                    stream.end()
            return
        if channel.startswith(here.CHANNEL):
            telling = asyncio.create_task(self._tell_who_is_here(int(channel.removeprefix(here.CHANNEL))))
            self.telling.add(telling)
            telling.add_done_callback(self.telling.discard)
            return
        for stream in self.streams:
            if channel in stream.channels:
                stream.put(b"event: change\ndata: " + body + b"\n\n")

    async def _tell_who_is_here(self, product_id: int) -> None:
        if not any(product_id in stream.places for stream in self.streams):
            return
        people = await asyncio.to_thread(here.people_at, product_id)
        for stream in self.streams:
            if product_id in stream.places:
                stream.put(here.event(stream.places[product_id][1], people))


hub = Hub()


async def live(scope: dict[str, Any], receive: Any, send: Any) -> None:
    # Joined before the rights are read: a close that comes in between ends it.
    stream = Stream()
    asked = dict(scope["headers"]), scope.get("query_string", b"")
    looking: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(PATIENCE):
            await hub.join(stream)
        await asyncio.to_thread(_admit, stream, *asked)
        if not stream.channels:
            await _refuse(send, 403, b"Sign in to follow what changes here.")
            return
        await asyncio.to_thread(_be_here, stream, here.come)
        looking = asyncio.create_task(_look_again(stream, *asked))
        await _send_until_gone(stream, receive, send)
    except TimeoutError:
        await _refuse(send, 503, b"What changes cannot be followed at the moment.")
    finally:
        hub.leave(stream)
        if looking is not None:
            looking.cancel()
            asyncio.get_running_loop().run_in_executor(None, _be_here, stream, here.leave)


async def _look_again(stream: Stream, headers: dict[bytes, bytes], query: bytes) -> None:
    """End the stream when its person may hear less, or more, than at its start."""
    while True:
        await asyncio.sleep(LOOK_AGAIN_EVERY)
        now = Stream()
        try:
            await asyncio.to_thread(_admit, now, headers, query)
        except DatabaseError as error:
            log.warning("live_look_again_failed", error=str(error))
            continue
        if now.channels != stream.channels:
            stream.end()
        else:
            await asyncio.to_thread(_be_here, stream, here.come)


async def _send_until_gone(stream: Stream, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    opening = b"retry: 1000\n\nevent: last\ndata: %d\n\n" % stream.last
    await send({"type": "http.response.body", "body": opening, "more_body": True})
    gone = asyncio.ensure_future(_gone(receive))
    try:
        while not gone.done():
            message = await _next(stream, gone)
            if message is None:
                break
            await send({"type": "http.response.body", "body": message, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _next(stream: Stream, gone: asyncio.Future[None]) -> bytes | None:
    """The next event, a ping when there is none for a while, None when the stream is to end."""
    coming = asyncio.ensure_future(stream.waiting.get())
    done, _pending = await asyncio.wait({coming, gone}, timeout=PING_EVERY, return_when=asyncio.FIRST_COMPLETED)
    if coming not in done:
        coming.cancel()
        return None if gone in done else b": ping\n\n"
    return coming.result()


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Any, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), (b"retry-after", b"5")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _admit(stream: Stream, headers: dict[bytes, bytes], query: bytes) -> None:
    """Fills in what this person may hear. Runs in a thread, once per stream."""
    close_old_connections()
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(_session_key(headers))
        user = get_user(request)
        if not user.is_authenticated:
            return
        asked = parse_qs(query.decode("latin1")).get("channel", [])[:MOST_CHANNELS]
        wanted = [place for place in asked if "\0" not in place]
        members = Member.objects.current().filter(user=user, workspace__slug__in=_slugs(wanted))
        for member in members.annotate(places=places.seen_by_each()):
            stream.ended_by |= {str(member.pk), f"workspace:{member.workspace_id}"}
            stream.places |= _places(member, wanted)
            stream.channels |= {f"live:workspace:{member.workspace_id}", f"live:member:{member.pk}"}
        stream.channels |= {f"live:product:{product_id}" for product_id in stream.places}
        if stream.channels:
            stream.last = last_said(stream.channels)
    finally:
        connection.close()


def _places(member: Member, wanted: Iterable[str]) -> dict[int, tuple[Member, str]]:
    """The products among the places that this member sees."""
    slug, together = member.workspace.slug, Together()
    ask, resolve = places.askers["key"], places.resolvers["key"][1]
    keys = {place: place.partition("/")[2] for place in wanted if place.startswith(f"{slug}/")}
    asked = {place: ask(together, member.user_id, slug, key) for place, key in keys.items()}
    found = {}
    for place, products in asked.items():
        try:
            found[resolve(member, keys[place], products()).pk] = (member, place)
        except Http404:
            continue  # to this person the product does not exist
    return found


def _be_here(stream: Stream, say: Callable[[str, Member, Iterable[int]], None]) -> None:
    """Come to all places of this stream, or leave them."""
    for member in {member for member, _place in stream.places.values()}:
        say(stream.name, member, [pk for pk, (whose, _place) in stream.places.items() if whose == member])


def _slugs(wanted: Iterable[str]) -> set[str]:
    return {place.partition("/")[0] for place in wanted}


def _session_key(headers: dict[bytes, bytes]) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get(b"cookie", b"").decode("latin1"))
    except CookieError:
        return None
    held = cookies.get(settings.SESSION_COOKIE_NAME)
    return held.value if held and "\0" not in held.value else None
