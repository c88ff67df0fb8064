"""A whole installation for a bench, a test or a picture: `./cradle up` in a process of its own, asked for its state."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from .data_folder import DataFolder, Running
from .environment import ROOT, environment
from .processes import ServiceError


class Tree:
    """`with Tree(folder, "--today", "2026-06-01") as tree:` gives a running installation on a free port.

    `output` collects what `up` printed (sign-ins, the set-up link). Nothing of it survives the `with` but the data.
    """

    def __init__(
        self, folder: Path | str, *options: str, patience: float = 600, env: dict[str, str] | None = None
    ) -> None:
        self.folder = DataFolder(folder)
        self.options = ("--port", "0", *options) if "--port" not in options else options
        self.patience = patience
        self.extra = env or {}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Tree:
        self.folder.make()
        self.start()
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        return self.folder.path / "up.log"

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @property
    def running(self) -> Running:
        state = self.folder.running()
        if state is None:
            raise ServiceError(f"The installation in {self.folder.path} does not run.\n{self.output[-2000:]}")
        return state

    @property
    def url(self) -> str:
        return self.running.url

    @property
    def environment(self) -> dict[str, str]:
        """For a process that works on the same data: a management command, a bench."""
        return environment(self.folder, self.running.addresses, self.running.url, own_environment(self.extra))

    def start(self) -> None:
        command = [sys.executable, "-m", "devservices.up", "--data", str(self.folder.path), *self.options]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command, env=own_environment(self.extra), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
            )

    def wait(self) -> None:
        """Until page, worker and beat have answered."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                raise ServiceError(
                    f"The installation in {self.folder.path} ended while starting.\n{self.output[-4000:]}"
                )
            state = self.folder.running()
            if state and state.ready:
                return
            time.sleep(0.1)
        self.stop()
        raise ServiceError(
            f"No installation within {self.patience:.0f} s in {self.folder.path}.\n{self.output[-4000:]}"
        )

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to end and return its exit code."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)

    def manage(self, *arguments: str) -> str:
        """Run a management command against it and return what it printed."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServiceError(f"{' '.join(arguments)} failed: {done.stderr}{done.stdout}")
        return done.stdout


def own_environment(extra: Sequence[tuple[str, str]] | dict[str, str] = ()) -> dict[str, str]:
    """Ours without the addresses of other servers (those of a test run, say), so that `up` embeds its own."""
    foreign = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "CRADLE_DATA", "DEBUG", "SECRET_KEY", "BASE_URL"}
    return {name: value for name, value in os.environ.items() if name not in foreign} | dict(extra)
