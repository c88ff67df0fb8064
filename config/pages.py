"""Django's pages, each in a thread of its own, under the ASGI server that also holds the event streams.

Why not Django's ASGI handler as it is, or a WSGI adapter: docs/decisions/0001-web-server.md.
"""

from __future__ import annotations

import asyncio
import contextvars
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, resolve, set_script_prefix

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

THREADS = 12  # no more than connections in the pool of DATABASES, or they would wait for each other
MOST_UNDER_WAY = 200  # requests running or waiting for a thread; more are asked to come back
LARGEST_BODY = 100 * 1024 * 1024
PIECE = 64 * 1024


class BodyTooLarge(Exception):
    pass


class Pages(ASGIHandler):
    """Reads the body first, so that a slow client holds no thread; then one thread takes the request to its end."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self.under_way = 0
        # Two hundred patterns are tried in their order, and people come back to the same addresses. What is not found is not kept.
        self.found_at = lru_cache(maxsize=4096)(resolve)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if self.under_way >= MOST_UNDER_WAY:
            await refuse(send, 503, "Too many people at once. Please try again in a moment.", {b"retry-after": b"2"})
            return
        self.under_way += 1
        try:
            body = await self.read_body(receive)
        except RequestAborted:  # the client has gone before it had said all
            return
        except BodyTooLarge:
            await refuse(send, 413, f"This is too large: at most {LARGEST_BODY // 2**20} MB can be sent at once.")
            return
        else:
            with body:
                await self._answer_in_thread(scope, body, send)
        finally:
            self.under_way -= 1

    async def read_body(self, receive: Receive) -> Any:
        """In memory while small, else on disk."""
        body = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SIM115
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            if message["type"] == "http.disconnect" or size > LARGEST_BODY:
                body.close()
                raise RequestAborted if message["type"] == "http.disconnect" else BodyTooLarge
            body.write(message.get("body", b""))
            more = message.get("more_body", False)
        body.seek(0)
        return body

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        request.resolver_match = self.found_at(request.path_info)
        return request.resolver_match

    async def _answer_in_thread(self, scope: dict[str, Any], body: Any, send: Send) -> None:
        loop = asyncio.get_running_loop()

        def send_from_thread(message: Message) -> None:
            """Waits until the server has taken it, so that a slow client slows the stream down."""
            asyncio.run_coroutine_threadsafe(as_coroutine(send, message), loop).result()

        context = contextvars.copy_context()  # nothing that one request sets is seen by the next
        for message in await loop.run_in_executor(
            self.threads, context.run, self._answer, scope, body, send_from_thread
        ):
            await send(message)

    def _answer(self, scope: dict[str, Any], body: Any, send: Callable[[Message], None]) -> list[Message]:
        """In one thread from the first middleware to the last: database connections belong to their thread.

        Returns what is left to send: everything, unless the response is a stream.
        """
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, error = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else error
        response._handler_class = self.__class__
        try:
            if not response.streaming:
                return [start_of(response), {"type": "http.response.body", "body": response.content}]
            if isinstance(response, FileResponse):
                response.block_size = PIECE
            send(start_of(response))
            for piece in pieces(response):
                send({"type": "http.response.body", "body": piece, "more_body": True})
            return [{"type": "http.response.body", "body": b""}]
        finally:
            response.close()


async def as_coroutine(send: Send, message: Message) -> None:
    await send(message)


def start_of(response: HttpResponseBase) -> Message:
    headers = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    cookies = [(b"Set-Cookie", morsel.OutputString().encode("latin1")) for morsel in response.cookies.values()]
    return {"type": "http.response.start", "status": response.status_code, "headers": headers + cookies}


def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Small chunks joined: each piece costs a way to the server's thread and back."""
    collected, size = [], 0
    for chunk in chunks:
        collected.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            yield b"".join(collected)
            collected, size = [], 0
    if collected:
        yield b"".join(collected)


async def refuse(send: Send, status: int, text: str, headers: dict[bytes, bytes] | None = None) -> None:
    """Answer without Django, and close the connection: the rest of what the client sends is not read."""
    all_headers = {b"content-type": b"text/plain; charset=utf-8", b"connection": b"close", **(headers or {})}
    await send({"type": "http.response.start", "status": status, "headers": list(all_headers.items())})
    await send({"type": "http.response.body", "body": text.encode()})
