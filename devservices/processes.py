"""Children that die with their parent, and waiting for them."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

LIBC = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
PR_SET_PDEATHSIG = 1
TERM_THEN_KILL = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


class ServiceError(RuntimeError):
    """A server did not start or does not answer; the message is written for the person at the terminal."""


def spawn(
    command: Sequence[object],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    output: IO[bytes] | int | None = None,
    user: str | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that a terminal's Ctrl-C reaches the supervisor alone.

    On Linux the kernel sends `death_signal` when the thread that called us ends: call it from the main thread.
    """
    parent = os.getpid()

    def before_exec() -> None:
        if LIBC is None:
            return
        LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # the parent died before the line above took effect
            os._exit(1)

    return subprocess.Popen(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=before_exec,
        **run_as(user),
    )


def run_as(user: str | None) -> dict[str, Any]:
    """Keyword arguments for subprocess that change to another user; empty for None."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def stop(process: subprocess.Popen[bytes] | None, signals: Sequence[tuple[int, float]] = TERM_THEN_KILL) -> None:
    """Send each signal in turn until the child is gone, then end what is left of its process group."""
    if process is None:
        return
    for number, seconds in signals:
        if process.poll() is not None:
            break
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    end_group(process.pid)


def end_group(pid: int) -> None:
    """Kill what a dead leader left behind in its group (pool children of a killed worker, say)."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nobody left, or only zombies of another user
        return


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float, name: str, log: Path
) -> None:
    """Poll until ready. Raises ServiceError when the process ends or the time is up."""
    end = time.monotonic() + seconds
    delay = 0.01
    while time.monotonic() < end:
        if process.poll() is not None:
            raise ServiceError(f"{name} ended with exit code {process.returncode} while starting.\n{tail(log)}")
        if ready():
            return
        time.sleep(delay)
        delay = min(delay * 1.5, 0.2)
    raise ServiceError(f"{name} did not answer within {seconds:.0f} s; see {log}.")


def tail(log: Path, characters: int = 2000) -> str:
    return log.read_text(errors="replace")[-characters:] if log.exists() else ""


def birth(pid: int) -> str:
    """When a process began: together with its number it names one process for ever. Empty for one that is gone."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[19]  # field 22, starttime
        except OSError:
            return ""
    return subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()


def run_to_end(command: Sequence[object], env: Mapping[str, str] | None = None, cwd: Path | str | None = None) -> int:
    """Run in the foreground. Ctrl-C reaches the command itself; a request to end us is handed on to it."""
    child = subprocess.Popen([str(part) for part in command], env=env, cwd=cwd)
    earlier = signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        code = child.wait()
    finally:
        signal.signal(signal.SIGINT, earlier)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return code if code >= 0 else 128 - code
