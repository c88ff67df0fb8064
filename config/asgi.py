"""One origin for pages and the event stream (docs/decisions/0001-web-server.md)."""

import gc
import os
from collections.abc import Awaitable, Callable
from typing import Any

import django
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from changes.streams import live  # noqa: E402 - needs the settings
from config.pages import Pages  # noqa: E402

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

pages = Pages()
# Paths that are held open for long, and so get no thread: prefix → plain ASGI application.
STREAMS: dict[str, Application] = {"/live/": live}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await application_for(scope["path"])(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


def application_for(path: str) -> Application:
    return next((stream for prefix, stream in STREAMS.items() if path.startswith(prefix)), pages)


async def lifespan(receive: Any, send: Any) -> None:
    assert (await receive())["type"] == "lifespan.startup"
    collect_seldom()
    await send({"type": "lifespan.startup.complete"})
    assert (await receive())["type"] == "lifespan.shutdown"
    for connection in connections.all(initialized_only=True):
        close_pool = getattr(connection, "close_pool", None)
        if close_pool:
            close_pool()
    await send({"type": "lifespan.shutdown.complete"})


def collect_seldom() -> None:
    """A page makes tens of thousands of objects, and nearly all of them go by reference count when it is answered: looking for cycles
    every 700 of them only costs. What start-up made stays for good, so that a full collection need not walk it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
