"""The short version of `./cradle bench kill`: nothing acknowledged is lost, counted twice or mailed twice."""

import subprocess
import sys

import pytest

from devservices.environment import ROOT
from devservices.tree import own_environment

pytestmark = [pytest.mark.services]

VICTIMS = ("web", "worker", "PostgreSQL", "Valkey")


def test_what_was_acknowledged_stands_whatever_is_killed():
    command = [sys.executable, "-m", "devservices.bench", "kill", "--seconds", "0.5", "--rounds", "1"]
    done = subprocess.run(command, cwd=ROOT, env=own_environment(), capture_output=True, text=True, timeout=280)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert [line.split()[0] for line in said.splitlines() if " killed: " in line] == list(VICTIMS)
    for figure in (
        "acknowledged writes lost",
        "writes that are there twice",
        "events counted - events sent",
        "mails lost",
    ):
        line = next(line for line in said.splitlines() if line.startswith(figure))
        assert line.split()[-3:] == ["0", "0", "ok"], said
