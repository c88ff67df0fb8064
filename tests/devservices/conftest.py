import os
import shutil
import tempfile
from pathlib import Path

import pytest


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
