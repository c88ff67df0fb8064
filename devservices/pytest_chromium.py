"""pytest-playwright drives the Chromium that this machine has; registered by pytest_plugin after pytest-playwright."""

from __future__ import annotations

import os
from typing import Any

import pytest

from . import chromium


@pytest.fixture(scope="session")
def browser_type_launch_args(pytestconfig: pytest.Config) -> dict[str, Any]:
    program = chromium.find()
    if program is None:
        pytest.fail(chromium.WHAT_TO_INSTALL)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses to run as root
    return {
        "executable_path": program,
        "headless": not pytestconfig.getoption("--headed"),
        "args": [*sandbox, "--disable-dev-shm-usage", "--disable-gpu"],
    }
