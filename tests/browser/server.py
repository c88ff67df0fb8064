"""The application behind a real uvicorn, on the database of the test."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.db import connection

PATIENCE = 30  # seconds: a machine may have other things to do
LOOKS = 2  # between two statements of a thread nothing is to be seen
AT_WORK = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    " AND pid <> pg_backend_pid() AND state <> 'idle'"
)


class Server:
    """Runs in a thread of the test process, so that it shares its settings, clock and database."""

    def __init__(self) -> None:
        from config.asgi import application  # noqa: PLC0415  reads settings, which pytest prepares first

        self.application = ASGIStaticFilesHandler(application)
        self.under_way: set[str] = set()
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.socket.getsockname()[1]}"
        settings = uvicorn.Config(
            self._counted,
            interface="asgi3",
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=1,  # open event streams would hold it for ever
        )
        self.uvicorn = uvicorn.Server(settings)
        self.thread = threading.Thread(target=self.uvicorn.run, kwargs={"sockets": [self.socket]}, daemon=True)

    def start(self) -> None:
        self.thread.start()
        patience = time.monotonic() + 20
        while not self.uvicorn.started:
            if time.monotonic() > patience or not self.thread.is_alive():
                raise RuntimeError("The test server did not start within 20 s.")
            time.sleep(0.02)

    async def _counted(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        name = f"{scope.get('method', '')} {scope.get('path', '')} #{id(scope)}"
        self.under_way.add(name)
        try:
            await self.application(scope, receive, send)
        finally:
            self.under_way.discard(name)

    def settle(self) -> None:
        """Wait until what the pages asked for is done. A page that is left hears no answer, but its request goes on, in a thread and
        in the database: to empty the tables meanwhile would be a deadlock."""
        patience, looks = time.monotonic() + PATIENCE, 0
        while looks < LOOKS:
            looks = 0 if self.under_way or self._at_work() else looks + 1
            if time.monotonic() > patience:
                raise RuntimeError(f"Still under way after {PATIENCE} s: {sorted(self.under_way)}")
            time.sleep(0.02)

    def _at_work(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(AT_WORK)
            return bool(cursor.fetchone()[0])

    def stop(self) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(10)
        self.socket.close()
