"""A task must not outlive its worker: whoever looks after the worker would start a second one beside it."""

import ctypes
import signal
import sys
from typing import Any

from celery.signals import worker_process_init

PR_SET_PDEATHSIG = 1


@worker_process_init.connect
def die_with_the_worker(**_: Any) -> None:
    """On Linux the kernel ends a pool process when the worker's main process has died, also by kill -9."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
