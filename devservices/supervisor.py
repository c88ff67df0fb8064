"""Keeps the processes of one installation alive: restarts what dies, gives up on what keeps dying, stops them all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .processes import ServiceError, end_group, spawn, stop
from .terminal import say

RESTARTS = 5
# Seconds before the first restart; each further one waits twice as long.
RESTART_DELAY = float(os.environ.get("CRADLE_RESTART_DELAY", "0.5"))
# Who has lived for this many delays is taken to be well again.
WELL_AFTER = 20

COLOURS = {"web": 36, "worker": 33, "beat": 35}


class Service(Protocol):
    name: str
    process: subprocess.Popen[bytes] | None

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Program:
    """One of our own processes; what it prints appears under its name."""

    name: str
    command: Sequence[object]
    env: Mapping[str, str]
    cwd: Path
    # Asked, told, forced; each with the seconds until the next.
    signals: Sequence[tuple[int, float]] = ((signal.SIGTERM, 10), (signal.SIGKILL, 5))
    death_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    _relay: threading.Thread | None = None
    _asked: bool = False

    def start(self) -> None:
        self._asked = False
        self.process = spawn(
            self.command, env=self.env, cwd=self.cwd, output=subprocess.PIPE, death_signal=self.death_signal
        )
        self._relay = threading.Thread(target=relay, args=(self.name, self.process), daemon=True)
        self._relay.start()

    def ask(self) -> None:
        """Ask it to end, without waiting. Once only: web and worker take a second request for an order to drop it all."""
        if self.process and self.process.poll() is None and not self._asked:
            self._asked = True
            self.process.send_signal(self.signals[0][0])

    def stop(self) -> None:
        self.ask()
        stop(self.process, ((0, self.signals[0][1]), *self.signals[1:]))
        if self._relay:
            self._relay.join(1)  # its last words


@dataclass
class Watched:
    service: Service
    started: float = 0.0
    deaths: int = 0
    restart_at: float | None = None


class KeepsDying(ServiceError):
    pass


class Supervisor:
    """Call everything from the main thread: children die with the thread that started them."""

    def __init__(
        self, *, say: Callable[[str], None], changed: Callable[[], None] = lambda: None, delay: float = RESTART_DELAY
    ) -> None:
        self.say = say
        self.changed = changed  # called when a process number has changed
        self.delay = delay
        self.watched: list[Watched] = []

    def add(self, service: Service) -> None:
        """Watch a service; start it unless it runs already. What is added later is stopped earlier."""
        self.watched.append(Watched(service, started=time.monotonic()))
        if service.process is None:
            service.start()
        self.changed()

    def numbers(self) -> dict[str, int]:
        """Service name → process number, of those alive."""
        return {
            watched.service.name: watched.service.process.pid
            for watched in self.watched
            if watched.service.process and watched.service.process.poll() is None
        }

    def look_after(self) -> None:
        """One round: notice deaths, restart what is due. Raises KeepsDying after five restarts in a row."""
        for watched in self.watched:
            if watched.restart_at is not None:
                self._restart_when_due(watched)
            elif watched.service.process is not None and watched.service.process.poll() is not None:
                self._note_death(watched, ending(watched.service.process.returncode))

    def stop(self) -> None:
        """Ask our own programs all at once, then stop one after the other, the last added first."""
        services = [watched.service for watched in reversed(self.watched)]
        for service in services:
            if isinstance(service, Program):
                service.ask()
        for service in services:
            service.stop()

    def _note_death(self, watched: Watched, how: str) -> None:
        name = watched.service.name
        if watched.service.process is not None:
            end_group(watched.service.process.pid)
        if time.monotonic() - watched.started > self.delay * WELL_AFTER:
            watched.deaths = 0
        watched.deaths += 1
        if watched.deaths > RESTARTS:
            raise KeepsDying(
                f"{name} keeps dying: {RESTARTS} restarts did not help, the last time it {how}. "
                "Its messages above say why; everything has been stopped."
            )
        seconds = self.delay * 2 ** (watched.deaths - 1)
        watched.restart_at = time.monotonic() + seconds
        self.say(f"{name} {how}; starting it again in {seconds:g} s (attempt {watched.deaths} of {RESTARTS}).")

    def _restart_when_due(self, watched: Watched) -> None:
        if watched.restart_at is None or time.monotonic() < watched.restart_at:
            return
        watched.restart_at = None
        watched.started = time.monotonic()
        try:
            watched.service.start()
        except ServiceError as error:
            self._note_death(watched, f"could not be started: {error}")
        self.changed()


def ending(returncode: int) -> str:
    if returncode < 0:
        return f"was ended by {signal.Signals(-returncode).name}"
    return f"ended with exit code {returncode}"


def relay(name: str, process: subprocess.Popen[bytes]) -> None:
    """Print a child's lines under its name until it ends."""
    assert process.stdout
    label = f"{name:>7}"
    if sys.stdout.isatty():
        label = f"\033[{COLOURS.get(name, 37)}m{label}\033[0m"
    for line in process.stdout:
        if text := line.decode(errors="replace").rstrip():
            say(f"{label} | {text}")
