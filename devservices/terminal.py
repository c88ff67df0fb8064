"""What the commands say, one line at a time."""

from __future__ import annotations

import sys
import threading

writing = threading.Lock()


def say(message: str) -> None:
    with writing:
        print(message, flush=True)


def complain(message: str) -> None:
    with writing:
        print(message, file=sys.stderr, flush=True)
