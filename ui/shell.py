"""What stands around a page: sidebar, tab bar, settings menu. Apps fill it in `AppConfig.ready()`.

    shell.add(Entry("backlog", _("Backlog"), "roadmap:backlog", section="product", order=30, keys="g b"))
    shell.list_products(provider)      # request → the products this member sees, in one query

An entry whose URL name is unknown is left out, so that an app can be switched off. All counts of a page, those of its
tabs too, are asked in one statement (ui/counts.py), or come with the one that reads the page (`ask_along`). Otherwise nothing
is asked before a template draws the shell, so fragments pay nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

from ui.counts import Asks, Numbers
from ui.pages import wants_fragment


@dataclass(frozen=True, eq=False)
class Entry:
    """A place to go. section: workspace, product, shared, settings, bell, action. `count` returns the statement
    (SQL, values) whose rows are counted; see accounts/prepared.py.

    `also` names path segments below the workspace or product that light this entry too (("items",) for the backlog);
    `most`: the statement gives no more rows than this; so many are shown as “999+”.
    `exact` entries are lit by their own address only. `tab` puts it into the phone's tab bar.
    """

    key: str
    label: Any
    url_name: str
    icon: str = ""
    section: str = "workspace"
    group: Any = ""
    order: int = 100
    keys: str = ""
    also: tuple[str, ...] = ()
    exact: bool = False
    tab: bool = False
    new: bool = False
    shows: Callable[[HttpRequest], bool] = lambda request: True
    most: int = 0
    count: Callable[[HttpRequest], tuple[str, list[Any]]] | None = None

    @property
    def path(self) -> str:
        return f"{self.section}:{self.key}"


@dataclass(frozen=True)
class ProductLink:
    """A product in the sidebar. A concept is one that has not reached Development."""

    key: str
    name: str
    stage: str
    url: str
    concept: bool = False


@dataclass
class Link:
    entry: Entry
    url: str
    current: bool = False
    count: int | None = None


@dataclass
class Registry:
    entries: dict[str, Entry] = field(default_factory=dict)
    products: Callable[[HttpRequest], Sequence[ProductLink]] | None = None
    workspaces: Callable[[HttpRequest], Sequence[Any]] | None = None

    @cached_property
    def in_order(self) -> list[Entry]:
        return sorted(self.entries.values(), key=lambda entry: entry.order)


registry = Registry()


def add(*entries: Entry) -> None:
    for entry in entries:
        registry.entries[entry.path] = entry
    registry.__dict__.pop("in_order", None)


def list_products(provider: Callable[[HttpRequest], Sequence[ProductLink]]) -> None:
    registry.products = provider


def list_workspaces(provider: Callable[[HttpRequest], Sequence[Any]]) -> None:
    """The workspaces this person may switch to, as objects with name and url."""
    registry.workspaces = provider


class Shell:
    """The frame of one page for one member. Everything is asked on first use."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.member = getattr(request, "member", None)
        self.workspace = getattr(request, "workspace", None)
        self.product = getattr(request, "product", None)

    @classmethod
    def of(cls, request: HttpRequest) -> Shell:
        """That of the page that answers this request."""
        shell: Shell | None = getattr(request, "shell", None)
        if shell is None:
            shell = request.shell = cls(request)  # type: ignore[attr-defined]
        return shell

    def ask_along(self, together: Asks) -> None:
        """Have the numbers of a whole page's frame answered by the statement that reads the page."""
        if self.member is not None and not wants_fragment(self.request):
            self._numbers  # noqa: B018 - asked for now, so that they are among those that come along
            Numbers.of(self.request).ask_along(together)

    @cached_property
    def products(self) -> list[ProductLink]:
        if self.member is None or registry.products is None:
            return []
        return list(registry.products(self.request))

    @cached_property
    def grown(self) -> list[ProductLink]:
        return [link for link in self.products if not link.concept]

    @cached_property
    def concepts(self) -> list[ProductLink]:
        return [link for link in self.products if link.concept]

    @cached_property
    def workspaces(self) -> list[Any]:
        return list(registry.workspaces(self.request)) if self.member is not None and registry.workspaces else []

    @cached_property
    def places(self) -> list[Link]:
        return self._section("workspace")

    @cached_property
    def product_places(self) -> list[Link]:
        return self._section("product")

    @cached_property
    def public_places(self) -> list[Link]:
        return self._section("shared")

    @cached_property
    def settings(self) -> list[Link]:
        return self._section("settings")

    @cached_property
    def bell(self) -> Link | None:
        return next(iter(self._section("bell")), None)

    @cached_property
    def tabs(self) -> list[Link]:
        """At most four of the phone's five thumb-reach destinations; the fifth is More."""
        places = [link for link in [*self.places, *self.product_places] if link.entry.tab]
        return sorted(places, key=lambda link: link.entry.order)[:4]

    @property
    def made_of(self) -> tuple[Hashable, ...]:
        """All that decides about the lists of the sidebar, for `{% kept %}`."""
        links = tuple([(one.entry, one.url, one.current, one.count) for one in self._links])
        return self.member is None, getattr(self.product, "key", None), links, tuple(self.products)

    @property
    def new_product_url(self) -> str:
        return self.url_of("action:new_product")

    def url_of(self, key: str) -> str:
        """The address of `section:key`, or "" if this page does not offer it."""
        return next((link.url for link in self._links if link.entry.path == key), "")

    def _section(self, name: str) -> list[Link]:
        return [link for link in self._links if link.entry.section == name]

    @cached_property
    def _links(self) -> list[Link]:
        urlconf = get_urlconf() or settings.ROOT_URLCONF
        links = [link for entry in self._wanted if (link := self._link(entry, urlconf)) is not None]
        if self.member is not None:
            self._count(links)
        self._light(links)
        return links

    @cached_property
    def _wanted(self) -> list[Entry]:
        if self.workspace is None:
            return []
        return [
            entry
            for entry in registry.in_order
            if (entry.section != "product" or self.product is not None) and entry.shows(self.request)
        ]

    def _link(self, entry: Entry, urlconf: str) -> Link | None:
        args = (self.workspace.slug,)  # type: ignore[union-attr]
        if entry.section == "product":
            args = (*args, self.product.key)  # type: ignore[union-attr]
        url = _address(entry.url_name, args, urlconf)
        return Link(entry, url) if url else None

    def _light(self, links: list[Link]) -> None:
        """Marks the entry with the longest address that this page lies below."""
        chosen = getattr(self.request, "nav", None)
        if chosen:
            for link in links:
                link.current = link.entry.key == chosen
            return
        best, reach, path = None, 0, self.request.path
        for link in links:
            for prefix in (link.url, *(link.url.rsplit("/", 2)[0] + f"/{also}/" for also in link.entry.also)):
                if (path == prefix if link.entry.exact else path.startswith(prefix)) and len(prefix) > reach:
                    best, reach = link, len(prefix)
        if best is not None:
            best.current = True

    def _count(self, links: list[Link]) -> None:
        for link in links:
            if link.entry.path in self._numbers:
                link.count = self._numbers[link.entry.path]()

    @cached_property
    def _numbers(self) -> dict[str, Callable[[], int]]:
        later = Numbers.of(self.request).later
        return {one.path: later(*one.count(self.request)) for one in self._wanted if one.count is not None}


@lru_cache(maxsize=4096)
def _address(url_name: str, args: tuple[str, ...], urlconf: str | None) -> str:
    """Addresses do not change while the process runs; twenty of them stand on every page. "" for an unknown name."""
    try:
        return reverse(url_name, urlconf=urlconf, args=args)
    except NoReverseMatch:
        return ""
