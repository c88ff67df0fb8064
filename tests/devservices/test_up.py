"""`./cradle up` from outside: real servers, a real terminal's signals, and what is left afterwards."""

import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from devservices.addresses import with_database, with_number
from devservices.environment import ROOT, state_of_the_checkout
from devservices.pulse import MARKS, Pulse
from devservices.tree import Tree, own_environment

from .processes import as_ordinary_user, owned_by_ordinary_user, processes_of, wait_until

pytestmark = pytest.mark.services

# Short pauses between restarts; who has lived for a second counts as well again.
QUICKLY = {"CRADLE_RESTART_DELAY": "0.05"}


def up(*options, env=None, ordinary=False):
    command = [sys.executable, "-m", "devservices.up", *map(str, options)]
    return subprocess.run(
        as_ordinary_user(command) if ordinary else command,
        env={**own_environment(), **(env or {})},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture(scope="module")
def tree(open_module_folder):
    """Started from nothing, and looked after by the tests until the last of them."""
    with Tree(open_module_folder / "data", "--empty", env=QUICKLY) as tree:
        yield tree
    assert processes_of(tree.folder.path) == {}


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def test_page_worker_and_beat_answer(tree):
    assert fetch(f"{tree.url}/readyz") == (200, "ready")
    assert set(tree.running.children) == {"PostgreSQL", "Valkey", "web", "worker", "beat"}


def test_the_database_keeps_every_acknowledged_write(tree):
    with psycopg.connect(tree.running.addresses["DATABASE_URL"]) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert connection.execute(f"show {name}").fetchone() == ("on",), name


def test_valkey_keeps_its_queue_over_a_restart(tree):
    with redis.Redis.from_url(tree.running.addresses["REDIS_URL"]) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_debug_is_off_and_the_secret_key_is_kept_for_its_owner_alone(tree):
    assert tree.environment["DEBUG"] == "0"
    key = tree.folder.path / "secret-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) >= 50
    assert tree.environment["SECRET_KEY"] == key.read_text()


def test_secrets_and_state_are_closed_to_others(tree):
    for name in ("running.json", "lock", "secret-key"):
        assert not stat.S_IMODE((tree.folder.path / name).stat().st_mode) & 0o077, name


def test_static_files_are_collected_and_served(tree):
    assert list((tree.folder.path / "static").rglob("*.css"))


def test_a_second_instance_on_the_same_data_gets_one_sentence(tree):
    second = up("--data", tree.folder.path, "--port", "0")
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (
        f"Cradle already runs on {tree.folder.path} at {tree.url} (process {tree.running.pid}). "
        "Stop it with Ctrl-C there, or choose another folder with --data.\n"
    )


def test_a_busy_port_gets_one_sentence_and_starts_nothing(open_folder):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        done = up("--data", open_folder / "data", "--port", port)
    assert done.returncode == 1
    assert done.stderr == f"Port {port} can't be used (address already in use); choose another with --port.\n"
    assert not (open_folder / "data" / "postgres").exists()


def test_manage_joins_the_running_servers(tree):
    done = manage(tree.folder.path, "shell", "--no-imports", "-c", JOINED)
    assert done.stdout.strip() == tree.running.addresses["DATABASE_URL"].rpartition("host=")[2]
    assert tree.process.poll() is None


JOINED = "from django.db import connection; print(connection.settings_dict['HOST'])"


def manage(folder, *arguments):
    command = [sys.executable, "-m", "devservices.manage", "--data", str(folder), *arguments]
    done = subprocess.run(command, env=own_environment(), cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("name", ["web", "PostgreSQL", "Valkey", "worker", "beat"])
def test_whoever_is_killed_comes_back(tree, name):
    killed = tree.running.children[name]
    with redis.Redis.from_url(tree.running.addresses["REDIS_URL"]) as client:
        client.set("kept", name)
        client.delete(*MARKS.values())
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: tree.running.children.get(name) not in (None, killed))
    pulse = Pulse(urlsplit(tree.url).port, tree.running.addresses["REDIS_URL"])
    assert wait_until(lambda: pulse.page_answers() and pulse.jobs_run(), 60)
    with redis.Redis.from_url(tree.running.addresses["REDIS_URL"]) as client:
        assert client.get("kept") == name.encode()


def test_a_child_that_keeps_dying_stops_everything_with_one_sentence(used):
    with Tree(used, "--empty", env={"CRADLE_RESTART_DELAY": "0.2"}) as tree:
        seen = set()

        def all_killed():
            state = tree.folder.running()
            beat = state and state.children.get("beat")
            if beat and beat not in seen:
                seen.add(beat)
                os.kill(beat, signal.SIGKILL)
            return tree.process.poll() is not None

        assert wait_until(all_killed, 60)
        assert tree.process.returncode == 1
        last = tree.output.strip().splitlines()[-1]
        assert last.startswith("beat keeps dying: 5 restarts did not help, the last time it was ended by SIGKILL.")
        assert len(seen) == 6
        assert processes_of(tree.folder.path) == {}


def test_half_a_demo_is_thrown_away_and_the_next_start_begins_anew(used):
    with Tree(used, "--empty") as tree, psycopg.connect(tree.running.addresses["DATABASE_URL"]) as database:
        database.execute("create table left_by_half_a_demo ()")
    (tree.folder.path / "demo-unfinished").touch()
    with tree:
        assert "Making the demo was interrupted the last time; it is made anew." in tree.output
        with psycopg.connect(tree.running.addresses["DATABASE_URL"]) as database:
            assert database.execute("select to_regclass('left_by_half_a_demo')").fetchone() == (None,)
    assert not (tree.folder.path / "demo-unfinished").exists()


def test_killing_the_supervisor_leaves_no_orphan_and_the_next_start_works(used):
    tree = Tree(used, "--empty")
    with tree:
        tree.process.kill()
        tree.process.wait()
        assert wait_until(lambda: not processes_of(tree.folder.path)), processes_of(tree.folder.path)
        tree.start()
        tree.wait()
        assert fetch(f"{tree.url}/readyz") == (200, "ready")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_while_starting_leaves_nothing_behind(open_folder, number):
    tree = Tree(open_folder / "data", "--empty")
    tree.folder.make()
    tree.start()
    assert wait_until(lambda: (tree.folder.path / "valkey").exists())
    assert tree.stop(number) == 0
    assert processes_of(tree.folder.path) == {}


@pytest.fixture
def own_servers():
    """Addresses of servers that somebody else started, with an empty database."""
    name = f"external_{os.getpid()}"
    with psycopg.connect(with_database(os.environ["DATABASE_URL"], "postgres"), autocommit=True) as server:
        server.execute(f"create database {name}")
        yield {
            "DATABASE_URL": with_database(os.environ["DATABASE_URL"], name),
            "REDIS_URL": with_number(os.environ["REDIS_URL"], 40),
        }
        server.execute(f"drop database {name} with (force)")


def test_with_servers_of_your_own_nothing_is_embedded(own_servers, open_folder):
    done = up("--data", open_folder / "data", "--once", "--empty", "--port", "0", env=own_servers)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Worker and beat answer after" in done.stdout
    assert not {"postgres", "valkey"} & {path.name for path in (open_folder / "data").iterdir()}
    with psycopg.connect(own_servers["DATABASE_URL"]) as connection:
        assert connection.execute("select count(*) > 0 from django_migrations").fetchone() == (True,)


@pytest.mark.parametrize(
    ("name", "address", "sentence"),
    [
        ("DATABASE_URL", "postgresql://postgres@/none?host=/nowhere", "The database of DATABASE_URL does not answer: "),
        ("REDIS_URL", "unix:///nowhere/valkey.sock?db=0", "The server of REDIS_URL does not answer: "),
    ],
)
def test_a_server_of_your_own_that_is_silent_is_named_in_one_sentence(
    own_servers, open_folder, name, address, sentence
):
    done = up("--data", open_folder / "data", "--port", "0", "--empty", env={**own_servers, name: address})
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith(sentence)
    assert processes_of(open_folder) == {}


def test_an_ordinary_user_starts_from_an_empty_folder_and_stops_when_all_have_answered(open_folder):
    home = owned_by_ordinary_user(open_folder / "home")
    done = up("--data", home / "data", "--once", "--empty", "--port", "0", env={"HOME": str(home)}, ordinary=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Cradle answers after" in done.stdout
    assert "Worker and beat answer after" in done.stdout
    assert processes_of(home) == {}


def test_a_folder_of_somebody_else_gets_one_sentence(open_folder):
    closed = open_folder / "closed"
    closed.mkdir(mode=0o500)
    done = up("--data", closed / "data", ordinary=True, env={"HOME": "/"})
    assert done.returncode == 1
    assert done.stderr.strip().endswith("Choose another folder with --data.")
    assert len(done.stderr.splitlines()) == 1


def test_a_start_notes_for_which_state_of_the_checkout_all_is_ready(used):
    assert (used / "prepared").read_text() == state_of_the_checkout()
    (used / "prepared").write_text("another state")
    done = up("--data", used, "--once", "--empty", "--port", "0")
    assert "Cradle answers" in done.stdout, done.stdout + done.stderr
    assert (used / "prepared").read_text() == state_of_the_checkout()
    again = up("--data", used, "--once", "--empty", "--port", "0")
    assert (again.returncode, again.stdout.count("Cradle answers")) == (0, 1), again.stdout + again.stderr
