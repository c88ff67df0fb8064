"""What every process of an installation finds in its environment: like production, never like development."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from .data_folder import DataFolder

ROOT = Path(__file__).resolve().parent.parent


def environment(
    folder: DataFolder, addresses: Mapping[str, str], url: str, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The caller's own settings (SECRET_KEY, BASE_URL, EMAIL_URL, …) win; DEBUG alone is always off."""
    base_url = environ.get("BASE_URL") or url
    return {
        "SECRET_KEY": folder.secret_key(),
        "PYTHONUNBUFFERED": "1",
        **environ,
        **addresses,
        "BASE_URL": base_url,
        "CRADLE_DATA": str(folder.path),
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), without_root(environ.get("PYTHONPATH", ""))])),
    }


def without_root(path: str) -> str:
    return os.pathsep.join(part for part in path.split(os.pathsep) if part and part != str(ROOT))


def state_of_the_checkout() -> str:
    """Changes with every file that decides about tables, static files and libraries."""
    digest = sha256()
    for pattern in ("*/migrations/*", "*/*.sql", "static/**/*", "requirements/*.txt", "config/settings.py"):
        for path in sorted(ROOT.glob(pattern)):
            stat = path.stat()
            if path.is_file():
                digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()
