"""The Dockerfile, read by Docker's own parser, and what it copies."""

import os
from pathlib import PurePosixPath

import dockerfile
import pytest

from devservices.environment import ROOT

from .ignoring import is_ignored, locked

INSTRUCTIONS = {
    *("FROM", "RUN", "CMD", "LABEL", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT", "VOLUME", "USER", "WORKDIR", "ARG"),
    *("ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL"),
}


@pytest.fixture(scope="module")
def commands():
    return dockerfile.parse_file(str(ROOT / "Dockerfile"))


def named(commands, instruction):
    return [command for command in commands if command.cmd.upper() == instruction]


def test_every_instruction_is_known_and_a_base_comes_first(commands):
    assert {command.cmd.upper() for command in commands} <= INSTRUCTIONS
    assert commands[0].cmd.upper() == "FROM"


def test_it_runs_as_an_ordinary_user(commands):
    last_stage = commands[commands.index(named(commands, "FROM")[-1]) :]
    users = named(last_stage, "USER")
    assert users
    assert users[-1].value[0] not in ("root", "0")
    created = " ".join(command.value[0] for command in named(last_stage, "RUN"))
    assert f" {users[-1].value[0]} " in f"{created} "


def test_what_is_copied_is_there_and_not_ignored(commands):
    stages = {command.value[2] for command in named(commands, "FROM") if len(command.value) == 3}
    for command in named(commands, "COPY"):
        sources = command.value[:-1]
        origin = [flag.removeprefix("--from=") for flag in command.flags if flag.startswith("--from=")]
        if origin:
            assert origin[0] in stages
            continue
        for source in sources:
            assert (ROOT / source).exists(), source
            assert source == "." or not is_ignored(source), source


def test_the_entrypoint_is_a_program_in_the_image(commands):
    entrypoint = named(commands, "ENTRYPOINT")[-1]
    assert entrypoint.json
    program = entrypoint.value[0]
    assert not PurePosixPath(program).is_absolute()
    assert os.access(ROOT / program, os.X_OK)
    assert not is_ignored(program)


def test_commands_are_given_as_lists_so_that_signals_arrive(commands):
    for instruction in ("ENTRYPOINT", "CMD"):
        assert all(command.json for command in named(commands, instruction))


def test_libraries_are_installed_only_by_hash(commands):
    installing = [command.value[0] for command in named(commands, "RUN") if "pip install" in command.value[0]]
    assert installing
    assert all("--require-hashes" in line for line in installing)


@pytest.mark.parametrize("name", [".git/config", ".env", ".data/secret-key", ".venv/bin/python", "tests/cast.py"])
def test_secrets_and_ballast_stay_outside(name):
    assert is_ignored(name)


@pytest.mark.parametrize("name", ["manage.py", "config/settings.py", "requirements/base.txt", "deploy/entrypoint"])
def test_what_the_application_needs_gets_in(name):
    assert not is_ignored(name)


def test_the_locked_lists_agree_with_each_other():
    """What is tested must be what is shipped."""
    base, embedded, dev = locked("base"), locked("embedded"), locked("dev")
    assert base.items() <= embedded.items()
    assert embedded.items() <= dev.items()
