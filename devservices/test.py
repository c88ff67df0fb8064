"""`./cradle test [pytest options]`: all tests, those in a browser too."""

from __future__ import annotations

import os
import sys

from . import chromium
from .environment import ROOT
from .processes import ServiceError, run_to_end
from .terminal import complain

PROCESSES = 2


def main() -> int:
    try:
        program = chromium.find_or_install()
    except ServiceError as error:
        complain(str(error))
        return 1
    return run_to_end(command(sys.argv[1:]), env={**os.environ, "CRADLE_CHROMIUM": program}, cwd=ROOT)


def command(arguments: list[str]) -> list[str]:
    """Two processes, each with a file at a time in their order, unless the caller says otherwise or wants to look inside."""
    alone = any(
        argument.startswith(("-n", "--numprocesses", "--pdb", "--collect-only", "--co")) for argument in arguments
    )
    spread = [] if alone else ["-n", str(PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder"]
    return [sys.executable, "-m", "pytest", *spread, *arguments]


if __name__ == "__main__":
    sys.exit(main())
