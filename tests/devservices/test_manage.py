"""`./cradle manage` where nothing runs: servers for the time of one command."""

import signal
import subprocess
import sys

import pytest

from devservices.data_folder import DataFolder
from devservices.environment import ROOT
from devservices.tree import own_environment

from .processes import processes_of, wait_until

pytestmark = pytest.mark.services

WRITE = """
from django.contrib.sessions.models import Session
from config.clock import now
Session.objects.create(session_key="kept", session_data="", expire_date=now())
"""
READ = "from django.contrib.sessions.models import Session; print(list(Session.objects.values_list('pk', flat=True)))"


def command(folder, *arguments):
    return [sys.executable, "-m", "devservices.manage", f"--data={folder}", *arguments]


def run(folder, *arguments):
    return subprocess.run(
        command(folder, *arguments), env=own_environment(), cwd=ROOT, capture_output=True, text=True, timeout=240
    )


def test_servers_are_started_for_one_command_and_the_data_is_kept(open_folder):
    """From an empty folder; the others begin with tables that are there."""
    data = open_folder / "data"
    assert run(data, "shell", "--no-imports", "-c", WRITE).returncode == 0
    assert processes_of(data) == {}
    done = run(data, "shell", "--no-imports", "-c", READ)
    assert done.stdout.splitlines()[-1] == "['kept']"
    assert processes_of(data) == {}


def test_the_exit_code_is_that_of_the_command(used):
    assert run(used, "shell", "--no-imports", "-c", "raise SystemExit(7)").returncode == 7


def test_a_second_command_joins_the_first_and_neither_takes_the_servers_from_the_other(used):
    data = used
    first = subprocess.Popen(
        command(data, "shell", "--no-imports", "-c", "import time; time.sleep(4)"), env=own_environment(), cwd=ROOT
    )
    try:
        assert wait_until(lambda: DataFolder(data).running() is not None, 60)
        slower = "import time; time.sleep(6); " + READ
        second = run(data, "shell", "--no-imports", "-c", slower)
        assert second.stdout.splitlines()[-1] == "[]", second.stderr
    finally:
        first.wait(60)
    assert first.returncode == 0
    assert processes_of(data) == {}


def test_an_interrupted_command_stops_its_servers(used):
    data = used
    child = subprocess.Popen(
        command(data, "shell", "--no-imports", "-c", "import time; time.sleep(60)"), env=own_environment(), cwd=ROOT
    )
    assert wait_until(lambda: DataFolder(data).running() is not None, 60)
    child.send_signal(signal.SIGTERM)
    child.wait(60)
    assert wait_until(lambda: processes_of(data) == {})
