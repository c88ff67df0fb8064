"""Holes that can be seen in the code and the tables themselves."""

from __future__ import annotations

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models

from tests.access.holes import APPS


def ours() -> list[Path]:
    return [path for app in APPS for path in (Path(settings.ROOT) / app).rglob("*.py")]


def test_nothing_here_calls_addresses_that_people_give():
    """The day somebody adds a webhook or an import by URL, it needs a guard against inner addresses: then change this."""
    clients = {"urllib.request", "http.client", "requests", "httpx", "urllib3", "aiohttp", "socket"}
    found = set()
    for path in ours():
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {f"{path}: {name}" for name in names if name in clients}
    assert found == set()


def test_constraints_bind_on_rows_without_a_value_too():
    """NULLs count as different: a constraint over a column that may be NULL says what it means for those rows."""
    loose = []
    for model in apps.get_models():
        if model._meta.app_label not in APPS:
            continue
        for one in model._meta.constraints:
            if isinstance(one, models.UniqueConstraint) and one.condition is None and one.nulls_distinct is None:
                fields = [model._meta.get_field(name) for name in one.fields]
                loose += [one.name for field in fields if field.null]
    assert set(loose) == {
        "ingest_batch_is_taken_once",  # batches without a key are many, and all distinct
        "one_subscription_to_a_link",  # another constraint holds that a row has a link,
        "one_following_of_a_roadmap",  # or a roadmap and a member
    }
