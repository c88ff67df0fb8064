"""What the image would hold, and the servers beside it, without Docker."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from devservices.environment import ROOT
from devservices.postgres import Postgres
from devservices.valkey import Valkey
from tests.devservices.processes import as_ordinary_user, owned_by_ordinary_user

from .ignoring import is_ignored, locked_names

# Put first on the import path of what runs "in the image": hides the libraries that the image does not have.
HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(f"{{name}} is not in the image", name=name)

sys.meta_path.insert(0, Hidden())
"""


@pytest.fixture(scope="session")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Open to other users, unlike pytest's own folders."""
    folder = Path("/tmp") / f"cradle-image-{os.getpid()}-{tmp_path_factory.mktemp('image').name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def image(folder):
    """The files that `COPY . /srv/cradle` would copy, owned by somebody who is not the user that runs them."""
    target = folder / "srv"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in listed.splitlines():
        if (ROOT / name).is_file() and not is_ignored(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    libraries = folder / "hiding"
    libraries.mkdir()
    (libraries / "sitecustomize.py").write_text(HIDE.format(hidden=modules_outside_the_image()))
    return target


def modules_outside_the_image():
    """Top-level modules that only the tests' or the embedded servers' requirements bring."""
    inside = locked_names("base")
    tidy = str.maketrans("_.", "--")
    return sorted(
        module
        for module, distributions in packages_distributions().items()
        if not {name.lower().translate(tidy) for name in distributions} & inside
    )


@pytest.fixture(scope="module")
def servers(folder):
    started = [Postgres(folder / "postgres", fast=True), Valkey(folder / "valkey", persist=False)]
    for server in started:
        server.start()
    for server in started:
        server.wait()
    started[0].ensure_database("cradle")
    # Both sockets are closed to other users, and the application is another user here.
    started[0].socket_folder.chmod(0o711)
    started[1].folder.chmod(0o711)
    started[1].socket.chmod(0o777)
    yield started
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def settings_of_the_image(folder, servers, unused_port):
    """The environment that docker-compose.yml gives, with the addresses of the embedded servers."""
    postgres, valkey = servers
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder / "hiding"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CRADLE_DATA": str(owned_by_ordinary_user(folder / "data")),
        "HOME": str(folder / "data"),
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEF",
        "DATABASE_URL": postgres.url("cradle"),
        "REDIS_URL": valkey.url(0),
        "CELERY_BROKER_URL": valkey.broker_url(1),
        "BASE_URL": "https://cradle.example",
        "PORT": str(unused_port),
    }


@pytest.fixture(scope="module")
def run_in_image(image):
    """Run a command to its end, as the ordinary user, in the image's folder."""

    def run(command, env):
        return subprocess.run(
            as_ordinary_user(command), cwd=image, env=env, capture_output=True, text=True, check=False, timeout=120
        )

    return run
