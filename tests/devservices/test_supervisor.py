"""What the supervisor does when a process dies, told with small real processes."""

import signal
import sys
import time

import pytest

from devservices.environment import ROOT
from devservices.supervisor import RESTARTS, KeepsDying, Program, Supervisor

from .processes import wait_until

DELAY = 0.01


def program(name, script, **options):
    return Program(name, [sys.executable, "-c", script], {}, ROOT, **options)


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(said):
    supervisor = Supervisor(say=said.append, delay=DELAY)
    yield supervisor
    supervisor.stop()


def look_after_until(supervisor, claim, seconds=20):
    def round_of_looking():
        supervisor.look_after()
        return claim()

    assert wait_until(round_of_looking, seconds)


def test_a_killed_program_is_started_again(supervisor, said):
    sleeper = program("worker", "import time; time.sleep(60)")
    supervisor.add(sleeper)
    first = sleeper.process.pid
    sleeper.process.send_signal(signal.SIGKILL)
    look_after_until(supervisor, lambda: sleeper.process.pid != first and sleeper.process.poll() is None)
    assert said == ["worker was ended by SIGKILL; starting it again in 0.01 s (attempt 1 of 5)."]


def test_a_program_that_keeps_dying_is_given_up_after_five_restarts_with_growing_pauses(supervisor, said):
    supervisor.add(program("beat", "raise SystemExit(3)"))
    with pytest.raises(
        KeepsDying, match=r"^beat keeps dying: 5 restarts did not help, the last time it ended with exit"
    ):
        look_after_until(supervisor, lambda: False)
    assert len(said) == RESTARTS
    assert [line.split(" in ")[1].split(" s ")[0] for line in said] == ["0.01", "0.02", "0.04", "0.08", "0.16"]


def test_deaths_long_apart_are_not_added_up(supervisor, said):
    sleeper = program("web", "import time; time.sleep(60)")
    supervisor.add(sleeper)
    for _ in range(RESTARTS + 2):
        pid = sleeper.process.pid
        time.sleep(DELAY * 21)
        sleeper.process.send_signal(signal.SIGKILL)
        look_after_until(supervisor, lambda pid=pid: sleeper.process.pid != pid)
    assert {line.split("(")[1] for line in said} == {"attempt 1 of 5)."}


def test_children_of_a_killed_program_are_ended_before_it_is_started_again(supervisor, tmp_path):
    script = f"""
import os, subprocess, time
child = subprocess.Popen(["sleep", "60"])
open({str(tmp_path / "child")!r}, "a").write(f"{{child.pid}} ")
time.sleep(60)
"""
    parent = program("worker", script)
    supervisor.add(parent)
    children = tmp_path / "child"
    assert wait_until(lambda: children.exists() and children.read_text())
    first = children.read_text().split()[0]
    parent.process.send_signal(signal.SIGKILL)
    look_after_until(supervisor, lambda: len(children.read_text().split()) == 2)
    assert state_of(first) in ("", "Z")


def state_of(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def test_a_program_that_does_not_listen_is_forced_to_end(supervisor):
    deaf = program(
        "web",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
        signals=((signal.SIGTERM, 0.2), (signal.SIGKILL, 5)),
    )
    supervisor.add(deaf)
    time.sleep(0.5)
    supervisor.stop()
    assert deaf.process.poll() == -signal.SIGKILL


def test_a_program_is_asked_to_end_only_once(supervisor, tmp_path):
    asked = tmp_path / "asked"
    script = f"""
import signal, time
def note(*_):
    open({str(asked)!r}, "a").write("x")
signal.signal(signal.SIGTERM, note)
open({str(tmp_path / "listening")!r}, "w").close()
while not open({str(asked)!r}, "a+").tell():
    time.sleep(0.01)
time.sleep(0.3)
"""
    polite = program("worker", script)
    supervisor.add(polite)
    assert wait_until((tmp_path / "listening").exists)
    supervisor.stop()
    assert asked.read_text() == "x"
    assert polite.process.returncode == 0
