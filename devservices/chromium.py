"""Finds a Chromium, for the browser tests and for roadmaps as PDF and PNG (roadmap/sharing/chromium.py), or installs one for the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .processes import ServiceError
from .terminal import complain

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WHAT_TO_INSTALL = "The browser tests need Chromium: install it (Debian: apt install chromium) and start again."


def find() -> str | None:
    """CRADLE_CHROMIUM, else one on the PATH, else one that Playwright has installed; it must really start."""
    return next((program for program in candidates() if starts(program)), None)


def find_or_install() -> str:
    """Raises ServiceError with the one sentence that says what to install."""
    program = find()
    if program is None:
        complain("There is no Chromium here; installing it …")
        install()
        program = find()
    if program is None:
        raise ServiceError(WHAT_TO_INSTALL)
    return program


def candidates() -> Iterator[str]:
    if named := os.environ.get("CRADLE_CHROMIUM"):
        yield named
    for name in NAMES:
        if found := shutil.which(name):
            yield found
    yield from (str(path) for path in playwrights_own())


def playwrights_own() -> list[Path]:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    caches = (
        [Path(folder)]
        if folder
        else [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    )
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    return sorted((path for cache in caches for pattern in patterns for path in cache.glob(pattern)), reverse=True)


def starts(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """On Debian as root with apt, which brings the system libraries; else Playwright's own build."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        attempt(["apt-get", "update", "-q"], quiet)
        attempt(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], quiet)
    if find() is None:
        attempt([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def attempt(command: list[str], env: dict[str, str]) -> None:
    """What it prints goes to stderr; whether it worked is seen by looking for Chromium afterwards."""
    subprocess.run(command, env=env, stdout=sys.stderr, check=False)
