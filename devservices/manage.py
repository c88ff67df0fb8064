"""`./cradle manage …`: manage.py against the running servers, or against servers started for that one command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from . import programs
from .backing import Backing
from .data_folder import DataFolder, Running
from .environment import ROOT, environment
from .lock import AlreadyLocked
from .processes import ServiceError, run_to_end
from .supervisor import Supervisor
from .terminal import complain

URL = "http://localhost:8000"
# These look at the tables as they are, or decide about them themselves.
AS_THEY_ARE = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "check", "help", "dbshell"}
# These hand work to the worker and wait for it.
WITH_WORKER = {"import_backlog", "demo"}


def main() -> int:
    folder, arguments = folder_and_arguments(sys.argv[1:])
    try:
        folder.make()
        return join_or_start(folder, arguments)
    except AlreadyLocked as error:
        complain(f"{folder.path} is in use by process {error.pid or 'unknown'}; wait until it has started or ended.")
    except ServiceError as error:
        complain(str(error))
    except PermissionError as error:
        complain(f"{error.filename} can't be used by you ({error.strerror}). Choose another folder with --data.")
    return 1


def folder_and_arguments(arguments: list[str]) -> tuple[DataFolder, list[str]]:
    """`--data DIR` may come before the command's name; what follows belongs to the command."""
    if arguments[:1] == ["--data"] and len(arguments) > 1:
        return DataFolder(arguments[1]), arguments[2:]
    if arguments and arguments[0].startswith("--data="):
        return DataFolder(arguments[0].removeprefix("--data=")), arguments[1:]
    return DataFolder(), arguments


def join_or_start(folder: DataFolder, arguments: list[str]) -> int:
    with folder.joined() as running:
        if running:
            return run(arguments, environment(folder, running.addresses, running.url or URL))
    try:
        held = folder.lock()
    except AlreadyLocked:
        if folder.running():  # another command was a moment faster
            return join_or_start(folder, arguments)
        raise
    try:
        return with_own_servers(folder, arguments)
    finally:
        os.close(held)


def with_own_servers(folder: DataFolder, arguments: list[str]) -> int:
    backing = Backing(folder)
    supervisor = Supervisor(say=complain)
    try:
        folder.end_leftovers()
        env = environment(folder, backing.addresses(), URL)
        backing.start()
        backing.wait()
        bring_tables_up_to_date(arguments, env)
        folder.write_running(Running(os.getpid(), "manage", backing.addresses()))
        if WITH_WORKER.intersection(arguments[:1]):
            supervisor.add(programs.worker(env))
        code = run(arguments, env)
        with folder.without_guests():
            folder.forget_running()
        return code
    finally:
        folder.forget_running()
        supervisor.stop()
        backing.stop()


def bring_tables_up_to_date(arguments: list[str], env: Mapping[str, str]) -> None:
    if not arguments or arguments[0] in AS_THEY_ARE:
        return
    prepare = [sys.executable, "-m", "devservices.prepare", "--only-tables"]
    if subprocess.run(prepare, env=env, check=False).returncode:
        raise ServiceError("The tables could not be brought up to date; the message above says why.")


def run(arguments: list[str], env: Mapping[str, str]) -> int:
    """Ctrl-C goes to the command (it shares our terminal); we stay to stop the servers after it."""
    return run_to_end([sys.executable, str(ROOT / "manage.py"), *arguments], env=env)


if __name__ == "__main__":
    sys.exit(main())
