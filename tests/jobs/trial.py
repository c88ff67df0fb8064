"""Kinds of jobs that only tests use. Their effects are files, so that they outlive transactions and killed workers."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from accounts.refusals import Refused
from jobs.models import Stopped
from jobs.registry import job


@job("trial.steps", "Trial", stoppable=True)
def write_files(job, *, folder, count, pause=0.05):
    """One file for each step; a step that was done already is not done again."""
    for number in range(count):
        note(folder, f"{number} by {os.getpid()}")
        Path(folder, f"{number}.done").touch()
        job.report(done=number + 1, total=count, text="writing files")
        time.sleep(pause)
    return {"files": count}


@job("trial.planned", "Trial with steps", stoppable=True)
def follow_plan(job, *, folder, pause=0.0):
    job.plan("Read the file", "Match people", "Create items")
    job.next_step("3 rows")
    job.next_step("2 people")
    for number in range(3):
        job.report(done=number + 1, total=3)
        time.sleep(pause)
    note(folder, "planned")


@job("trial.fails", "Trial that fails", delays=(0, 0, 0, 0))
def fail(job, *, folder):
    note(folder, "tried")
    raise ValueError("no such luck")


@job("trial.refuses", "Trial that says no")
def refuse(job, *, folder):
    note(folder, "tried")
    raise Refused("The file has no title column. Add one and import it again.")


@job("trial.poison", "Trial that kills its worker")
def die(job, *, folder):
    note(folder, "died")
    os.kill(os.getpid(), signal.SIGKILL)


@job("trial.slow_to_stop", "Trial that cleans up", stoppable=True)
def clean_up(job, *, folder):
    try:
        while True:
            job.report(text="waiting to be stopped")
            time.sleep(0.05)
    except Stopped:
        note(folder, "cleaned up")
        raise


@job("trial.silent", "Trial without reports")
def work_in_silence(job, *, folder, seconds):
    note(folder, "began")
    time.sleep(seconds)
    note(folder, "ended")


def note(folder, line):
    with Path(folder, "log").open("a") as log:
        log.write(line + "\n")


def lines(folder):
    log = Path(folder, "log")
    return log.read_text().splitlines() if log.exists() else []
