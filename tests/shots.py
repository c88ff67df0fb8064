"""`./cradle shots [NAME …]`: every screen as a picture in build/shots: light and dark, 1440 and 390 px, full and empty.

A screen is one line in SCREENS. Addresses may hold {workspace}, {product} and {item}; `act` opens what a visit does
not show by itself. A page that does not answer 200 is named at the end, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from devservices.tree import Tree

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "build" / "shots"
TODAY = "2026-11-19"
THEMES = ("light", "dark")
SIZES: dict[str, dict[str, Any]] = {
    "": {"viewport": {"width": 1440, "height": 900}},
    ".mobile": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


@dataclass(frozen=True)
class Screen:
    """person: "owner", or "" for somebody signed out. empty: also worth a picture before there is anything."""

    name: str
    address: str
    person: str = "owner"
    empty: bool = False
    act: Callable[[Page], None] | None = None


def open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.locator("#palette [role=option]").first.wait_for()


def open_first_item(page: Page) -> None:
    page.locator("[data-row] a.t-title, tr a.t-title").first.click()
    page.locator("c-drawer").wait_for()


SCREENS = [
    Screen("sign-in", "/accounts/login/", person=""),
    Screen("password-reset", "/accounts/password/reset/", person=""),
    Screen("not-found", "/no/such/page/", person=""),
    Screen("styleguide", "/styleguide/", person=""),
    Screen("portfolio", "/w/{workspace}/", empty=True),
    Screen("product-overview", "/w/{workspace}/p/{product}/", empty=True),
    Screen("strategy", "/w/{workspace}/p/{product}/strategy/", empty=True),
    Screen("backlog", "/w/{workspace}/p/{product}/backlog/", empty=True),
    Screen("backlog-drawer", "/w/{workspace}/p/{product}/backlog/", act=open_first_item),
    Screen("backlog-palette", "/w/{workspace}/p/{product}/backlog/", act=open_palette),
    Screen("item-page", "/w/{workspace}/p/{product}/items/{item}/"),
    Screen("roadmap-timeline", "/w/{workspace}/p/{product}/roadmap/?layout=timeline", empty=True),
    Screen("roadmap-now-next-later", "/w/{workspace}/p/{product}/roadmap/?layout=nnl", empty=True),
    Screen("roadmap-statuses", "/w/{workspace}/p/{product}/roadmap/?layout=status", empty=True),
    Screen(
        "roadmap-releases",
        "/w/{workspace}/p/{product}/roadmap/?layout=release&shows=key,status,problem,demand,score,effort,lead",
        empty=True,
    ),
    Screen(
        "roadmap-list", "/w/{workspace}/p/{product}/roadmap/?layout=list&lanes=release&colours=objective", empty=True
    ),
    Screen("roadmaps", "/w/{workspace}/roadmaps/", empty=True),
    Screen("roadmap-kept", "/w/{workspace}/roadmaps/{roadmap}/"),
    Screen("roadmap-edit", "/w/{workspace}/roadmaps/{roadmap}/edit/"),
    Screen("portfolio-roadmap", "/w/{workspace}/roadmap/", empty=True),
    Screen("release-board", "/w/{workspace}/p/{product}/releases/", empty=True),
    Screen("release", "/w/{workspace}/p/{product}/releases/{release}/"),
    Screen("release-notes", "/w/{workspace}/p/{product}/releases/{release}/notes/"),
    Screen("changelog-settings", "/w/{workspace}/p/{product}/changelog/", empty=True),
    Screen("changelog", "/portal/{workspace}/changelog/{product}/", person=""),
    Screen("share", "/w/{workspace}/p/{product}/share/", empty=True),
    Screen("shared-roadmap", "/s/{share}/", person=""),
    Screen("import", "/w/{workspace}/p/{product}/import/"),
    Screen("lifecycle", "/w/{workspace}/lifecycle/", empty=True),
    Screen("gate-review", "/w/{workspace}/p/{gate_product}/gates/{gate}/"),
    Screen("inbox", "/w/{workspace}/feedback/", empty=True),
    Screen("customers", "/w/{workspace}/customers/", empty=True),
    Screen("ideas", "/w/{workspace}/portal/", empty=True),
    Screen("portal", "/portal/{workspace}/", person=""),
    Screen("insights", "/w/{workspace}/p/{product}/insights/", empty=True),
    Screen("usage-keys", "/w/{workspace}/p/{product}/insights/keys/", empty=True),
    Screen("usage-events", "/w/{workspace}/p/{product}/insights/events/", empty=True),
    Screen("notifications", "/w/{workspace}/notifications/", empty=True),
    Screen("lately", "/w/{workspace}/lately/", empty=True),
    Screen("first-run", "/w/{workspace}/welcome/", empty=True),
    Screen("notification-settings", "/w/{workspace}/settings/notifications/"),
    Screen("profile", "/w/{workspace}/settings/you/"),
    Screen("admin-members", "/w/{workspace}/settings/members/", empty=True),
    Screen("admin-workspace", "/w/{workspace}/settings/workspace/"),
    Screen("admin-tokens", "/w/{workspace}/settings/tokens/", empty=True),
    Screen("admin-security", "/w/{workspace}/settings/security/"),
    Screen("admin-jobs", "/w/{workspace}/settings/jobs/", empty=True),
]

# Run inside the installation: who signs in, and what the addresses name. Prints one line of JSON.
LOOK_AROUND = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from accounts.models import Member
from accounts.roles import Role
from django.db.models import Count
from lifecycle.models import Gate
from products.models import Product
from roadmap.models import Item, Release, Roadmap, ShareLink
owner = Member.objects.current().filter(role=Role.OWNER).order_by("pk").first()
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(owner.user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = owner.user.get_session_auth_hash()
session.create()
products = Product.objects.filter(workspace=owner.workspace)
product = products.annotate(size=Count("items")).order_by("-size", "pk").first()
item = Item.objects.filter(product=product).order_by("rank").first() if product else None
link = ShareLink.objects.public().filter(workspace=owner.workspace, password_hash="").first()
roadmap = Roadmap.objects.filter(workspace=owner.workspace, is_shared=True).order_by("pk").first()
release = Release.objects.filter(product=product).exclude(frozen_at=None).order_by("pk").first()
gates = Gate.objects.filter(product__in=products, decisions=None).annotate(size=Count("criteria"))
gate = gates.exclude(review_on=None).order_by("review_on").first() or gates.order_by("pk").first()
print("LOOK", json.dumps({"cookie": settings.SESSION_COOKIE_NAME, "session": session.session_key,
    "workspace": owner.workspace.slug, "product": product.key if product else "", "item": item.number if item else 0,
    "share": link.token if link else "", "roadmap": roadmap.public_id if roadmap else "", "release": release.public_id if release else "", "gate": gate.number if gate else 1, "gate_product": gate.product.key if gate else ""}))
"""
START_EMPTY = """
from accounts.models import Member, User, Workspace
from accounts.actors import Actor
from accounts.roles import Role
from products.models import Product
workspace = Workspace.found("Polarline", "polarline")
user = User.objects.create_user("alice@example.com", None, name="Alice Andersson")
member = Member.admit(user, workspace, Role.OWNER, by=Actor.system())
Product.introduce(workspace, "NEW", "New product", by=Actor.of(member))
"""


@dataclass
class Place:
    """A running installation, seen by its owner."""

    url: str
    facts: dict[str, Any]

    def address(self, screen: Screen) -> str:
        return self.url.rstrip("/") + screen.address.format(**self.facts)


def main() -> int:
    options = _options()
    wanted = [screen for screen in SCREENS if not options.names or screen.name in options.names]
    options.out.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    with _browser() as browser:
        for empty in options.states:
            with installation(empty=empty) as place:
                for screen in wanted:
                    if screen.empty or not empty:
                        failures += picture(browser, place, screen, options.out, ".empty" if empty else "")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def picture(browser: Browser, place: Place, screen: Screen, out: Path, state: str) -> list[str]:
    """The screen in both themes and sizes; returns a sentence for each page that did not answer."""
    failures = []
    for size, options in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(color_scheme=theme, reduced_motion="reduce", locale="en", **options)
            if screen.person:
                facts = place.facts
                context.add_cookies([{"name": facts["cookie"], "value": facts["session"], "url": place.url}])
            page = context.new_page()
            answer = page.goto(place.address(screen))
            if answer is None or answer.status >= 400 and screen.name != "not-found":
                failures.append(f"{screen.name}: {answer.status if answer else 'no answer'} at {page.url}")
            else:
                if screen.act:
                    screen.act(page)
                page.wait_for_timeout(250)  # fonts, and what a fragment still brings
                dark = ".dark" if theme == "dark" else ""
                page.screenshot(path=out / f"{screen.name}{state}{dark}{size}.png", full_page=bool(size))
            context.close()
            if failures:
                break
    print(f"{screen.name}{state}" + (" failed" if failures else ""), flush=True)
    return failures


@contextmanager
def installation(*, empty: bool) -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder:
        options = ["--empty"] if empty else ["--today", TODAY]
        with Tree(folder, *options) as tree:
            if empty:
                tree.manage("shell", "-c", START_EMPTY)
            said = tree.manage("shell", "-c", LOOK_AROUND)
            line = next(line for line in said.splitlines() if line.startswith("LOOK "))
            yield Place(tree.url, json.loads(line.removeprefix("LOOK ")))


@contextmanager
def _browser() -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CRADLE_CHROMIUM"],
            args=[*sandbox, "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./cradle shots", description="Take pictures of every screen.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these screens")
    parser.add_argument("--out", type=Path, default=PICTURES, help="where to (build/shots)")
    parser.add_argument("--full", dest="states", action="store_const", const=[False], help="only the demo workspace")
    parser.add_argument("--empty", dest="states", action="store_const", const=[True], help="only the empty workspace")
    parser.set_defaults(states=[False, True])
    options = parser.parse_args()
    known = {screen.name for screen in SCREENS}
    if unknown := set(options.names) - known:
        parser.error(f"There is no screen {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")
    return options


if __name__ == "__main__":
    sys.exit(main())
