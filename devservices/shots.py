"""`./cradle shots`: pictures of every screen into build/shots, by tests/shots.py."""

from __future__ import annotations

import os
import sys

from . import chromium
from .environment import ROOT
from .processes import ServiceError, run_to_end
from .terminal import complain


def main() -> int:
    try:
        env = {**os.environ, "CRADLE_CHROMIUM": chromium.find_or_install()}
    except ServiceError as error:
        complain(str(error))
        return 1
    return run_to_end([sys.executable, "-m", "tests.shots", *sys.argv[1:]], env=env, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
