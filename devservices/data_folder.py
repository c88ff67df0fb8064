"""The folder that holds everything an installation must keep, and how a second command finds the running servers."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .lock import AlreadyLocked, lock
from .postgres import Postgres
from .processes import birth, end_group

DEFAULT = Path(__file__).resolve().parent.parent / ".data"


@dataclass
class Running:
    """What the running instance tells others through `running.json`."""

    pid: int
    command: str  # "up", or "manage" for servers that live as long as one command
    addresses: dict[str, str]  # DATABASE_URL, REDIS_URL, CELERY_BROKER_URL
    url: str = ""
    children: dict[str, int] = field(default_factory=dict)
    births: dict[str, str] = field(default_factory=dict)
    ready: bool = False  # page, worker and beat have answered


class DataFolder:
    """Holds secret-key, lock, guests, prepared, running.json, postgres/, valkey/.

    The application adds files/, static/ and joined/.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = Path(path or os.environ.get("CRADLE_DATA") or DEFAULT).expanduser().absolute()
        self._state = self.path / "running.json"

    def make(self) -> None:
        """Under root others may pass through a new or empty one (PostgreSQL runs as nobody), but read nothing."""
        if not self.path.exists():
            self.path.mkdir(parents=True)
            self.path.chmod(0o700)
        if os.geteuid() == 0 and not any(self.path.iterdir()):
            self.path.chmod(self.path.stat().st_mode | 0o011)

    def lock(self) -> int:
        """Only the holder may start servers in this folder. Raises AlreadyLocked."""
        for _ in range(10):
            with suppress(AlreadyLocked):
                return lock(self.path / "lock")
            time.sleep(0.03)  # `holder` of another process may have it for a moment
        return lock(self.path / "lock")

    def holder(self) -> int | None:
        """The process that holds the lock; None where nobody does, 0 where it can't be told who."""
        try:
            os.close(lock(self.path / "lock"))
        except AlreadyLocked as error:
            return error.pid or 0
        return None

    def secret_key(self) -> str:
        """Made once, readable by its owner alone; losing it ends every session and signed link."""
        path = self.path / "secret-key"
        if not path.exists():
            fresh = path.with_name(f"secret-key.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(50))
            try:
                os.link(fresh, path)  # whoever comes first wins; the other reads the winner's
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()

    def prepared(self) -> str:
        """The state of the checkout for which tables and static files were made ready the last time; "" for none."""
        path = self.path / "prepared"
        return path.read_text() if path.exists() else ""

    def note_prepared(self, state: str) -> None:
        (self.path / "prepared").write_text(state)

    def write_running(self, running: Running) -> None:
        fresh = self._state.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(running), indent=1))
        fresh.replace(self._state)

    def running(self) -> Running | None:
        """What the holder of the lock has written; None where nobody runs, or has not written yet."""
        holder = self.holder()
        running = self._read_running()
        return running if running and running.pid == holder else None

    def forget_running(self) -> None:
        self._state.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End what a killed supervisor left, where the kernel did not do so. The caller holds the lock."""
        left = self._read_running()
        for name, pid in left.children.items() if left else ():
            # PostgreSQL may be writing its last checkpoint; its next start waits for it (postgres.py).
            if left and name != Postgres.name and birth(pid) and birth(pid) == left.births.get(name):
                end_group(pid)
        self.forget_running()

    def _read_running(self) -> Running | None:
        try:
            return Running(**json.loads(self._state.read_text()))
        except FileNotFoundError:
            return None

    @contextmanager
    def joined(self, patience: float = 600) -> Iterator[Running | None]:
        """The running instance, kept alive while we are inside; None where there is none.

        An instance that is still starting is waited for.
        """
        with (self.path / "guests").open("a") as guests:
            end = time.monotonic() + patience
            fcntl.flock(guests, fcntl.LOCK_SH)
            while not (running := self.running()) and self.holder() is not None and time.monotonic() < end:
                fcntl.flock(guests, fcntl.LOCK_UN)  # it may be waiting for us to leave
                time.sleep(0.1)
                fcntl.flock(guests, fcntl.LOCK_SH)
            yield running

    @contextmanager
    def without_guests(self) -> Iterator[None]:
        """Wait until every joined command has ended, and let no new one in."""
        with (self.path / "guests").open("a") as guests:
            fcntl.flock(guests, fcntl.LOCK_EX)
            yield
