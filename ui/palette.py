"""The command palette: what is found comes from the apps, the way there from the shell.

palette.add(_("Items"), find_items, order=10)     # find_items(request, words) → list of Found, best first
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ui.shell import Shell

MOST = 6


@dataclass(frozen=True)
class Found:
    """A place or, with `click`, the selector of a button of the page."""

    label: Any
    url: str = ""
    icon: str = "arrow-right"
    meta: Any = ""
    click: str = ""


Finder = Callable[[HttpRequest, str], Sequence[Found]]


@dataclass(frozen=True)
class Group:
    label: Any
    find: Finder
    order: int


groups: list[Group] = []


def add(label: Any, find: Finder, order: int = 50) -> None:
    groups.append(Group(label, find, order))


def search(request: HttpRequest, words: str) -> list[tuple[Any, Sequence[Found]]]:
    """The groups that found something. Apps search from two letters on; places are listed at once."""
    answers = []
    for group in sorted(groups, key=lambda group: group.order):
        if len(words) >= 2 or group.find is places:
            answers.append((group.label, list(group.find(request, words))[:MOST]))
    return [answer for answer in answers if answer[1]]


def places(request: HttpRequest, words: str) -> list[Found]:
    """Pages of the sidebar and products, by the beginning of any of their words."""
    shell = Shell.of(request)
    links = [*shell.product_places, *shell.places, *shell.settings]
    found = [
        Found(link.entry.label, link.url, link.entry.icon or "arrow-right", link.entry.keys.upper()) for link in links
    ]
    found += [Found(product.name, product.url, "compass", product.key) for product in shell.products]
    return [one for one in found if _matches(str(one.label), words)]


def _matches(label: str, words: str) -> bool:
    beginnings = label.lower().split()
    return all(any(start.startswith(word) for start in beginnings) for word in words.lower().split())


def commands(request: HttpRequest, words: str) -> Iterable[Found]:
    theme = Found(_("Switch theme"), icon="sun-moon", click="c-theme button")
    keys = Found(_("Keyboard shortcuts"), icon="keyboard", click="[data-dialog=shortcuts]", meta="?")
    return [one for one in (theme, keys) if _matches(str(one.label), words)]


add(_("Go to"), places, order=80)
add(_("Actions"), commands, order=90)
