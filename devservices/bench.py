"""`./cradle bench [NAME …]`: runs bench/NAME.py against servers like those of production; without a name, all of them.

Each prints one line a figure: name, value, target, ok or short. Its environment names the servers and BENCH_URL the
pages; the demo workspace is in them. A bench that starts its own servers says so with `SERVERS = False` at its top.
Options that are not listed here go to the one bench that is named (`./cradle bench kill --rounds 5`).
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from pathlib import Path

from .environment import ROOT
from .processes import ServiceError
from .terminal import complain
from .tree import Tree, own_environment

FOLDER = ROOT / "bench"
DATA = ROOT / "build" / "bench"


def main() -> int:
    options, own = parser().parse_known_args()
    names = options.names or every_name()
    unknown = [name for name in names if name not in every_name()]
    if unknown:
        complain(f"There is no bench {unknown[0]}. There are: {', '.join(every_name())}.")
        return 2
    if own and len(names) != 1:
        complain(f"{own[0]} is an option of one bench: name it.")
        return 2
    alone = [name for name in names if not wants_servers(FOLDER / f"{name}.py")]
    shared = [name for name in names if name not in alone]
    try:
        codes = [run(name, own_environment(), own) for name in alone]
        if shared:
            with Tree(options.data, *(["--today", options.today] if options.today else [])) as tree:
                codes += [run(name, {**tree.environment, "BENCH_URL": tree.url}, own) for name in shared]
    except ServiceError as error:
        complain(str(error))
        return 1
    return max(codes, default=0)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="./cradle bench", description=__doc__)
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--data", type=Path, default=DATA, help="the data folder of the servers (build/bench)")
    options.add_argument("--today", metavar="DATE", help="the day on which a new demo is made")
    return options


def every_name() -> list[str]:
    """Those that can be run; the rest of the folder is their common ground."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if '__name__ == "__main__"' in path.read_text())


def wants_servers(path: Path) -> bool:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node) == "SERVERS = False":
            return False
    return True


def run(name: str, env: dict[str, str], options: list[str]) -> int:
    command = [sys.executable, "-m", f"bench.{name}", *options]
    return subprocess.run(command, env=env, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
