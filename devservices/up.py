"""`./cradle up`: PostgreSQL, Valkey, web, worker and beat as one tree. Ctrl-C stops everything; the data is kept."""

from __future__ import annotations

import argparse
import datetime
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from . import programs
from .backing import Backing
from .data_folder import DataFolder, Running
from .environment import environment, state_of_the_checkout
from .lock import AlreadyLocked
from .processes import ServiceError, birth, spawn, stop
from .pulse import Pulse
from .supervisor import Supervisor
from .terminal import complain, say

PATIENCE = 120  # seconds until page, worker and beat must have answered
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    options = parser().parse_args()
    stopping = threading.Event()
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, lambda *_: stopping.set())
    try:
        folder = DataFolder(options.data)
        folder.make()
        held = folder.lock()
        try:
            return Installation(folder, options, stopping).run()
        finally:
            os.close(held)
    except AlreadyLocked as error:
        complain(already_running(folder, error))
    except ServiceError as error:
        complain(str(error))
    except PermissionError as error:
        complain(f"{error.filename} can't be used by you ({error.strerror}). Choose another folder with --data.")
    return 1


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="./cradle up", description=__doc__)
    options.add_argument("--port", type=int, default=8000, help="where the pages are served (8000; 0 takes a free one)")
    options.add_argument("--data", metavar="DIR", help="the data folder (CRADLE_DATA, else .data)")
    options.add_argument("--once", action="store_true", help="stop when page, worker and beat have answered")
    options.add_argument("--empty", action="store_true", help="no demo: a one-time link makes the first workspace")
    options.add_argument(
        "--today", type=datetime.date.fromisoformat, metavar="DATE", help="the day on which the demo is made"
    )
    return options


def already_running(folder: DataFolder, error: AlreadyLocked) -> str:
    running = folder.running()
    if running and running.command == "manage":
        return f"{folder.path} is in use by ./cradle manage (process {running.pid}); wait until it has ended."
    where = f" at {running.url}" if running and running.url else ""
    return (
        f"Cradle already runs on {folder.path}{where} (process {error.pid or 'unknown'}). "
        "Stop it with Ctrl-C there, or choose another folder with --data."
    )


def free_port(wanted: int) -> int:
    """The port to listen on. Raises ServiceError before anything has been started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except (OSError, OverflowError) as error:
            raise ServiceError(f"Port {wanted} can't be used ({reason(error)}); choose another with --port.") from error
        return int(probe.getsockname()[1])


def reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)


class Installation:
    """One run, from the lock to the last process gone."""

    def __init__(self, folder: DataFolder, options: argparse.Namespace, stopping: threading.Event) -> None:
        self.folder, self.options, self.stopping = folder, options, stopping
        self.began = time.monotonic()
        self.supervisor = Supervisor(say=say, changed=self._publish)
        self.ready = self.published = False

    def run(self) -> int:
        self.folder.end_leftovers()
        self.port = free_port(self.options.port)
        self.url = f"http://localhost:{self.port}"
        self.backing = Backing(self.folder)
        self.env = environment(self.folder, self.backing.addresses(), self.url)
        self.pulse = Pulse(self.port, self.backing.redis_url)
        try:
            return self._start_and_watch()
        finally:
            self._stop()

    def _start_and_watch(self) -> int:
        self.backing.start()
        state = state_of_the_checkout()
        ready_before = self.backing.postgres is not None and self.folder.prepared() == state
        self.folder.note_prepared("")  # until it is, again: what is cut off halfway (a demo, say) must be mended first
        preparing = spawn(self._prepare_command(aside=ready_before), env=self.env, cwd=programs.ROOT)
        try:
            self.backing.wait()
            for server in self.backing.embedded:
                self.supervisor.add(server)
            self.pulse.forget()
            # What an earlier start made ready is looked over while the page answers already.
            if ready_before and not self._open_the_page():
                return 0
            if not self._wait_for(preparing):
                return 0
        finally:
            stop(preparing)
        self.folder.note_prepared(state)
        self.published = True
        self._publish()
        if not ready_before and not self._open_the_page():
            return 0
        self.supervisor.add(programs.worker(self.env))
        self.supervisor.add(programs.beat(self.folder.path, self.env))
        if self._look_after_until(self.pulse.jobs_run, "worker and beat"):
            self.ready = True
            self._publish()
            say(f"Worker and beat answer after {self._seconds()}. The data is in {self.folder.path}.")
            if not self.options.once:
                say("Ctrl-C stops everything; the data is kept.")
                self._look_after_until(lambda: False, "", patience=math.inf)
        return 0

    def _open_the_page(self) -> bool:
        """Before worker and beat: two cores import Django faster for one process than for three. False when asked to stop."""
        self.supervisor.add(programs.web(self.port, self.env))
        answers = self._look_after_until(self.pulse.page_answers, "page")
        if answers:
            say(f"\nCradle answers after {self._seconds()} at {self.env['BASE_URL']}/")
        return answers

    def _prepare_command(self, *, aside: bool) -> list[str]:
        today = ["--today", self.options.today.isoformat()] if self.options.today else []
        empty = ["--empty"] if self.options.empty else []
        own = ["--own-database"] if self.backing.postgres else []
        politely = ["--aside"] if aside else []
        return [sys.executable, "-m", "devservices.prepare", *politely, *own, *empty, *today]

    def _wait_for(self, preparing: subprocess.Popen[bytes]) -> bool:
        """True when the preparation is done, False when we were asked to stop meanwhile."""
        while preparing.poll() is None:
            if self.stopping.wait(0.05):
                return False
            self.supervisor.look_after()
        if preparing.returncode:
            raise ServiceError("Cradle could not be prepared; the message above says why.")
        return True

    def _look_after_until(self, answers: Callable[[], bool], who: str, patience: float = PATIENCE) -> bool:
        """True when there is an answer, False when we were asked to stop. Raises ServiceError after the patience."""
        end = time.monotonic() + patience
        while not self.stopping.wait(0.1):
            self.supervisor.look_after()
            if answers():
                return True
            if time.monotonic() > end:
                raise ServiceError(f"No answer from {who} within {patience:.0f} s. See the messages above.")
        return False

    def _seconds(self) -> str:
        return f"{time.monotonic() - self.began:.1f} s"

    def _publish(self) -> None:
        if self.published:
            numbers = self.supervisor.numbers()
            births = {name: birth(pid) for name, pid in numbers.items()}
            addresses = self.backing.addresses()
            self.folder.write_running(Running(os.getpid(), "up", addresses, self.url, numbers, births, self.ready))

    def _stop(self) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        began = time.monotonic()
        self.folder.forget_running()
        self.supervisor.stop()
        self.backing.stop()
        say(f"Stopped in {time.monotonic() - began:.1f} s.")


if __name__ == "__main__":
    sys.exit(main())
