"""Every URL of the project, flattened from the URLconf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

#: Not ours: their own tests guard them.
FOREIGN_VIEWS = ("allauth.", "django.contrib.")


@dataclass(frozen=True)
class Url:
    name: str
    route: str
    callback: Any

    @property
    def arguments(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route) + re.findall(r"\(\?P<(\w+)>", self.route)

    def path(self, values: dict[str, Any]) -> str:
        path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", lambda match: str(values[match[1]]), self.route)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), path)
        return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".").replace("/?", "/")

    @property
    def viewset(self) -> Any:
        return getattr(self.callback, "cls", None) if getattr(self.callback, "actions", None) else None

    @property
    def guard(self) -> Any:
        """The role, "public" or "signed in" of a page; None where nobody has decided."""
        return getattr(self.callback, "access", None)


def all_urls(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[Url]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from all_urls(pattern, route, inner)
        elif (
            isinstance(pattern, URLPattern)
            and not pattern.callback.__module__.startswith(FOREIGN_VIEWS)
            and "format" not in route
        ):
            yield Url(f"{space}{pattern.name}", route, pattern.callback)
