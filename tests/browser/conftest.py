"""A real Chromium against a real uvicorn. Every test here fails on a CSP violation, a script error or a 5xx.

`page` is signed out. `sign_in(page, member)` signs it in. `open_page(member)` gives a second person a browser of
their own. `server.url` is the origin. Mark tests with @pytest.mark.browser and use `expect`, which waits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Member
from tests.browser.server import Server
from tests.browser.walk import visits, walk  # noqa: F401 - fixtures
from tests.browser.watch import Watch

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's sync API runs an event loop in this thread

QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
PATIENCE = 30_000  # milliseconds: a machine may have other things to do
expect.set_options(timeout=PATIENCE / 2)
DESKTOP = {"width": 1440, "height": 900}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "args": [*browser_type_launch_args.get("args", []), *QUIET]}


@pytest.fixture(scope="session")
def uvicorn_server(django_db_setup: None) -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(uvicorn_server: Server, transactional_db: None) -> Iterator[Server]:
    """The running application; what the test writes is committed, so it sees it. The tables are emptied once it has nothing to do."""
    yield uvicorn_server
    uvicorn_server.settle()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert not watching.findings, "\n".join(watching.findings)


@pytest.fixture
def new_page(browser: Browser, server: Server, watch: Watch) -> Iterator[Callable[..., Page]]:
    """new_page(**options) → a page in a browser profile of its own, 1440 px wide unless told otherwise."""
    contexts: list[BrowserContext] = []

    def open_it(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": server.url, "viewport": DESKTOP, "locale": "en", **options})
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    return new_page(**PHONE)


@pytest.fixture
def sign_in(server: Server) -> Callable[[Page, Member], Page]:
    """sign_in(page, cast.mona) → the same page, signed in."""

    def sign(page: Page, member: Member) -> Page:
        client = Client()
        client.force_login(member.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
        return page

    return sign


@pytest.fixture
def open_page(new_page: Callable[..., Page], sign_in: Callable[[Page, Member], Page]) -> Callable[..., Page]:
    """open_page(cast.bob) → Bob's own browser, signed in; for tests with two people."""

    def open_it(member: Member, **options: Any) -> Page:
        return sign_in(new_page(**options), member)

    return open_it
