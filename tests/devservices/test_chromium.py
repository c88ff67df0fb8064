"""Chromium is found, installed, or asked for in one sentence."""

import pytest

from devservices import chromium
from devservices.processes import ServiceError


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without any Chromium; returns what was attempted to get one."""
    attempts = []
    monkeypatch.delenv("CRADLE_CHROMIUM", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(chromium.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(chromium, "attempt", lambda command, env: attempts.append(command[:3]))
    return attempts


def working(tmp_path, name):
    program = tmp_path / name
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text("#!/bin/sh\necho Chromium 1\n")
    program.chmod(0o755)
    return str(program)


def test_one_on_the_path_is_taken(monkeypatch, tmp_path):
    monkeypatch.delenv("CRADLE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    program = working(tmp_path, "chromium-browser")
    assert chromium.find_or_install() == program


def test_one_that_does_not_start_is_passed_over(monkeypatch, tmp_path):
    (tmp_path / "chromium").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.delenv("CRADLE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    good = working(tmp_path, "google-chrome")
    assert chromium.find() == good


def test_the_one_that_playwright_installed_is_taken(bare, tmp_path):
    program = working(tmp_path, "chromium-1200/chrome-linux/chrome")
    assert chromium.find() == program


def test_root_installs_it_with_apt_and_then_falls_back_to_playwright(bare, monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    with pytest.raises(ServiceError):
        chromium.find_or_install()
    assert [command[1] for command in bare] == ["update", "install", "-m"]


def test_others_install_playwrights_own(bare, monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    with pytest.raises(ServiceError):
        chromium.find_or_install()
    assert [command[1:3] for command in bare] == [["-m", "playwright"]]


def test_where_none_can_be_had_one_sentence_says_what_to_install(bare):
    with pytest.raises(ServiceError) as error:
        chromium.find_or_install()
    assert str(error.value) == (
        "The browser tests need Chromium: install it (Debian: apt install chromium) and start again."
    )
