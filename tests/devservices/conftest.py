import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from devservices.environment import ROOT
from devservices.tree import own_environment


@pytest.fixture
def open_folder():
    """Others may pass: pytest's own folders are closed to them, and PostgreSQL under root is another user."""
    yield from new_open_folder()


@pytest.fixture(scope="module")
def open_module_folder():
    yield from new_open_folder()


def new_open_folder():
    folder = Path(tempfile.mkdtemp(prefix="cradle-test-", dir="/tmp"))
    os.chmod(folder, 0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def prepared():
    """A data folder that was used once: its tables are there, and a start from it is quick."""
    for folder in new_open_folder():
        command = [sys.executable, "-m", "devservices.up", "--data", str(folder / "data"), *ONCE]
        subprocess.run(command, env=own_environment(), cwd=ROOT, check=True, capture_output=True, timeout=240)
        yield folder / "data"


ONCE = ("--once", "--empty", "--port", "0")


@pytest.fixture
def used(prepared, open_folder):
    """A copy of it, with its owners (PostgreSQL's part may belong to nobody)."""
    subprocess.run(["cp", "-a", str(prepared), str(open_folder / "data")], check=True)
    return open_folder / "data"
