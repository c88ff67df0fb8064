"""What .dockerignore leaves out, and what the locked lists name."""

import re
from fnmatch import fnmatch

from devservices.environment import ROOT


def is_ignored(name):
    """Docker's rules as far as our file uses them: a pattern hides a path and all below it; `**/` stands for any folder."""
    lines = (ROOT / ".dockerignore").read_text().split()
    folders = [name, *(name[: place.start()] for place in re.finditer("/", name))]
    return any(matches(path, pattern) for pattern in lines for path in folders)


def matches(path, pattern):
    if pattern.startswith("**/"):
        return fnmatch(path.rsplit("/", 1)[-1], pattern.removeprefix("**/"))
    return path.count("/") == pattern.count("/") and fnmatch(path, pattern)


def locked_names(name):
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return {line.split("==")[0].split("[")[0].strip().lower() for line in lines if "==" in line and line[0] not in " #"}


def locked(name):
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    pins = (line.split(";")[0].removesuffix("\\").strip() for line in lines if "==" in line and line[0] not in " #")
    return dict(pin.split("==") for pin in pins)
