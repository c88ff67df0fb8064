"""`./cradle check [STEP …]`: everything that the build server runs, or some of it.

Goes on after a failure, to show all that is wrong.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import chromium, test
from .environment import ROOT
from .processes import ServiceError
from .terminal import complain, say

# Nothing here may reach a database: the tests have their own, and the linters need none.
SETTINGS = {
    "DEBUG": "1",
    "DATABASE_POOL": "0",
    "SECRET_KEY": "for checks only",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}
LIKE_PRODUCTION = {
    "DATABASE_POOL": "0",
    "DEBUG": "0",
    "SECRET_KEY": "for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "REDIS_URL": "redis://localhost:6379/0",
    "BASE_URL": "https://cradle.example",
    "ALLOWED_HOSTS": "cradle.example",
}


@dataclass
class Step:
    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)


def main() -> int:
    wanted = parser().parse_args().steps
    try:
        browser = {"CRADLE_CHROMIUM": chromium.find_or_install()} if not wanted or "tests" in wanted else {}
    except ServiceError as error:
        complain(str(error))
        return 1
    failed = [step.name for step in steps(browser) if (not wanted or step.name in wanted) and not passes(step)]
    say(f"\nNot in order: {', '.join(failed)}." if failed else "\nAll is in order.")
    return 1 if failed else 0


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="./cradle check", description=__doc__)
    names = ", ".join(step.name for step in steps({}))
    options.add_argument("steps", nargs="*", metavar="STEP", help=f"one or more of {names}")
    return options


def steps(browser: dict[str, str]) -> Iterator[Step]:
    django = [sys.executable, "manage.py"]
    yield Step("ruff", tool("ruff", "check", "."))
    yield Step("format", tool("ruff", "format", "--check", "."))
    yield Step("djlint", tool("djlint", "templates", "--lint", "--quiet"))
    yield Step("imports", tool("lint-imports"), SETTINGS)
    yield Step("migrations", [*django, "makemigrations", "--check", "--dry-run"], SETTINGS)
    yield Step("deploy", [*django, "check", "--deploy", "--fail-level", "WARNING"], LIKE_PRODUCTION)
    yield Step("contrast", [sys.executable, "-m", "ui.contrast"], SETTINGS)
    yield Step("types", tool("mypy", "."), SETTINGS)
    yield Step("tests", test.command(["-q"]), browser)


def tool(name: str, *arguments: str) -> list[str]:
    return [os.path.join(os.path.dirname(sys.executable), name), *arguments]


def passes(step: Step) -> bool:
    say(f"── {step.name}")
    began = time.monotonic()
    code = subprocess.run(step.command, env={**os.environ, **step.env}, cwd=ROOT, check=False).returncode
    say(f"   {'in order' if code == 0 else 'NOT in order'}, {time.monotonic() - began:.0f} s")
    return code == 0


if __name__ == "__main__":
    sys.exit(main())
