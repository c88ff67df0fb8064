"""The application behind a real uvicorn, on the database of the test."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler


class Server:
    """Runs in a thread of the test process, so that it shares its settings, clock and database."""

    def __init__(self) -> None:
        from config.asgi import application  # noqa: PLC0415  reads settings, which pytest prepares first

        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.socket.getsockname()[1]}"
        settings = uvicorn.Config(
            ASGIStaticFilesHandler(application),
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

    def stop(self) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(10)
        self.socket.close()
