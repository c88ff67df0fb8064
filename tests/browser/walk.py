"""Every page there is, one after another: found from the URLconf, filled from tests/access, so that a new page is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts.models import Member
from tests.access.world import World, build_world
from tests.urlconf import all_urls

NOT_OURS = {"docs"}  # Swagger UI; test_the_documentation_of_the_api_runs_under_the_policy


@dataclass(frozen=True)
class Visit:
    name: str
    path: str
    member: Member | None


@pytest.fixture
def visits(server) -> list[Visit]:
    """Every address that answers a plain GET with a page, by whom it answers."""
    world = build_world()
    return [
        visit
        for url in all_urls()
        if url.viewset is None and url.name not in NOT_OURS and (visit := visit_of(world, url)) is not None
    ]


def visit_of(world: World, url) -> Visit | None:
    try:
        path = url.path(world.arguments_of(url.name, url.arguments))
    except KeyError:
        return None  # test_crawl.py names what nobody provides
    for member in (None,) if url.guard == "public" else (world.cast.alice, world.cast.mona):
        client = Client()
        if member is not None:
            client.force_login(member.user)
        answer = client.get(path)
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code == 200 and kind.startswith("text/html") and b"<html" in b"".join(answer)[:4000].lower():
            return Visit(url.name, path, member)
    return None


@pytest.fixture
def walk(visits: list[Visit], new_page, sign_in) -> Callable[..., None]:
    """walk(check, **options) → every page in a browser of its visitor, all failures together."""

    def go(check: Callable[[Page], None], **options) -> None:
        assert len(visits) > 10, "the walk found no pages"
        pages: dict[int, Page] = {}
        failures = []
        for visit in visits:
            key = visit.member.pk if visit.member else 0
            if key not in pages:
                pages[key] = new_page(**options)
                if visit.member:
                    sign_in(pages[key], visit.member)
            page = pages[key]
            page.goto(visit.path)
            try:
                check(page)
            except AssertionError as failure:
                failures.append(f"── {visit.name}\n{failure}")
        assert not failures, f"{len(failures)} of {len(visits)} pages\n" + "\n".join(failures)

    return go
