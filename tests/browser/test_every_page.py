"""The look holds on every page there is: found from the URLconf, filled from tests/access, so that a new page is in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import Member
from tests.access.world import World, build_world
from tests.browser.looks import (
    assert_axe_clean,
    assert_no_sideways_scroll,
    assert_nothing_clipped,
    assert_touch_targets,
)
from tests.browser.pseudo import pseudo_locale
from tests.urlconf import all_urls

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

COLOURS = ["color-contrast", "link-in-text-block"]
OPEN_MENUS = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
DIALOGS = "[...document.querySelectorAll('dialog[id]')].map((one) => one.id)"
NOT_OURS = {"docs"}  # Swagger UI; test_api_docs_run_under_the_policy
ON_EVERY_PAGE = {"palette", "shortcuts"}  # looked at once, on the styleguide and in test_people.py


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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_with_its_menus_and_dialogs_open(walk, theme: str):
    rules = COLOURS if theme == "dark" else None  # the rest of axe's rules does not see colours

    def check(page: Page) -> None:
        page.evaluate(OPEN_MENUS)
        assert_axe_clean(page, rules=rules)
        for dialog in set(page.evaluate(DIALOGS)) - ON_EVERY_PAGE:
            page.evaluate("(id) => document.getElementById(id).showModal()", dialog)
            assert_axe_clean(page, rules=rules)
            page.evaluate("(id) => document.getElementById(id).close()", dialog)

    walk(check, color_scheme=theme, reduced_motion="reduce")


def test_every_page_fits_a_phone_even_with_words_a_third_longer(walk):
    """At 390 px for thumbs, at 320 px as WCAG 1.4.10 asks of a page at 400 %."""

    def check(page: Page) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        assert_no_sideways_scroll(page)
        assert_touch_targets(page)
        assert_nothing_clipped(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert_no_sideways_scroll(page)

    with pseudo_locale():
        walk(check, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def test_every_page_has_room_for_words_a_third_longer(walk):
    def check(page: Page) -> None:
        assert_no_sideways_scroll(page)
        assert_nothing_clipped(page)

    with pseudo_locale():
        walk(check)


def test_the_documentation_of_the_api_runs_under_the_policy(page: Page):
    page.goto("/api/docs/")
    expect(page.get_by_role("heading", name="Cradle").first).to_be_visible()
    expect(page.locator(".opblock").first).to_be_visible()
