"""Looking at the processes of this machine from outside, as an operator would with ps."""

import os
import shutil
import time
from pathlib import Path


def processes_of(folder):
    """Command lines of all live processes that name the folder in their arguments or their environment."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            arguments, environ = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
        except OSError:  # it ended meanwhile, or belongs to somebody else
            continue
        if arguments and str(folder).encode() in arguments + environ:
            found[int(entry.name)] = arguments.replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def wait_until(claim, seconds=20):
    """True as soon as the claim holds, False when the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if claim():
            return True
        time.sleep(0.05)
    return bool(claim())


def as_ordinary_user(command):
    """The command for a user who is not root: ourselves, else nobody, who may read (but not write) what root may.

    The right to read is lent because a checkout or a Python below /root can't be entered by anybody else.
    """
    if os.geteuid() != 0:
        return list(command)
    assert shutil.which("setpriv"), "setpriv (package util-linux) is needed to test as an ordinary user"
    lent = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *lent, *command]


def owned_by_ordinary_user(folder):
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    return folder
