"""From an empty folder to an answering page, the second start, and the memory of the whole tree: `./cradle bench start`.

A copy of the checkout without .venv and data is started by its own launcher, as a newcomer would. Aims, not limits:
they are printed, and hold for two quiet cores with a warm package cache.
"""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.measure import tell
from devservices.environment import ROOT
from devservices.tree import own_environment
from devservices.up import free_port

SERVERS = False
FIRST, SECOND = 60.0, 6.0  # seconds


def main() -> int:
    with copy_of_the_checkout() as checkout:
        with started(checkout) as first:
            tell("empty folder to answering page, s", first.answered, f"<= {FIRST:.0f}", first.answered <= FIRST)
            tell("empty folder to running jobs, s", first.complete)
            tell("memory of the whole tree, MB", memory_of(first.process.pid))
        tell("Ctrl-C to the last process gone, s", first.stopped)
        tell("first start and stop, s of CPU", first.cpu)
        with started(checkout) as second:
            tell("second start to answering page, s", second.answered, f"<= {SECOND:.0f}", second.answered <= SECOND)
            tell("second start to running jobs, s", second.complete)
        tell("second start and stop, s of CPU", second.cpu)
    return 0


@contextmanager
def copy_of_the_checkout() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cradle-start-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user under root
        listing = ["git", "ls-files", "-co", "--exclude-standard"]
        files = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for file in files.splitlines():
            if (ROOT / file).is_file():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, folder / file)
        yield folder


class Start:
    """Seconds since the command was given."""

    def __init__(self, checkout: Path) -> None:
        self.began = time.monotonic()
        self.answered = self.complete = self.stopped = self.cpu = 0.0
        self.used = cpu_of_children()
        command = [sys.executable, str(checkout / "cradle"), "up", "--port", str(free_port(0))]
        self.process = subprocess.Popen(
            command, cwd=checkout, env=environment_of_a_newcomer(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def wait(self) -> None:
        assert self.process.stdout
        said = []
        for line in self.process.stdout:
            said.append(line.decode(errors="replace"))
            if said[-1].startswith("Cradle answers"):
                self.answered = time.monotonic() - self.began
            if said[-1].startswith("Worker and beat answer"):
                self.complete = time.monotonic() - self.began
                return
        sys.exit("The start failed:\n" + "".join(said))

    def stop(self) -> None:
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)
        self.stopped = time.monotonic() - began
        self.cpu = cpu_of_children() - self.used


def cpu_of_children() -> float:
    """Seconds that all ended descendants have used: unlike those of the clock they do not depend on the neighbours."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment_of_a_newcomer() -> dict[str, str]:
    """Without the paths by which this bench itself was started."""
    return {name: value for name, value in own_environment().items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


@contextmanager
def started(checkout: Path) -> Iterator[Start]:
    start = Start(checkout)
    try:
        start.wait()
        yield start
    finally:
        start.stop()


def memory_of(root: int) -> int:
    """Of a process and all that descend from it, proportional: what several share is counted once."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    tree = {root}
    while grown := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= grown
    kilobytes = 0
    for pid in tree:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes // 1024


if __name__ == "__main__":
    sys.exit(main())
