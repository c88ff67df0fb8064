"""One page through the Chromium that is installed here: to PDF or PNG, from a file of its own, with no network at all.

The page is handed over as one file that holds its styles and fonts; whatever it might name besides cannot be reached: names resolve
to nothing, and its own policy lets no script run. Time and memory are bounded, and the environment holds none of ours.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.refusals import Refused
from devservices import chromium

SECONDS = 60
MEGABYTES = 1500
STEP = 0.1
FLAGS = (
    "--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
    "--no-pdf-header-footer", "--virtual-time-budget=5000",
)  # fmt: skip


class NoChromium(Refused):
    """Nothing here can draw a page."""


@cache
def program() -> str | None:
    """The Chromium of this machine, looked for once by each process; CRADLE_CHROMIUM names another."""
    return chromium.find()


def pdf_of(page: str, tell: Callable[[], None] = lambda: None) -> bytes:
    """The page as it prints. `tell` is called while Chromium works, and may raise to stop it."""
    return _drawn(page, "page.pdf", ["--print-to-pdf={out}"], tell)


def png_of(page: str, width: int, height: int, tell: Callable[[], None] = lambda: None) -> bytes:
    """The page as it looks on a screen of that many CSS pixels, at twice their density."""
    wanted = ["--screenshot={out}", f"--window-size={width},{height}", "--force-device-scale-factor=2"]
    return _drawn(page, "page.png", wanted, tell)


def _drawn(page: str, name: str, wanted: list[str], tell: Callable[[], None]) -> bytes:
    found = program()
    if found is None:
        raise NoChromium(
            _("No Chromium is installed here. Open the roadmap and print it, or save it as PDF, from your browser.")
        )
    with tempfile.TemporaryDirectory(prefix="cradle-print-") as folder:
        source, out = Path(folder, "page.html"), Path(folder, name)
        source.write_text(page, encoding="utf-8")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to run as root
        command = [found, *FLAGS, *sandbox, f"--user-data-dir={folder}/profile"]
        command += [one.format(out=out) for one in wanted]
        _run([*command, source.as_uri()], folder, tell)
        if not out.exists():
            raise RuntimeError("Chromium ended without a file.")
        return out.read_bytes()


def _run(command: list[str], folder: str, tell: Callable[[], None]) -> None:
    """To the end, or to the end of its time or memory; nothing of it is left behind."""
    env = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"}
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen(  # noqa: S603 - the one program, no shell
            command, env=env, stdout=nothing, stderr=nothing, start_new_session=True, cwd=folder
        )
    until = time.monotonic() + SECONDS
    try:
        while process.poll() is None:
            if time.monotonic() > until:
                raise Refused(
                    _("Chromium took longer than %(n)d seconds. Narrow the roadmap with a filter.") % {"n": SECONDS}
                )
            if _megabytes(process.pid) > MEGABYTES:
                raise Refused(_("This roadmap takes more memory than a picture may. Narrow it with a filter."))
            tell()
            time.sleep(STEP)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Everything that it started: it leads a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _megabytes(session: int) -> float:
    """What the processes of a session hold that no other does; 0 where that cannot be read."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                resident, shared = (stat.parent / "statm").read_text().split()[1:3]
                total += int(resident) - int(shared)
        except (OSError, ValueError, IndexError):
            continue
    return total * os.sysconf("SC_PAGE_SIZE") / 1_000_000
