"""Real Celery workers on the test's own database, to be killed at will. Only for tests with transaction=True."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devservices.processes import end_group, spawn

ROOT = Path(__file__).resolve().parent.parent


class Worker:
    """A worker with an embedded beat, in a process group of its own. Its tasks include those of tests/jobs/trial.py."""

    def __init__(self, folder: Path, *, processes: int = 1, beat: bool = True, **environment: str) -> None:
        self.log = folder / "worker.log"
        self.command = [
            *(sys.executable, "-m", "celery", "--app", "config", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(processes), "--without-gossip", "--without-mingle"),
            *("--include", "tests.jobs.trial"),
            *(("--beat", "--schedule", str(folder / "schedule")) if beat else ()),
        ]
        self.environment = {
            **os.environ,
            "JOB_LEASE": "2",
            "JOB_SWEEP": "0.5",
            "PYTHONWARNINGS": "ignore",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Worker:
        with self.log.open("ab") as output:
            self.process = spawn(self.command, env=self.environment, cwd=ROOT, output=output)
        return self

    def kill(self) -> None:
        """`kill -9` of the worker, its children and its beat at once."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        if self.process:
            end_group(self.process.pid)

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")


def until(what: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait for `what` to be true and return it; fail with its name when it stays false."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds:g} s: {getattr(what, '__name__', what)}")
