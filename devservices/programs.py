"""The commands of web, worker and beat. `python -m devservices.programs ROLE` becomes one of them, in a container."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from .environment import ROOT
from .supervisor import Program

# Without it an open event stream would keep the server from ever ending.
GRACE = 3
PORT = 8000


def web_command(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "uvicorn", "config.asgi:application"),
        *("--host", host, "--port", str(port), "--log-level", "warning", "--no-access-log", "--no-server-header"),
        "--no-proxy-headers",  # TRUSTED_PROXY_COUNT says how far X-Forwarded-For is believed; nobody else may
        *("--timeout-graceful-shutdown", str(GRACE)),
    ]


def worker_command() -> list[str]:
    processes = max(2, min(4, os.cpu_count() or 2))
    return [
        *(sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker", "--loglevel", "WARNING"),
        *("--concurrency", str(processes), "--without-gossip", "--without-mingle"),
    ]


def beat_command(folder: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "--quiet", "--app", "config", "beat", "--loglevel", "WARNING"),
        *("--pidfile=", "--schedule", str(folder / "beat-schedule")),
    ]


def web(port: int, env: Mapping[str, str]) -> Program:
    return Program(
        "web", web_command("127.0.0.1", port), env, ROOT, signals=((signal.SIGTERM, GRACE + 3), (signal.SIGKILL, 5))
    )


def worker(env: Mapping[str, str]) -> Program:
    """Finishes its running tasks when asked to end, drops them when told; a dropped task is run again by the sweep.

    Without a supervisor its servers are gone too: there is nothing left to finish, so it dies at once.
    """
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return Program(
        "worker",
        worker_command(),
        {**quiet, **env},
        ROOT,
        signals=((signal.SIGTERM, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)),
        death_signal=signal.SIGKILL,
    )


def beat(folder: Path, env: Mapping[str, str]) -> Program:
    return Program("beat", beat_command(folder), env, ROOT)


def main() -> None:
    """The process becomes the program, so that signals and exit code are its own."""
    role = sys.argv[1] if len(sys.argv) > 1 else ""
    commands = {
        "web": lambda: web_command("0.0.0.0", int(os.environ.get("PORT", PORT))),  # noqa: S104 - a container's own
        "worker": worker_command,
        "beat": lambda: beat_command(Path(os.environ.get("CRADLE_DATA", "."))),
    }
    if role not in commands:
        sys.exit("Say what to run: web, worker or beat.")
    command = commands[role]()
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
